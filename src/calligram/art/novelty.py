"""How far a work is from a collection that the user names: by hashes, by measured facts, by its text.

Each is a distance of its own with its own meaning, and they are never joined into one. A far work is unlike
the collection; whether that is good, none of them says.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calligram.art.facts import Facts, measure_facts
from calligram.art.hashing import Hashes, hash_image
from calligram.art.texts import Passages
from calligram.errors import InputError

GROUPS = {
    "colour": ("warmth", "colourfulness"),
    "light": ("contrast", "lightness"),
    "balance": ("centre_x", "centre_y"),
    "order": ("symmetry_left_right", "symmetry_top_bottom", "rhythm"),
    "surface": ("empty_space", "edge_density", "texture", "complexity"),
}
"""The facts that make up the distance: all that are numbers and speak of what is seen, not of the file. Each
group counts the same, since the facts within one go together: edges, texture and complexity of paintings
correlate at 0.95 and more, and would make the distance one of busyness."""
MEASURES = tuple(key for keys in GROUPS.values() for key in keys)

LARGEST = 3.0
"""No fact counts for more deviations than this, so that one odd value is not all of a distance."""

NEIGHBOURS = 5
"""A work's distance to the collection is the mean of that to so many nearest works."""

FEWEST = 8
"""With fewer works the spread of a fact is not known well enough to measure distances by it."""

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Work:
    """One image with what is measured on it.

    Args:
        name: how it is called, unique in its collection.
        path: its file.
        facts: what :func:`calligram.art.facts.measure_facts` measures.
        hashes: its perceptual hashes.
        mirrored: those of its mirror image.
        text: what a record says of it, empty for none.
    """

    name: str
    path: str
    facts: Facts
    hashes: Hashes
    mirrored: Hashes
    text: str = ""


@dataclass(frozen=True)
class Neighbour:
    """The nearest work by one distance.

    Args:
        name: of the work, below its collection's folder.
        path: its file.
        distance: how near it is.
    """

    name: str
    path: str
    distance: float


@dataclass(frozen=True)
class Standing:
    """Where a work stands among the collection by one fact.

    Args:
        key: the fact.
        value: of the work.
        deviations: how many standard deviations of the collection it is above (or below) the mean.
        above: share of the collection whose value is lower, ties by half, 0 to 1.
    """

    key: str
    value: float
    deviations: float
    above: float


@dataclass(frozen=True)
class Overlap:
    """How much of a work's text stands in the texts of the collection.

    Args:
        nearest: the work whose text is most alike, with the TF-IDF cosine, 0 to 1 (here more is nearer).
        copied_words: length of the longest stretch taken over word for word.
        copied: that stretch.
    """

    nearest: Neighbour
    copied_words: int
    copied: str


@dataclass(frozen=True)
class Novelty:
    """How far a work is from the others of a collection.

    Args:
        others: how many works it was compared with; the work itself does not count.
        by_dhash: the nearest by dHash, in bits of 64.
        by_phash: the nearest by pHash, in bits of 64.
        copies: works told as the same picture, a mirrored one with that behind its name.
        by_facts: the nearest by facts, in standard deviations: the root mean square over the groups; None
            with fewer than ``FEWEST`` others.
        among: mean distance by facts to the ``NEIGHBOURS`` nearest; None likewise.
        lonelier_than: share of the collection that is nearer to its own nearest, 0 to 1; None likewise.
        standings: each measure's, largest deviation first; empty likewise.
        overlap: of the texts, None where the work or the others have none.
    """

    others: int
    by_dhash: Neighbour
    by_phash: Neighbour
    copies: tuple[str, ...]
    by_facts: Neighbour | None
    among: float | None
    lonelier_than: float | None
    standings: tuple[Standing, ...]
    overlap: Overlap | None


def survey(path: str | os.PathLike[str], text: str = "") -> Work:
    """Return an image with what is measured on it.

    Raises:
        InputError: it cannot be read, or is over a limit.
    """
    name = os.fspath(path)
    return Work(name, name, measure_facts(path), hash_image(path), hash_image(path, mirrored=True), text)


