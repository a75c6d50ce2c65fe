"""Taking a source batch by batch, so that only what is made of its images stays in memory."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from calligram.errors import ImageError, InputError, LimitError, SourceError
from calligram.sources.base import Batch, Source

BadImages = Literal["stop", "skip"]
Made = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]

ARRAYS_AT_ONCE, FILES_AT_ONCE = 2000, 32
"""Images taken at once: small arrays, or whole files, which may be of many megabytes each."""
SHOWN_FAULTS = 10
UNREADABLE = (ImageError, SourceError, LimitError)
"""What is wrong with an image, and not with what is asked for."""


@dataclass
class Taken:
    """What was made of the images that could be read.

    Args:
        parts: what was made, in batches.
        labels: places in the source's classes, shape (N,).
        names: where each image came from.
        digests: a checksum of each image's content.
        faults: the name of each image that could not be read, and why.
    """

    parts: list[Made] = field(default_factory=list)
    labels: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    names: tuple[str, ...] = ()
    digests: tuple[bytes, ...] = ()
    faults: list[tuple[str, InputError]] = field(default_factory=list)

    @property
    def made(self) -> Made:
        """Everything made, shape (N, …)."""
        return np.concatenate(self.parts)

    @property
    def skipped(self) -> tuple[str, ...]:
        """The names of the images that could not be read."""
        return tuple(name for name, _ in self.faults)


def take_readable(
    source: Source, places: Places, make: Callable[[Batch], Made], bad_images: BadImages = "stop"
) -> Taken:
    """Return what is made of the images at some places; no image stays in memory.

    Args:
        source: has the images.
        places: which of them, in order.
        make: makes one entry of each image of a batch.
        bad_images: ``"stop"`` at images that cannot be read, once all are known, or ``"skip"`` them.

    Raises:
        ImageError: images cannot be read, and they are not to be skipped; or none can be read.
    """
    taken = Taken()
    labels: list[npt.NDArray[np.int64]] = []
    names: list[str] = []
    digests: list[bytes] = []
    for start, stop in _spans(source, places):
        for batch, made in _make_each(source, places[start:stop], make, taken.faults):
            taken.parts.append(made)
            labels.append(batch.labels)
            names += batch.names
            digests += [digest_image(image) for image in batch.images]
    refuse_faults(f"{source.name}, split {source.split!r},", len(places), taken.faults, bad_images)
    taken.labels, taken.names, taken.digests = np.concatenate(labels), tuple(names), tuple(digests)
    return taken


def read_one(source: Source, places: Iterable[int]) -> Batch:
    """Return the first image that can be taken, or an empty batch of files where none can."""
    for place in places:
        try:
            return source.take([int(place)])
        except UNREADABLE:
            continue
    return Batch([], np.zeros(0, np.int64), ())


def digest_image(image: bytes | Made) -> bytes:
    """Return a checksum of an image's content."""
    content = image if isinstance(image, bytes) else np.ascontiguousarray(image).data
    return hashlib.blake2b(content, digest_size=16).digest()


def _spans(source: Source, places: Places) -> Iterator[tuple[int, int]]:
    arrays = isinstance(read_one(source, places).images, np.ndarray)
    size = ARRAYS_AT_ONCE if arrays else FILES_AT_ONCE
    for start in range(0, len(places), size):
        yield start, min(start + size, len(places))


def _make_each(
    source: Source, places: Places, make: Callable[[Batch], Made], faults: list[tuple[str, InputError]]
) -> Iterator[tuple[Batch, Made]]:
    """Yield a batch and what is made of it; where that fails, each image by itself, and note the faults."""
    try:
        batch = source.take(places)
        made = make(batch)
    except UNREADABLE as fault:
        if len(places) == 1:
            faults.append((_name(source, places, fault), fault))
            return
    else:
        yield batch, made
        return
    for place in places:
        yield from _make_each(source, np.array([place]), make, faults)


def _name(source: Source, places: Places, fault: InputError) -> str:
    try:
        return source.take(places).names[0]
    except UNREADABLE:
        # the file itself cannot be read: its fault begins with its name
        return str(fault).rpartition(": ")[0]


def refuse_faults(
    where: str, total: int, faults: Sequence[tuple[str, InputError]], bad_images: BadImages
) -> None:
    """Raise ImageError where images cannot be read and are not to be skipped, or none at all can be read.

    Args:
        where: what they are images of.
        total: how many there are, good and bad.
        faults: the name of each that cannot be read, and why.
        bad_images: ``"stop"`` or ``"skip"``.
    """
    some_left = len(faults) < total
    if not faults or (bad_images == "skip" and some_left):
        return
    shown = ", ".join(name for name, _ in faults[:SHOWN_FAULTS]) + ", …" * (len(faults) > SHOWN_FAULTS)
    raise ImageError(
        f"{len(faults):,} of {total:,} images of {where} cannot be read: {shown} "
        f"(the first: {faults[0][1]}): mend them, take them away"
        + (", or pass over them with --bad-images skip" if some_left else "")
    ) from faults[0][1]
