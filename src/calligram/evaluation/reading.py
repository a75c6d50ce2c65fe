"""How well a model reads the pictures of a split."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from calligram.evaluation.convnet import Progress
from calligram.evaluation.examples import LabelledGrids
from calligram.metrics.base import OUTSIDE, Answers
from calligram.picture import Layout

if TYPE_CHECKING:
    from calligram.models.base import Model, Reading


@dataclass(frozen=True)
class Mistake:
    """One picture that was read wrongly.

    Args:
        name: where the picture came from.
        truth: its class.
        answer: the model's first candidate.
        confidence: of that candidate, from 0 to 1.
        abstained: whether the model declined to answer.
        levels: the grid, shape (rows, columns).
    """

    name: str
    truth: str
    answer: str
    confidence: float
    abstained: bool
    levels: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Question:
    """What is asked of every picture.

    Args:
        text: the question.
        candidates: the answers to choose from, or None to let the model answer freely.
        batch: pictures handed to the model at once.
    """

    text: str
    candidates: Sequence[str] | None
    batch: int = 500


def read_all(
    model: "Model",
    levels: npt.NDArray[np.uint8],
    layout: Layout,
    question: Question,
    progress: Progress | None = None,
) -> "list[Reading]":
    """Return the model's reading of each grid.

    Args:
        model: what reads.
        levels: shape (N, rows, columns).
        layout: how the grids were laid out.
        question: what is asked.
        progress: called with what is done, pictures read and pictures in all.
    """
    readings: list[Reading] = []
    for start in range(0, len(levels), question.batch):
        part = levels[start : start + question.batch]
        readings += model.read(part, layout, question.text, question.candidates)
        if progress:
            progress("reading", len(readings), len(levels))
    return readings


def to_answers(readings: "Sequence[Reading]", examples: LabelledGrids) -> Answers:
    """Return readings as what the measures take.

    The first candidate counts also where the model abstained. An answer is matched to a class as it is
    spelled, then without regard to capitals where that leaves one class.

    Args:
        readings: one for each example.
        examples: the pictures that were read.
    """
    tops = [first_candidate(reading) for reading in readings]
    return Answers(
        classes=examples.classes,
        truth=examples.labels,
        top=np.array([_find_class(answer, examples.classes) for answer, _ in tops], np.int64),
        confidence=np.array([confidence for _, confidence in tops], np.float64),
        abstained=np.array([reading.abstained for reading in readings], np.bool_),
    )


def first_candidate(reading: "Reading") -> tuple[str, float]:
    """Return the first candidate and its confidence, or the answer itself where there are no candidates."""
    if reading.candidates:
        answer, confidence = reading.candidates[0]
        return answer, float(np.clip(confidence, 0, 1))
    return reading.answer or "", float(np.clip(reading.confidence, 0, 1))


def collect_mistakes(
    readings: "Sequence[Reading]", answers: Answers, examples: LabelledGrids, most: int
) -> list[Mistake]:
    """Return the pictures read wrongly, the most confident first, at most ``most``."""
    wrong = np.flatnonzero(answers.top != answers.truth)
    order = wrong[np.argsort(-answers.confidence[wrong], kind="stable")][:most]
    return [
        Mistake(
            name=examples.names[place],
            truth=examples.classes[examples.labels[place]],
            answer=first_candidate(readings[place])[0],
            confidence=float(answers.confidence[place]),
            abstained=bool(answers.abstained[place]),
            levels=examples.levels[place],
        )
        for place in order
    ]


def _find_class(answer: str, classes: Sequence[str]) -> int:
    answer = answer.strip()
    if answer in classes:
        return list(classes).index(answer)
    alike = [place for place, name in enumerate(classes) if name.lower() == answer.lower()]
    return alike[0] if len(alike) == 1 else OUTSIDE
