"""A source whose images are files of any size and kind, on this machine or in an object store."""

import copy
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calligram.errors import InputError, LimitError, MissingExtraError, SourceError
from calligram.sources._parts import check_part, part_of
from calligram.sources.base import Batch, Source, question_about

SUFFIXES = {
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".bmp",
    ".gif",
    ".tif",
    ".tiff",
    ".pgm",
    ".ppm",
    ".pbm",
    ".avif",
}
MAX_FILE_BYTES = 256 * 2**20


@dataclass(frozen=True)
class Item:
    """One image file: its path or address, its class, its split or None, and its name for a person."""

    path: str
    label: str
    split: str | None
    name: str


class FileSource(Source):
    """Images in files, read when they are taken.

    Args:
        items: all files of the source; those without a split are parted by their content.
        split: the part that is wanted.

    Raises:
        SourceError: there are no images in that split.
    """

    def __init__(self, name: str, split: str, items: Sequence[Item], kind: str, question: str) -> None:
        self.name, self.split, self.kind = name, split, kind
        self.question = question or question_about(kind)
        self.classes = tuple(sorted({item.label for item in items}, key=_in_natural_order))
        numbers = {label: number for number, label in enumerate(self.classes)}
        self._items = _of_split(items, split, name)
        if not self._items:
            raise SourceError(f"{name} has no images in the split {split!r}: {_splits_there(items)}")
        self._labels = np.array([numbers[item.label] for item in self._items], np.int64)

    def __len__(self) -> int:
        return len(self._items)

    def take(self, places: Sequence[int] | NDArray[np.int64]) -> Batch:
        chosen = [self._items[int(place)] for place in places]
        where = np.asarray(places, dtype=np.int64)
        data = [read_file(item.path, item.name) for item in chosen]
        return Batch(data, self._labels[where], tuple(item.name for item in chosen))

    def part(self, places: Sequence[int] | NDArray[np.int64]) -> Source:
        made = copy.copy(self)
        made._items = [self._items[int(place)] for place in places]
        made._labels = self._labels[np.asarray(places, dtype=np.int64)]
        return made

    def digest(self, places: Sequence[int] | NDArray[np.int64]) -> str:
        made = hashlib.blake2b(repr((self.classes, self.kind, self.question)).encode(), digest_size=16)
        for place in places:
            item = self._items[int(place)]
            made.update(hashlib.blake2b(_content(item)).digest())
            made.update(self._labels[int(place)].tobytes())
        return made.hexdigest()


def _content(item: Item) -> bytes:
    """Return what a file holds, or its fault: whoever takes the image meets that again."""
    try:
        return read_file(item.path, item.name)
    except InputError as fault:
        return str(fault).encode()


def _of_split(items: Sequence[Item], split: str, name: str) -> list[Item]:
    if split == "all":
        return list(items)
    if any(item.split for item in items):
        _refuse_without_split(items, name)
        return [item for item in items if item.split == split]
    check_part(split, f"{name}, which has no splits of its own,")
    return [item for item in items if part_of(read_file(item.path, item.name)) == split]


def _refuse_without_split(items: Sequence[Item], name: str) -> None:
    bare = next((item for item in items if not item.split), None)
    if bare:
        raise SourceError(
            f"{name}: {bare.name} has no split, but others have one: give all of them one, or none"
        )


def _splits_there(items: Iterable[Item]) -> str:
    there = sorted({item.split for item in items if item.split})
    return f"it has {', '.join(there)}" if there else "give it more images, or use the split all"


def _in_natural_order(label: str) -> list[tuple[int, int, str]]:
    """Return a sorting key by which "10" comes after "9".

    >>> sorted(["b10", "a", "b9"], key=_in_natural_order)
    ['a', 'b9', 'b10']
    """
    pieces = re.split(r"(\d+)", label)
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece]


def read_file(path: str, name: str) -> bytes:
    """Return a whole file, local or (``scheme://``) in an object store.

    Raises:
        SourceError: it cannot be read.
        LimitError: it is larger than 256 MiB.
    """
    try:
        if "://" in path:
            filesystem, place = open_store(path)
            data: bytes = filesystem.cat_file(place)
        else:
            with Path(path).open("rb") as stream:
                data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as fault:
        raise SourceError(
            f"the image {name} cannot be read ({fault.strerror or fault}): mend it, or leave it out"
        ) from fault
    if len(data) > MAX_FILE_BYTES:
        raise LimitError(
            f"the image {name} is larger than {MAX_FILE_BYTES >> 20} MiB: make it smaller, or leave it out"
        )
    return data


def open_store(address: str) -> tuple[Any, str]:
    """Return the fsspec file system of an address such as ``s3://bucket/folder``, and the place in it.

    Raises:
        MissingExtraError: fsspec is not installed.
        SourceError: the address's scheme is unknown, or its package is not installed.
    """
    try:
        import fsspec  # type: ignore[import-untyped]
    except ImportError as fault:
        raise MissingExtraError("fsspec", "data", f"reading {address}") from fault
    try:
        filesystem, place = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as fault:
        raise SourceError(f"{address} cannot be opened ({fault}): look at address and keys") from fault
    return filesystem, place
