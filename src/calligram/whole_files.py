"""Files and folders that appear whole or not at all: written beside their place, then moved there."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from calligram.errors import OutputError

LONGEST_NAME = 80
"""So much of a file's name stands in the name of what is written beside it, which a system may limit."""


@contextmanager
def writing_whole(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Give a stream whose file appears when the block ends well; a fault leaves what was there before.

    Args:
        path: where the file appears; its folder exists.

    Raises:
        OutputError: it cannot be written; nothing of it stays.
    """
    path = Path(path)
    beside = path.with_name(f".{path.name[:LONGEST_NAME]}.{secrets.token_hex(4)}.part")
    try:
        try:
            with beside.open("xb") as stream:
                yield stream
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as fault:
        raise OutputError(
            f"{os.fspath(path)!r} cannot be written ({fault.strerror or fault}): choose another place"
        ) from fault


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        OutputError: it cannot be written; what was there before is untouched.
    """
    with writing_whole(path) as stream:
        stream.write(content)


@contextmanager
def writing_folder(path: str | os.PathLike[str], mark: str = "") -> Iterator[Path]:
    """Give an empty folder that takes its place when the block ends well; a fault leaves what was there.

    Args:
        path: where the folder appears; an empty one is replaced.
        mark: the name of a file that earlier folders of the kind hold, which are replaced too.

    Raises:
        OutputError: something else is there, or the folder cannot be written; nothing of it stays.
    """
    place = Path(path).resolve()
    if place.exists() and not _may_replace(place, mark):
        raise OutputError(f"{os.fspath(path)!r} is there already and holds other things: name a new folder")
    beside = place.with_name(f".{place.name[:LONGEST_NAME]}.{secrets.token_hex(4)}.part")
    try:
        beside.mkdir(parents=True)
        yield beside
        _take_place(beside, place)
    except OSError as fault:
        raise OutputError(
            f"the folder {os.fspath(path)!r} cannot be written ({fault.strerror or fault}): "
            "choose another place"
        ) from fault
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _take_place(beside: Path, place: Path) -> None:
    """Move a folder to its place; what was there goes only once that is done."""
    older = beside.with_suffix(".old")
    if place.exists():
        place.rename(older)
    try:
        beside.rename(place)
    except OSError:
        if older.exists():
            older.rename(place)
        raise
    shutil.rmtree(older, ignore_errors=True)


def _may_replace(place: Path, mark: str) -> bool:
    return place.is_dir() and (not any(place.iterdir()) or bool(mark and (place / mark).is_file()))


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Make a folder, and those above it, where there is none, and return it.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutputError(
            f"the folder {os.fspath(path)!r} cannot be made ({fault.strerror}): choose another place"
        ) from fault
    return Path(path)
