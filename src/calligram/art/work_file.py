"""The file of a piece of work: read, and written whole with each event, with other writers noticed."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from calligram.art.work import YOU, Event, Work, read_work
from calligram.errors import InputError, LimitError, OutputError
from calligram.whole_files import writing_whole

ENDING = ".calligram.json"
USUAL = f"work{ENDING}"
MOST_BYTES = 512_000_000
WAIT_S = 10.0
"""So long a writer waits for another one, who needs some milliseconds."""

Entry = tuple[str, Mapping[str, Any], str]
"""An event to be: kind, what belongs to it, and by whom."""


@dataclass(frozen=True)
class Added:
    """A work after events were added.

    Args:
        work: as it is in the file now.
        events: those that were added.
        arrived: those that another writer added since this one read the file last.
    """

    work: Work
    events: tuple[Event, ...]
    arrived: tuple[Event, ...] = ()


def place_of(work: str | os.PathLike[str]) -> Path:
    """Return the file that a work's name stands for.

    A name that ends in ``.json`` is the file itself, a folder holds ``work.calligram.json``, and any other
    name gets the ending ``.calligram.json``.

    >>> place_of("pond").name
    'pond.calligram.json'
    """
    path = Path(work)
    if path.is_dir():
        return path / USUAL
    return path if path.suffix == ".json" else path.with_name(path.name + ENDING)


def load_work(path: str | os.PathLike[str]) -> Work:
    """Return the work in a file.

    Raises:
        InputError: there is no such file, or it cannot be read.
        FormatError: it is no work.
        LimitError: it is too large.
    """
    place = place_of(path)
    try:
        if place.stat().st_size > MOST_BYTES:
            raise LimitError(f"{str(place)!r} has over {MOST_BYTES:,} bytes: it is no piece of work")
        content = place.read_bytes()
    except FileNotFoundError as fault:
        raise InputError(
            f"there is no piece of work {str(place)!r}: make it with calligram assist new"
        ) from fault
    except OSError as fault:
        raise InputError(f"{str(place)!r} cannot be read ({fault.strerror}): check the path") from fault
    return read_work(content, repr(str(place)))


def make_work(path: str | os.PathLike[str], brief: str, title: str = "", by: str = YOU) -> Added:
    """Make the file of a new work with its brief.

    Raises:
        InputError: the brief is empty.
        OutputError: something is there already, or the file cannot be written.
    """
    place = place_of(path)
    if not brief.strip():
        raise InputError("the brief is empty: say in a sentence what the work is to be, with --brief")
    with _alone(place):
        if place.exists():
            raise OutputError(f"{str(place)!r} is there already: go on with it, or name another file")
        told = {"text": brief.strip(), **({"title": title.strip()} if title.strip() else {})}
        work = Work().add("brief", told, _now(), by)
        _write(place, work)
    return Added(work, work.events)


def add_events(
    path: str | os.PathLike[str],
    entries: Sequence[Entry] | Callable[[Work], Sequence[Entry]],
    things: Mapping[str, Mapping[str, Any]] | None = None,
    known: int | None = None,
) -> Added:
    """Add events to the work in a file, behind whatever another writer has added meanwhile.

    Args:
        path: the file.
        entries: the events, or what makes them from the work as it is while no other writer can change it.
        things: images and texts that they speak of.
        known: how many events the file had when it was read last; None does not look for other writers.

    Raises:
        InputError: there is no such file.
        FormatError: it is no work.
        OutputError: it cannot be written; it is as it was before.
    """
    place = place_of(path)
    with _alone(place):
        before = load_work(place)
        work = replace(before, things={**before.things, **(things or {})})
        for kind, told, by in entries(before) if callable(entries) else entries:
            work = work.add(kind, told, _now(), by)
        _write(place, work)
    first = len(before.events)
    arrived = before.events[known:] if known is not None else ()
    return Added(work, work.events[first:], arrived)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write(place: Path, work: Work) -> None:
    """Write a work whole, and return once it has reached the disk."""
    if not place.parent.is_dir():
        raise OutputError(f"there is no folder {str(place.parent)!r}: make it, or name another place")
    with writing_whole(place) as stream:
        stream.write(work.to_bytes())
        stream.flush()
        os.fsync(stream.fileno())
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    """Make the file's new name reach the disk too, where the system can do that for a folder."""
    with suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Keep other writers of a folder out, where the system knows locks; no file of it is left behind."""
    try:
        import fcntl

        handle = os.open(place.parent, os.O_RDONLY)
    except (ImportError, OSError):
        # without locks, or without the folder, which writing will say
        yield
        return
    try:
        until = time.monotonic() + WAIT_S
        while not _locks(fcntl, handle):
            if time.monotonic() > until:
                raise OutputError(
                    f"{str(place)!r} has been held by another program for {WAIT_S:g} s: "
                    "stop that, or try again later"
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _locks(fcntl: Any, handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True
