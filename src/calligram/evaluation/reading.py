"""How well a model reads the pictures of a split."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from calligram.evaluation.convnet import Progress
from calligram.evaluation.examples import LabelledGrids
from calligram.evaluation.journal import Journal
from calligram.evaluation.outcomes import pack_flags, unpack_flags
from calligram.metrics.base import OUTSIDE, Answers, Figures, measure_all
from calligram.nano.matching import match_answer
from calligram.picture import Layout

if TYPE_CHECKING:
    from calligram.models.base import Model, Reading

Grids = npt.NDArray[np.uint8]


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
        weighed: whether that confidence is a probability that the model told.
    """

    name: str
    truth: str
    answer: str
    confidence: float
    abstained: bool
    levels: npt.NDArray[np.uint8]
    weighed: bool = True


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


@dataclass(frozen=True)
class Said:
    """What counts of a reading: the first candidate or free answer, its confidence, and abstention.

    A confidence that is not weighed is no probability: the model told none.
    """

    answer: str
    confidence: float
    abstained: bool
    weighed: bool = True


@dataclass(frozen=True)
class Reader:
    """A model that is asked one question of many pictures, batch by batch.

    Args:
        model: what reads.
        question: what is asked.
        progress: called with what is done, pictures read and pictures in all.
        journal: keeps each batch that was read.
    """

    model: "Model"
    question: Question
    progress: Progress | None = None
    journal: Journal = field(default_factory=Journal)

    def read(self, grids: Grids, layout: Layout, step: str = "reading") -> list[Said]:
        """Return what the model says of each grid.

        Args:
            grids: shape (N, rows, columns).
            layout: how the grids are laid out.
            step: the name of this reading, which no other one of the run has.
        """
        said: list[Said] = []
        for start in self._starts(len(grids)):
            part = grids[start : start + self.question.batch]
            kept = self.journal.once(f"{step} {start}", self._read, part, layout)
            said += _transpose(kept)
            self._tell(step, len(said), len(grids))
        return said

    def find_right(
        self, make: Callable[[], Grids], layout: Layout, examples: LabelledGrids, step: str
    ) -> npt.NDArray[np.bool_]:
        """Return whether each grid is read as its class, without measuring familiarity, which takes longer.

        Args:
            make: gives the grids, shape (N, rows, columns); called only where some are not yet read.
            layout: how they are laid out.
            examples: tell the class of each.
            step: the name of this reading, which no other one of the run has.
        """
        made = cache(make)

        def check(start: int) -> str:
            part = slice(start, start + self.question.batch)
            said = _transpose(self._read(made()[part], layout, familiarity=False))
            return pack_flags(find_classes(said, examples.classes, examples.kind) == examples.labels[part])

        right = [np.zeros(0, np.bool_)]
        for start in self._starts(len(examples)):
            count = min(self.question.batch, len(examples) - start)
            right.append(unpack_flags(self.journal.once(f"{step} {start}", check, start), count))
        return np.concatenate(right)

    def _starts(self, count: int) -> range:
        return range(0, count, self.question.batch)

    def _tell(self, what: str, done: int, total: int) -> None:
        if self.progress:
            self.progress(what, done, total)

    def _read(self, grids: Grids, layout: Layout, familiarity: bool = True) -> list[list[Any]]:
        asked = self.question
        readings = self.model.read(grids, layout, asked.text, asked.candidates, familiarity=familiarity)
        said = [first_candidate(reading) for reading in readings]
        return [
            [one.answer for one in said],
            [one.confidence for one in said],
            [one.abstained for one in said],
            [one.weighed for one in said],
        ]


def _transpose(kept: Sequence[Sequence[Any]]) -> list[Said]:
    return [Said(*entry) for entry in zip(*kept, strict=True)]


def to_answers(said: Sequence[Said], examples: LabelledGrids) -> Answers:
    """Return what was said as the measures take it.

    The first candidate counts also where the model abstained. It is matched to a class by the rules of
    :mod:`calligram.nano.matching`.

    Args:
        said: one for each example.
        examples: the pictures that were read.
    """
    return Answers(
        classes=examples.classes,
        truth=examples.labels,
        top=find_classes(said, examples.classes, examples.kind),
        confidence=np.array([one.confidence for one in said], np.float64),
        abstained=np.array([one.abstained for one in said], np.bool_),
    )


def tell_reading(said: Sequence[Said], answers: Answers) -> dict[str, Figures]:
    """Return every measure of the answers; where probabilities were not told, none is made of them.

    ``calibration`` and ``abstention`` have a ``reason`` then, and their ``ece``, ``bins``, ``curve`` and
    ``area`` are None.
    """
    measured = measure_all(answers)
    untold = sum(not one.weighed for one in said)
    if untold:
        reason = f"the model told no probabilities for {untold:,} of {len(said):,} pictures"
        measured["calibration"] |= {"ece": None, "bins": None, "reason": reason}
        measured["abstention"] |= {"curve": None, "area": None, "reason": reason}
    return measured


def find_classes(said: Sequence[Said], classes: Sequence[str], kind: str) -> npt.NDArray[np.int64]:
    """Return the class of each answer, a place in ``classes`` or ``OUTSIDE``."""
    found = [match_answer(one.answer, classes, kind)[0] for one in said]
    return np.array([OUTSIDE if place is None else place for place in found], np.int64)


def first_candidate(reading: "Reading") -> Said:
    """Return the first candidate, or the answer itself where there are no candidates."""
    answer, confidence = reading.answer or "", reading.confidence
    if reading.candidates:
        answer, confidence = reading.candidates[0]
    return Said(answer, float(np.clip(confidence, 0, 1)), bool(reading.abstained), bool(reading.weighed))


def collect_mistakes(
    said: Sequence[Said], answers: Answers, examples: LabelledGrids, most: int
) -> list[Mistake]:
    """Return the pictures read wrongly, the most confident first, at most ``most``."""
    wrong = np.flatnonzero(answers.top != answers.truth)
    order = wrong[np.argsort(-answers.confidence[wrong], kind="stable")][:most]
    return [
        Mistake(
            name=examples.names[place],
            truth=examples.classes[examples.labels[place]],
            answer=said[place].answer,
            confidence=float(answers.confidence[place]),
            abstained=bool(answers.abstained[place]),
            levels=examples.levels[place],
            weighed=said[place].weighed,
        )
        for place in order
    ]
