"""The history of ideas: one line of JSON for each set and each undo, added at the end and never changed.

A set's number is its place among the sets of the file, so it needs no counter that two programs could
disagree on. Undo marks a set; redo takes the mark away; neither takes anything out of the file.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any, Literal

from calligram.art.ideas import IdeaSet
from calligram.art.ideas_options import IdeasOptions
from calligram.art.ideas_wish import IdeaWish
from calligram.errors import InputError, OutputError

PLACE = Path(".calligram") / "ideas.jsonl"
"""Where a project's history is, below its folder."""


@dataclass(frozen=True)
class KeptSet:
    """One set as the history keeps it.

    Args:
        number: its place among the sets, from 1.
        at: when, in UTC, as ``2026-11-27T02:00:00+00:00``.
        undone: whether it is marked as undone.
        told: its line of the file.
    """

    number: int
    at: str
    undone: bool
    told: Mapping[str, Any]

    @property
    def wish(self) -> IdeaWish:
        """What was asked for."""
        return IdeaWish(**_known(IdeaWish, self.told.get("wish", {})))

    @property
    def options(self) -> IdeasOptions:
        """How it was asked for."""
        return IdeasOptions(**_known(IdeasOptions, self.told.get("options", {})))

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompts, in order."""
        return tuple(idea["prompt"] for idea in self.told["ideas"])


@dataclass(frozen=True)
class History:
    """All sets of a file.

    Args:
        sets: them, oldest first.
        damaged: numbers of the lines that could not be read, from 1; a program that was killed leaves one.
    """

    sets: tuple[KeptSet, ...]
    damaged: tuple[int, ...] = ()

    def get(self, number: int) -> KeptSet:
        """Return a set by its number.

        Raises:
            InputError: there is no such set.
        """
        if not 1 <= number <= len(self.sets):
            known = f"there are 1 to {len(self.sets)}" if self.sets else "it is empty"
            raise InputError(f"the history has no set {number}: {known}, see calligram ideas --list")
        return self.sets[number - 1]


def read_history(path: str | os.PathLike[str]) -> History:
    """Return the history of a file; a file that is not there yet is an empty one.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        return History(())
    except OSError as fault:
        raise InputError(
            f"the history {os.fspath(path)!r} cannot be read ({fault.strerror}): check the path"
        ) from fault
    sets: list[tuple[str, Mapping[str, Any]]] = []
    marks: dict[int, bool] = {}
    damaged = []
    for number, line in enumerate(content.split(b"\n"), 1):
        event = _event(line)
        if event is None and line.strip():
            damaged.append(number)
        elif event and event["event"] == "ideas":
            sets.append((str(event.get("at", "")), event))
        elif event:
            marks[int(event["set"])] = event["event"] == "undo"
    kept = (KeptSet(number, at, marks.get(number, False), told) for number, (at, told) in enumerate(sets, 1))
    return History(tuple(kept), tuple(damaged))


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
        good = told["event"] in ("undo", "redo") and isinstance(told["set"], int)
        good = good or (told["event"] == "ideas" and all("prompt" in idea for idea in told["ideas"]))
    except (ValueError, KeyError, TypeError):
        return None
    return told if good else None


def keep(path: str | os.PathLike[str], found: IdeaSet) -> int:
    """Add a set to a history, and return its number.

    Raises:
        OutputError: it cannot be written.
    """
    told = {
        "wish": asdict(found.wish),
        "options": asdict(found.options),
        "lists": found.lists,
        "reasons": list(found.reasons),
        "figures": dict(found.figures),
        "ideas": [idea.to_json() for idea in found.ideas],
    }
    _append(Path(path), "ideas", told)
    return len(read_history(path).sets)


def mark(path: str | os.PathLike[str], event: Literal["undo", "redo"], number: int | None = None) -> KeptSet:
    """Mark a set as undone, or take the mark away, and return the set; nothing is taken out of the file.

    Args:
        path: the history.
        event: which of the two.
        number: the set; without it, undo takes the last that is not undone, redo the last undone.

    Raises:
        InputError: there is no such set.
        OutputError: the file cannot be written.
    """
    history = read_history(path)
    open_sets = [kept for kept in history.sets if kept.undone == (event == "redo")]
    if number is None and not open_sets:
        raise InputError(f"there is nothing to {event} in {os.fspath(path)!r}: see calligram ideas --list")
    kept = history.get(number) if number is not None else open_sets[-1]
    _append(Path(path), event, {"set": kept.number})
    return kept


def check_history(path: str | os.PathLike[str]) -> None:
    """Raise OutputError where a history plainly cannot be added to, before any work is done for it."""
    place = Path(path)
    there = next((one for one in (place, *place.parents) if one.exists()), Path())
    if (there == place) == there.is_dir() or not os.access(there, os.W_OK):
        raise _unwritable(place, f"{str(there)!r} is no {'file' if there == place else 'folder'} to write to")


def _unwritable(path: Path, reason: str) -> OutputError:
    return OutputError(
        f"the history {str(path)!r} cannot be written ({reason}): "
        "name another file with --history, or keep none with --no-keep"
    )


def _append(path: Path, event: str, told: Mapping[str, Any]) -> None:
    """Add one line in a single write that has reached the disk; a torn line before it is closed first."""
    from calligram import __version__

    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"event": event, "at": at, "calligram": __version__, **told}, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+", buffering=0) as stream:
            _hold(stream)
            torn = b"\n" if _is_torn(stream) else b""
            _write(stream, torn + line.encode("utf-8", "surrogatepass") + b"\n")
    except OSError as fault:
        raise _unwritable(path, fault.strerror or str(fault)) from fault


def _hold(stream: FileIO) -> None:
    """Keep other writers out until the file is closed, where the system knows locks."""
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX)


def _write(stream: FileIO, content: bytes) -> None:
    """Add to the end of a file until it has reached the disk, or cut the file back to what it was.

    Raises:
        OSError: it cannot be written.
    """
    size = stream.seek(0, os.SEEK_END)
    try:
        if stream.write(content) != len(content):
            raise OSError("the disk is full")
        os.fsync(stream.fileno())
    except OSError:
        with suppress(OSError):
            stream.truncate(size)
        raise


def _is_torn(stream: FileIO) -> bool:
    size = stream.seek(0, os.SEEK_END)
    if not size:
        return False
    stream.seek(size - 1)
    return bool(stream.read(1) != b"\n")


def _known(kind: type, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of fields that a class has today."""
    return dict(_pairs({field.name for field in fields(kind)}, told))


def _pairs(names: set[str], told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in told.items() if name in names)
