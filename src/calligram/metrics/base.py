"""What every measure takes and gives, and the Wilson interval they share.

A measure is a module with a ``TITLE``, a ``MEANING`` (what its figures say, for a reader of the report), a
``SUBJECT`` (the class it measures) and a function ``measure`` that turns one subject into figures that JSON
can hold. :func:`measure_all` finds the measures by file name.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Protocol, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from calligram import registry
from calligram.picture.lab import to_lab

Figures: TypeAlias = dict[str, Any]
IntArray: TypeAlias = npt.NDArray[np.int64]
FloatArray: TypeAlias = npt.NDArray[np.float64]
LevelArray: TypeAlias = npt.NDArray[np.uint8]

OUTSIDE = -1
"""Stands for an answer that is none of the classes, and for a picture that could not be judged."""


@dataclass(frozen=True)
class Answers:
    """What a model answered to labelled pictures.

    Args:
        classes: the names of the classes.
        truth: the right class of each picture, shape (N,), an index into ``classes``.
        top: the model's first candidate, shape (N,), an index into ``classes`` or ``OUTSIDE``. It is kept
            where the model abstained too.
        confidence: of the first candidate, shape (N,), from 0 to 1.
        abstained: whether the model declined to answer, shape (N,).
    """

    classes: tuple[str, ...]
    truth: IntArray
    top: IntArray
    confidence: FloatArray
    abstained: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PictureSet:
    """Text pictures of asked classes, drawn by a model or taken from a test split.

    Args:
        classes: the names of the classes.
        asked: the class each picture should show, shape (N,), an index into ``classes``.
        well_formed: whether each grid had its exact rows, columns and levels, shape (N,).
        levels: the well-formed grids alone, shape (W, rows, columns), in the order of ``asked``.
        judged: what the judge saw in each well-formed grid, shape (W,), an index into ``classes``.
        training: the grids that the model learned from, shape (M, rows, columns).
        bits: the model's own cost of each well-formed grid in bits a cell, shape (W,), or None.
    """

    classes: tuple[str, ...]
    asked: IntArray
    well_formed: npt.NDArray[np.bool_]
    levels: LevelArray
    judged: IntArray
    training: LevelArray
    bits: FloatArray | None = None

    @property
    def asked_of_levels(self) -> IntArray:
        """The class asked of each well-formed grid, shape (W,)."""
        return self.asked[self.well_formed]


@dataclass(frozen=True)
class Paired:
    """Whether the same pictures were read right, then and now.

    Args:
        then: shape (N,).
        now: shape (N,), in the same order.
    """

    then: npt.NDArray[np.bool_]
    now: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class TwoShares:
    """Two shares, then and now, each of pictures of its own.

    Args:
        hits_then: how many succeeded then.
        n_then: of how many.
        hits_now: how many succeed now.
        n_now: of how many.
    """

    hits_then: int
    n_then: int
    hits_now: int
    n_now: int


@dataclass(frozen=True)
class Pixels:
    """One image, in colour.

    Args:
        rgb: uint8, shape (H, W, 3), sRGB; transparency laid on white.
    """

    rgb: npt.NDArray[np.uint8]

    @cached_property
    def lab(self) -> FloatArray:
        """The image in CIELAB under D65, shape (H, W, 3)."""
        return to_lab(self.rgb)

    @property
    def lightness(self) -> FloatArray:
        """L* of each pixel, shape (H, W), from 0 to 100."""
        plane: FloatArray = self.lab[..., 0]
        return plane


@dataclass(frozen=True)
class TextSet:
    """Texts that answer one and the same request.

    Args:
        texts: each whole, in any order.
    """

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Ratings:
    """What several judges said of the same things.

    Args:
        values: shape (judges, things); NaN where a judge said nothing.
        level: how values are compared: by equality, by rank, or by difference.
    """

    values: FloatArray
    level: Literal["nominal", "ordinal", "interval"]


Subject: TypeAlias = Answers | PictureSet | Paired | TwoShares | Pixels | TextSet | Ratings


class Metric(Protocol):
    """One measure: a module of this family."""

    TITLE: str
    MEANING: str
    SUBJECT: type

    def measure(self, subject: Any, /) -> Figures:
        """Return the figures of one subject, made of what JSON can hold."""


def measure_all(subject: Subject) -> dict[str, Figures]:
    """Return the figures of every measure whose subject is of this kind, by its file's name.

    Args:
        subject: what is measured.
    """
    found: dict[str, Figures] = {}
    for name in registry.members("metrics"):
        metric = cast(Metric, registry.member("metrics", name))
        if isinstance(subject, metric.SUBJECT):
            found[name.replace("-", "_")] = metric.measure(subject)
    return found


def wilson_interval(hits: int, trials: int) -> list[float] | None:
    """Return the 95 % Wilson score interval of a share as ``[low, high]``, or None without trials.

    Args:
        hits: how many succeeded.
        trials: how many were tried.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.

    >>> [round(end, 4) for end in wilson_interval(98, 100)]
    [0.93, 0.9945]
    """
    if trials == 0:
        return None
    z = 1.959963984540054
    share = hits / trials
    centre = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return [max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)]


def meanings_of(kind: type) -> dict[str, tuple[str, str]]:
    """Return title and meaning of every measure of one kind of subject, by its file's name."""
    metrics = {name: cast(Metric, registry.member("metrics", name)) for name in registry.members("metrics")}
    return {
        name.replace("-", "_"): (metric.TITLE, metric.MEANING)
        for name, metric in metrics.items()
        if issubclass(kind, metric.SUBJECT)
    }


def share(hits: int, trials: int) -> float | None:
    """Return ``hits / trials``, or None without trials."""
    return hits / trials if trials else None
