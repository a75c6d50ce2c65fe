"""What turns raw scores into honest figures: temperatures, familiarity and the limits of abstaining.

A calibration is measured on held-out pictures of one layout and one kind, and kept in ``calibration.json``
under ``layouts`` / layout / kind (:data:`ANY` is the question that leaves the kind open).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError
from calligram.nano.sampling import softmax

ANY = "any"
STEPS = 40
"""Parts that the known pictures' bits per cell are cut into."""
TEMPERATURES = np.geomspace(0.25, 4.0, 81)
TRIED = 24
"""Limits tried of each sort while abstaining is measured."""
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """One layout's and kind's figures.

    Args:
        temperature: scores are divided by this before they become probabilities.
        least_confidence: below this the model abstains.
        least_familiarity: below this the model abstains.
        most_none: above this probability of showing nothing of the kind, the model abstains.
        bits: for each answer the bits per cell of known pictures at even shares from 0 to 1.
    """

    temperature: float = 1.0
    least_confidence: float = 0.0
    least_familiarity: float = 0.0
    most_none: float = 0.5
    bits: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def familiarity(self, bits: Numbers, answers: Sequence[str]) -> Numbers | None:
        """Return the share of known pictures of the same answer that are at least as unusual, ``(N,)``.

        A picture can be unusual by being too unlikely (noise) or too likely (a blank).

        Args:
            bits: bits per cell of each picture, ``(N,)``.
            answers: what each was taken for.

        Returns:
            From 0 to 1, NaN for an answer without known pictures; None where there are none on record at all.
        """
        if not self.bits:
            return None
        result = np.full(len(bits), np.nan)
        named = np.array(answers, dtype=object)
        for answer in set(answers):
            here = named == answer
            known = self.bits.get(answer)
            if not known:
                continue
            likelier = np.interp(bits[here], known, np.linspace(0, 1, len(known)), left=0.0, right=1.0)
            result[here] = 2 * np.minimum(likelier, 1 - likelier)
        return result

    def abstains(
        self, confidence: Numbers, none: Numbers, familiarity: Numbers | None
    ) -> npt.NDArray[np.bool_]:
        """Return whether to abstain, ``(N,)``, from figures of that shape; a NaN is no reason to."""
        out = (confidence < self.least_confidence) | (none > self.most_none) | (none > confidence)
        return out if familiarity is None else out | (familiarity < self.least_familiarity)


def read_calibration(written: Mapping[str, Any], layout: str, kind: str) -> Calibration:
    """Return the calibration of a layout and kind, or a neutral one where none is written.

    Raises:
        ModelError: what is written cannot be used.
    """
    entry = written.get("layouts", {}).get(layout, {}).get(kind, {})
    try:
        return Calibration(**entry)
    except TypeError as fault:
        raise ModelError(
            f"calibration.json is damaged at {layout}, {kind} ({fault}): copy the whole model folder again"
        ) from fault


def write_calibration(written: dict[str, Any], layout: str, kind: str, made: Calibration) -> None:
    """Add a calibration to the content of a ``calibration.json``."""
    written.setdefault("layouts", {}).setdefault(layout, {})[kind] = asdict(made)


def fit_temperature(scores: npt.NDArray[np.floating], truth: npt.NDArray[np.int64]) -> float:
    """Return the temperature that makes the true answers likeliest (Guo et al. 2017).

    Args:
        scores: ``(N, answers)``.
        truth: the right column of each, ``(N,)``.
    """
    wide, rows = scores.astype(np.float64), np.arange(len(truth))
    losses = [-np.log(softmax(wide / heat)[rows, truth] + 1e-12).mean() for heat in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmin(losses))]), 4)


def fit_bits(bits: Numbers, answers: Sequence[str]) -> dict[str, list[float]]:
    """Return for each answer the bits per cell of known pictures at even shares."""
    named = np.array(answers, dtype=object)
    shares = np.linspace(0, 1, STEPS + 1)
    return {
        answer: [round(float(value), 5) for value in np.quantile(bits[named == answer], shares)]
        for answer in sorted(set(answers))
    }


@dataclass(frozen=True)
class Figures:
    """What a model said of pictures: confidence, probability of "none" and familiarity, each ``(N,)``."""

    confidence: Numbers
    none: Numbers
    familiarity: Numbers

    def shares(self, limits: Calibration) -> float:
        """Return the share abstained from under some limits."""
        return float(limits.abstains(self.confidence, self.none, self.familiarity).mean())


def fit_limits(
    base: Calibration, known: Figures, strange: Sequence[Figures], allowed: float = 0.02
) -> Calibration:
    """Return a calibration with the limits that abstain most from strange pictures.

    Args:
        base: its temperature and bits are kept.
        known: of real held-out pictures.
        strange: of each sort of strange pictures; the worst sort counts.
        allowed: largest share of the known pictures to abstain from.
    """
    grid = np.linspace(0, 1, TRIED) ** 3  # finer near nought
    tries = product(
        np.unique(np.quantile(known.confidence, grid * 0.1)),
        np.unique(np.quantile(known.familiarity, grid * 0.1)),
        np.unique(np.append(np.quantile(known.none, 1 - grid * 0.1), 0.5)),
    )
    best, caught = base, -1.0
    for confidence, familiarity, none in tries:
        limits = Calibration(base.temperature, float(confidence), float(familiarity), float(none), base.bits)
        if known.shares(limits) > allowed:
            continue
        worst = min(figures.shares(limits) for figures in strange)
        if worst > caught:
            best, caught = limits, worst
    return best