class Collection:
    """Works that others are compared with.

    Args:
        works: the works, at least one.
        name: how it is called.

    Raises:
        InputError: there is none.
    """

    def __init__(self, works: Iterable[Work], name: str = "") -> None:
        self.works: Sequence[Work] = tuple(works)
        self.name = name
        self.names = [_called(work, name) for work in self.works]
        if not self.works:
            raise InputError("the collection holds no image that can be read: name a folder with images")
        self._paths = [_resolved(work) for work in self.works]

    def novelty_of(self, work: Work) -> Novelty | None:
        """Return how far a work is from the others, or None where there is no other."""
        own = _resolved(work)
        others = [place for place, path in enumerate(self._paths) if path != own]
        if not others:
            return None
        bits = np.array([work.hashes.apart(self.works[place].hashes) for place in others])
        by_dhash, by_phash = (self._nearest(others, column) for column in bits.T.astype(float))
        copies = tuple(filter(None, (self._copy(work, place) for place in others)))
        told = (len(others), by_dhash, by_phash, copies)
        overlap = self._overlap(work, own)
        if len(others) < FEWEST:
            return Novelty(*told, None, None, None, (), overlap)
        far = _distances(self._standardise(work.facts), self._standard[others])
        among = _mean_of_nearest(far)
        lonelier = float((self._own_nearest[others] < among).mean())
        return Novelty(*told, self._nearest(others, far), among, lonelier, self._standings(work), overlap)

    def _nearest(self, others: Sequence[int], distances: _Floats) -> Neighbour:
        best = int(distances.argmin())
        return self._neighbour(others[best], float(distances[best]))

    def _copy(self, work: Work, place: int) -> str:
        """Return how a work is called that is the same picture, or nothing where it is another."""
        if work.hashes.is_copy(self.works[place].hashes):
            return self.names[place]
        return f"{self.names[place]} (mirrored)" if work.mirrored.is_copy(self.works[place].hashes) else ""

    def _neighbour(self, place: int, distance: float) -> Neighbour:
        return Neighbour(self.names[place], self.works[place].path, distance)

    @cached_property
    def _values(self) -> _Floats:
        """Return the measures of all works, shape (works, MEASURES); NaN where one has none."""
        return np.array([_numbers(work.facts) for work in self.works])

    @cached_property
    def _spread(self) -> tuple[_Floats, _Floats]:
        """Return mean and standard deviation of each measure; NaN for one that never differs."""
        known = ~np.isnan(self._values)
        counts = known.sum(axis=0)
        counts = np.where(counts, counts, 1)
        mean = np.where(known, self._values, 0).sum(axis=0) / counts
        deviation = np.sqrt((np.where(known, self._values - mean, 0) ** 2).sum(axis=0) / counts)
        return mean, np.where(deviation > 1e-9, deviation, np.nan)

    def _standardise(self, facts: Facts) -> _Floats:
        mean, deviation = self._spread
        return (_numbers(facts) - mean) / deviation

    @cached_property
    def _standard(self) -> _Floats:
        mean, deviation = self._spread
        return (self._values - mean) / deviation

    @cached_property
    def _own_nearest(self) -> _Floats:
        """Return each work's mean distance to its nearest, itself left out, shape (works,)."""
        found = []
        for place, own in enumerate(self._standard):
            found.append(_mean_of_nearest(np.delete(_distances(own, self._standard), place)))
        return np.array(found)

    def _standings(self, work: Work) -> tuple[Standing, ...]:
        values, deviations = _numbers(work.facts), self._standardise(work.facts)
        found = []
        for column, key in enumerate(MEASURES):
            if not np.isnan(deviations[column]):
                known = self._values[:, column][~np.isnan(self._values[:, column])]
                above = ((known < values[column]).mean() + (known <= values[column]).mean()) / 2
                found.append(Standing(key, float(values[column]), float(deviations[column]), float(above)))
        return tuple(sorted(found, key=lambda standing: -abs(standing.deviations)))

    def _overlap(self, work: Work, own: str) -> Overlap | None:
        """Return the overlap with the texts of other works; a work of the same file is passed over."""
        told = [place for place, path in enumerate(self._paths) if path != own and self.works[place].text]
        if not work.text or not told:
            return None
        passages = Passages(self.works[place].text for place in told)
        likeness = passages.similarities(work.text)
        best = int(likeness.argmax())
        nearest = self._neighbour(told[best], min(1.0, float(likeness[best])))
        copied = passages.longest_copied(work.text)
        return Overlap(nearest, copied.words, copied.passage)


def _called(work: Work, folder: str) -> str:
    """Return a work's path below the folder of its collection; its name where it is elsewhere."""
    path = Path(work.path)
    return str(path.relative_to(folder)) if folder and path.is_relative_to(folder) else work.name


def _resolved(work: Work) -> str:
    return str(Path(work.path).resolve())


def _numbers(facts: Facts) -> _Floats:
    values = [facts[key] for key in MEASURES]
    return np.array([np.nan if value is None else float(value) for value in values])


def _distances(own: _Floats, others: _Floats) -> _Floats:
    """Return the distance to each other: the root mean square over groups, and over measures within one."""
    apart = (others.clip(-LARGEST, LARGEST) - own.clip(-LARGEST, LARGEST)) ** 2
    groups, start = [], 0
    for keys in GROUPS.values():
        groups.append(_mean_of_known(apart[:, start : start + len(keys)]))
        start += len(keys)
    return np.sqrt(np.nan_to_num(_mean_of_known(np.stack(groups, axis=1))))


def _mean_of_known(values: _Floats) -> _Floats:
    """Return the mean of each row without its NaN, and NaN where there is nothing else."""
    known = ~np.isnan(values)
    sums, counts = np.where(known, values, 0).sum(axis=1), known.sum(axis=1)
    means: _Floats = np.where(counts, sums / np.maximum(counts, 1), np.nan)
    return means


def _mean_of_nearest(distances: _Floats) -> float:
    return float(np.sort(distances)[:NEIGHBOURS].mean())
