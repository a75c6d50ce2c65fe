"""Reads the idx files of the MNIST family, packed with gzip or not.

Source: the file format as described by LeCun, Cortes and Burges, "The MNIST database"; a big-endian
header (two zero bytes, type, number of axes, the axes' sizes), then the values.
"""

import gzip
import math
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from calligram.errors import LimitError, SourceError

MAX_BYTES = 8 * 2**30
_STEMS = {"train": ("train",), "test": ("t10k", "test"), "valid": ("valid", "val")}


def read_split(folder: Path, split: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return images ``(N, height, width)`` and labels ``(N,)``, both uint8, of one split of a folder.

    Args:
        folder: holds such files as ``train-images-idx3-ubyte.gz``.
        split: ``"train"``, ``"test"``, ``"valid"``, or ``"all"`` for those there are, in this order.

    Raises:
        SourceError: the folder or a file is missing or damaged.
        LimitError: a file says that it is larger than 8 GiB.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder} is no folder, but the source idx needs a folder of idx files")
    if split == "all":
        found = [name for name in ("train", "valid", "test") if _find(folder, name, "images")]
        if not found:
            raise SourceError(
                f"{folder} has no idx files such as train-images-idx3-ubyte.gz: give the folder that has"
            )
        parts = [read_split(folder, name) for name in found]
        return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    if split not in _STEMS:
        raise SourceError(
            f"the split is {split!r}, but idx files have train, test, valid or all: name one of them"
        )
    return _read_kind(folder, split, "images", 3), _read_kind(folder, split, "labels", 1)


def _read_kind(folder: Path, split: str, what: str, axes: int) -> NDArray[np.uint8]:
    path = _find(folder, split, what)
    if path is None:
        stem = _STEMS[split][0]
        raise SourceError(
            f"{folder} has no {split} {what}: add a file such as {stem}-{what}-idx{axes}-ubyte.gz"
        )
    values = read_idx(path)
    if values.ndim != axes:
        raise SourceError(
            f"{path} has {values.ndim} axes, but {what} have {axes}: give the right file that name"
        )
    return values


def _find(folder: Path, split: str, what: str) -> Path | None:
    for stem in _STEMS[split]:
        found = sorted(p for p in folder.glob(f"*{stem}-{what}*") if p.is_file() and "idx" in p.name)
        if found:
            return found[0]
    return None


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Return the values of one idx file of unsigned bytes, as an array of the shape its header states.

    Raises:
        SourceError: it cannot be read, is no idx file of bytes, or is shorter or longer than it says.
        LimitError: it says that it is larger than 8 GiB.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            if not packed:
                return _read_values(raw, path)
            with gzip.open(raw) as stream:
                return _read_values(stream, path)  # type: ignore[arg-type]
    except (OSError, EOFError, zlib.error) as fault:
        raise SourceError(f"{path} cannot be read to its end ({fault}): copy it again") from fault


def _read_values(stream: BinaryIO, path: Path) -> NDArray[np.uint8]:
    magic = stream.read(4)
    if len(magic) < 4 or magic[:3] != b"\0\0\x08" or not 1 <= magic[3] <= 4:
        raise SourceError(
            f"{path} is no idx file of bytes (it begins with {magic.hex(' ') or 'nothing'}): copy it again"
        )
    header = stream.read(4 * magic[3])
    if len(header) < 4 * magic[3]:
        raise SourceError(f"{path} ends inside its header: copy it again")
    shape = tuple(int(size) for size in np.frombuffer(header, ">u4"))
    size = math.prod(shape)
    if size > MAX_BYTES:
        raise LimitError(
            f"{path} says that it holds {size} bytes, but at most {MAX_BYTES} are read: give smaller files"
        )
    values = np.frombuffer(stream.read(size), np.uint8)
    if len(values) != size or stream.read(1):
        told = "more" if len(values) == size else str(len(values))
        raise SourceError(
            f"{path} is damaged: its header says {size} bytes of values, but it has {told}: copy it again"
        )
    return values.reshape(shape)
