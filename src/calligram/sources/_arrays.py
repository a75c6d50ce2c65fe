"""A source whose images are all of one size and lie in memory as one array."""

import copy
import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calligram.errors import SourceError
from calligram.sources.base import Batch, Source, question_about


class ArraySource(Source):
    """Images of one size, held as one array.

    Args:
        images: shape ``(N, height, width)``, uint8, 0 black.
        labels: shape ``(N,)``, whole numbers, places in ``classes``.

    Raises:
        SourceError: counts differ, there are no images, or a label has no class.
    """

    def __init__(
        self,
        name: str,
        split: str,
        images: NDArray[np.uint8],
        labels: NDArray[np.int64],
        classes: Sequence[str],
        kind: str,
        licence: str = "unknown",
    ) -> None:
        self.name, self.split, self.kind, self.licence = name, split, kind, licence
        self.classes, self.question = tuple(classes), question_about(kind)
        if len(images) != len(labels):
            raise SourceError(
                f"{name} has {len(images)} images but {len(labels)} labels: it is damaged, copy it again"
            )
        if not len(images):
            raise SourceError(f"{name} has no images in the split {split!r}: name another split")
        if labels.max() >= len(self.classes) or labels.min() < 0:
            raise SourceError(
                f"{name} has the label {labels.max()}, but only {len(self.classes)} class names: "
                "give all of them with ?classes=a,b,c"
            )
        self.images, self.labels = images, labels.astype(np.int64)
        self._numbers: NDArray[np.int64] | range = range(len(labels))

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, places: Sequence[int] | NDArray[np.int64]) -> Batch:
        where = _as_slice(places)
        names = tuple(f"{self.split} image {self._numbers[int(place)]}" for place in places)
        return Batch(self.images[where], self.labels[where], names)

    def part(self, places: Sequence[int] | NDArray[np.int64]) -> Source:
        made, where = copy.copy(self), _as_slice(places)
        made.images, made.labels = self.images[where], self.labels[where]
        made._numbers = np.asarray(self._numbers, dtype=np.int64)[where]
        return made

    def digest(self, places: Sequence[int] | NDArray[np.int64]) -> str:
        batch = self.take(places)
        told = repr((self.images.shape[1:], self.classes, self.kind))
        made = hashlib.blake2b(told.encode(), digest_size=16)
        made.update(np.ascontiguousarray(batch.images).data)
        made.update(np.ascontiguousarray(batch.labels).data)
        return made.hexdigest()


def _as_slice(places: Sequence[int] | NDArray[np.int64]) -> slice | NDArray[np.int64]:
    # a run of places as a slice is a view, not a copy
    if isinstance(places, range) and places.step == 1 and places.start >= 0:
        return slice(places.start, places.stop)
    return np.asarray(places, dtype=np.int64)
