"""What every source of labelled images is, and how one is named on the command line.

A source is spelled ``name:place``, with options after a question mark where it has any::

    idx:../shared/data/mnist
    folder:photos?question=What animal is this%3F
    fonts:?per_letter=200&seed=3

A member of the family is a module with a frozen dataclass ``Options`` and a function
``load(place, split, options) -> Source``.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calligram import registry, settings
from calligram.errors import SourceError

Images = NDArray[np.uint8] | list[bytes]


@dataclass(frozen=True)
class Batch:
    """Some images and their labels, in order.

    Args:
        images: array of shape ``(N, height, width)``, uint8, 0 black; or where the images are files of
            any size and kind, a list of N whole files as bytes.
        labels: shape ``(N,)``, int64, places in the source's ``classes``.
        names: where each image came from, for a person who has to find it: ``"train image 17"``.
    """

    images: Images
    labels: NDArray[np.int64]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


class Source(ABC):
    """Labelled images that can be taken by number.

    Attributes:
        name: the member's registered name and the place, as ``"idx:data/mnist"``.
        split: the part that was asked for, as ``"train"``, or ``"all"``.
        classes: natural names of the classes; a label is a place in it.
        kind: what one image shows: ``"digit"``, ``"garment"``, ``"letter"``, or ``"picture"``.
        question: the question whose answer is the class.
        licence: the images' licence and origin in one line, or ``"unknown"``.
    """

    name: str
    split: str
    classes: tuple[str, ...]
    kind: str
    question: str
    licence: str = "unknown"

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def take(self, places: Sequence[int] | NDArray[np.int64]) -> Batch:
        """Return the images at the given places, each from 0 to ``len(self) - 1``, in the given order."""

    @abstractmethod
    def digest(self, places: Sequence[int] | NDArray[np.int64]) -> str:
        """Return a checksum (hex) that changes whenever what :meth:`take` gives for these places would."""

    def part(self, places: Sequence[int] | NDArray[np.int64]) -> "Source":
        """Return the images at the given places as a source of their own, fit to be sent to another process.

        Members whose whole is large give a part that carries no more than its own images.
        """
        return Part(self, places)

    def shares_images_with(self, other: "Source") -> bool:
        """Return whether an image may be in this split of a source and in another of the same source."""
        return (
            other.shares_images_with(self) if isinstance(other, Part) else "all" in (self.split, other.split)
        )

    def batches(self, size: int = 1000) -> Iterator[tuple[Images, NDArray[np.int64]]]:
        """Yield ``(images, labels)`` over the whole source in order, at most ``size`` images each."""
        for start in range(0, len(self), size):
            batch = self.take(range(start, min(start + size, len(self))))
            yield batch.images, batch.labels


class Part(Source):
    """Some of a source's images, seen as a source.

    Args:
        whole: the source.
        places: which of its images, in order.
        split: how the part is called; None as the whole is.
    """

    def __init__(
        self, whole: Source, places: Sequence[int] | NDArray[np.int64], split: str | None = None
    ) -> None:
        self._whole, self._places = whole, places
        self.name, self.classes, self.kind = whole.name, whole.classes, whole.kind
        self.question, self.licence, self.split = whole.question, whole.licence, split or whole.split

    def __len__(self) -> int:
        return len(self._places)

    def take(self, places: Sequence[int] | NDArray[np.int64]) -> Batch:
        return self._whole.take(self._inner(places))

    def digest(self, places: Sequence[int] | NDArray[np.int64]) -> str:
        return self._whole.digest(self._inner(places))

    def part(self, places: Sequence[int] | NDArray[np.int64]) -> Source:
        return self._whole.part(self._inner(places))

    def shares_images_with(self, other: Source) -> bool:
        """Return whether an image may be in both; of other parts only names are compared."""
        if not isinstance(other, Part):
            return other.split in (self._whole.split, "all") or self._whole.split == "all"
        if self._whole.split != other._whole.split:
            return "all" in (self._whole.split, other._whole.split)
        return bool(np.intersect1d(self._places, other._places).size)

    def _inner(self, places: Sequence[int] | NDArray[np.int64]) -> Sequence[int] | NDArray[np.int64]:
        # a run of a run is a run, which arrays can give without a copy
        if isinstance(self._places, range) and isinstance(places, range):
            return self._places[places.start : places.stop : places.step]
        return np.asarray(self._places, dtype=np.int64)[np.asarray(places, dtype=np.int64)]


def question_about(kind: str) -> str:
    """Return the plain question for a kind of image.

    >>> question_about("digit")
    'What digit is this?'
    """
    return f"What {kind} is this?"


def open_source(spelling: str, split: str | None = None) -> Source:
    """Return the source that a spelling names.

    Args:
        spelling: ``name:place``, ``name`` alone where a place is not needed, options after ``?``.
        split: ``"train"``, ``"test"``, another split the source has, or ``"all"`` (also None) for all of
            it; a part of one is ``"train[:54000]"`` or ``"train[90%:]"``.

    Raises:
        NameInFamilyError: no such kind of source.
        SourceError: the place or the split cannot be read.
        OptionError: an option is unknown or out of its range.
    """
    name, _, rest = spelling.partition(":")
    module = registry.member("sources", name)
    place, values = settings.split_query(rest, module.Options, f"the source {name}")
    options = module.Options(**values)
    settings.check(options)
    whole, start, stop = _slice(split or "all")
    source: Source = module.load(place, whole, options)
    if start is None and stop is None:
        return source
    first, last = _bound(start, 0, len(source)), _bound(stop, len(source), len(source))
    if first >= last:
        raise SourceError(f"the split {split!r} of {spelling} is empty: it has {len(source)} images")
    return Part(source, range(first, last), split)


def _slice(split: str) -> tuple[str, str | None, str | None]:
    if "[" not in split:
        return split, None, None
    found = re.fullmatch(r"(\w+)\[(\d+%?)?:(\d+%?)?\]", split)
    if not found:
        raise SourceError(
            f"the split is {split!r}, but must be a name, or a part of one as train[:54000] or train[90%:]"
        )
    return found[1], found[2] or "", found[3] or ""


def _bound(text: str | None, missing: int, total: int) -> int:
    if not text:
        return missing
    value = int(text.rstrip("%"))
    return min(total, value * total // 100 if text.endswith("%") else value)
