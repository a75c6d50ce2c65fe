"""The language model that comes with Calligram, or another one in a folder of the same form.

``builtin`` is the shipped model, which reads and draws; ``builtin:writer`` the shipped one that writes;
``builtin:FOLDER`` one of either kind that ``calligram train`` wrote.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from calligram import settings
from calligram.errors import ModelError
from calligram.models._nano_speaking import NanoSpeaking
from calligram.models._writer import Writer, WriterOptions
from calligram.models.base import (
    Levels,
    Model,
    OnRow,
    Reading,
    Request,
    SamplingOptions,
)
from calligram.nano.calibration import (
    ANY,
    Calibration,
    Figures,
    fit_bits,
    fit_limits,
    fit_temperature,
    read_calibration,
)
from calligram.nano.engine import Engine, Floats
from calligram.nano.folder import SHIPPED, Precision, open_folder
from calligram.nano.generation import Sketch, draw
from calligram.nano.grammar import DrawingGrammar
from calligram.nano.prompts import GENERAL, NONE, SUBJECTS, drawing_opener, drawing_prompt, question
from calligram.nano.requests import find_kind, find_request, match_answers
from calligram.nano.sampling import softmax
from calligram.nano.scoring import reading_ids, weigh_answers, weigh_both, weigh_pictures
from calligram.nano.vocabulary import CELLS_PER_TOKEN, Ids
from calligram.nano.writer_folder import is_writer
from calligram.picture import LAYOUTS, Layout
from calligram.settings import option

SPELLING = "builtin, builtin:writer or builtin:FOLDER"

WRITER = "writer"
"""The place of the shipped model that writes."""
USUAL_GUIDANCE = 1.5
"""Chosen on held-out training images of MNIST, with the drawing options' temperature."""


@dataclass(frozen=True)
class Options(WriterOptions):
    """How the model is run."""

    GROUP: ClassVar[str] = "builtin"

    precision: Literal["auto", "float32", "int8"] = option(
        "auto", "numbers it computes with; auto takes what its calibration was measured with"
    )


def load(place: str, options: Options) -> Model:
    """Return the shipped model, or that of a folder.

    Args:
        place: a folder, ``writer`` for the shipped one that writes, or nothing for the one that reads.
        options: how it is run.

    Raises:
        ModelError: a file is missing or damaged.
    """
    if place == WRITER or is_writer(Path(place or SHIPPED)):
        return Writer("" if place == WRITER else place, f"builtin:{place}", options)
    return Builtin(place, None if options.precision == "auto" else options.precision)


@dataclass(frozen=True)
class Scores:
    """Raw figures of some pictures.

    Args:
        answers: the candidates, and ``"none"`` last.
        logits: their scores, ``(N, answers)``.
        bits: bits per cell of each picture, ``(N,)``, or None where they were not asked for.
        calibration: what makes sense of them.
    """

    answers: tuple[str, ...]
    logits: Floats
    bits: npt.NDArray[np.float64] | None
    calibration: Calibration

    @cached_property
    def shares(self) -> npt.NDArray[np.float64]:
        """Calibrated probabilities, ``(N, answers)``."""
        return softmax(self.logits.astype(np.float64) / self.calibration.temperature)

    @cached_property
    def order(self) -> Ids:
        """The candidates of each picture, likeliest first, ``(N, candidates)``; "none" is not among them."""
        return np.argsort(-self.shares[:, :-1], axis=1, kind="stable")

    @cached_property
    def familiarity(self) -> npt.NDArray[np.float64] | None:
        """How usual each picture is, ``(N,)``, NaN where its answer has no known pictures; or None."""
        if self.bits is None:
            return None
        return self.calibration.familiarity(self.bits, [self.answers[place] for place in self.order[:, 0]])

    def figures(self) -> Figures:
        """Return what limits are fitted on; familiarity is 1 where it was not measured."""
        usual = np.ones(len(self.logits)) if self.familiarity is None else self.familiarity
        usual = np.where(np.isnan(usual), 1.0, usual)
        return Figures(self.shares[:, :-1].max(1), self.shares[:, -1], usual)

    def readings(self) -> list[Reading]:
        """Return one reading for each picture."""
        confidence = self.shares[:, :-1].max(1)
        out = self.calibration.abstains(confidence, self.shares[:, -1], self.familiarity)
        return [self._reading(number, bool(out[number])) for number in range(len(self.logits))]

    def _reading(self, number: int, abstained: bool) -> Reading:
        shares, order = self.shares[number], self.order[number]
        candidates = [(self.answers[place], float(shares[place])) for place in order]
        usual = float("nan") if self.familiarity is None else float(self.familiarity[number])
        return Reading(
            answer=None if abstained else candidates[0][0],
            confidence=candidates[0][1],
            candidates=candidates,
            familiarity=None if math.isnan(usual) else usual,
            abstained=abstained,
        )


class Builtin(NanoSpeaking, Model):
    """A model folder behind the interface that all models have.

    Args:
        place: the folder; nothing is the shipped model's.
        precision: ``"float32"`` or ``"int8"``; None is what the folder's calibration was measured with.
        threads: batches run side by side; None is one for each core.

    Raises:
        ModelError: a file is missing or damaged.
    """

    engine: Engine

    def __init__(
        self, place: str = "", precision: Precision | None = None, threads: int | None = None
    ) -> None:
        self.name = f"builtin:{place}" if place else "builtin"
        folder = open_folder(place or SHIPPED)
        self.engine = Engine(folder, precision or folder.calibration.get("precision", "float32"), threads)

    @cached_property
    def subjects(self) -> Mapping[str, Sequence[str]]:
        """The kinds that were taught, and the answers of each."""
        told: Mapping[str, Sequence[str]] = self._told.get("subjects") or SUBJECTS
        known = self.engine.vocabulary.ids
        return {
            kind: [answer for answer in answers if answer in known]
            for kind, answers in told.items()
            if question(kind) in known
        }

    @cached_property
    def layouts(self) -> dict[str, list[str]]:
        """The layouts that were taught, and the kinds that were taught in each."""
        told = self._told.get("layouts") or {name: list(self.subjects) for name in LAYOUTS}
        known = self.engine.vocabulary.ids
        taught = {
            name: [kind for kind in self.subjects if kind in kinds and drawing_opener(kind, name) in known]
            for name, kinds in told.items()
        }
        return {name: kinds for name, kinds in taught.items() if kinds}

    @property
    def _told(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        told: Mapping[str, Mapping[str, Sequence[str]]] = self.engine.folder.config.get("calligram") or {}
        return told

    def read(
        self,
        levels: Levels,
        layout: Layout,
        question: str,
        candidates: Sequence[str] | None = None,
        *,
        familiarity: bool = True,
    ) -> list[Reading]:
        if not len(levels):
            return []
        return self.score(levels, layout, question, candidates, familiarity=familiarity).readings()

    def score(
        self,
        levels: Levels,
        layout: Layout,
        asked: str,
        candidates: Sequence[str] | None = None,
        *,
        familiarity: bool = True,
    ) -> Scores:
        """Return the raw figures behind :meth:`read`, with the same arguments."""
        kind = find_kind(asked, self.subjects)
        name = self._taught(layout, kind)
        answers = self._answers([kind] if kind else self.layouts[name], candidates)
        tokens = np.array([self.engine.vocabulary.ids[answer] for answer in answers], np.int64)
        calibration = read_calibration(self.engine.folder.calibration, name, kind or ANY)
        text = question(kind) if kind else GENERAL
        ids = reading_ids(self.engine, levels, layout.symbols, text)
        if not familiarity:
            return Scores(answers, weigh_answers(self.engine, ids, tokens), None, calibration)
        grammar = DrawingGrammar(self.engine.vocabulary, layout.symbols, *levels.shape[1:])
        logits, bits = weigh_both(self.engine, ids, tokens, grammar)
        return Scores(answers, logits, bits, calibration)

    def _answers(self, kinds: Sequence[str], candidates: Sequence[str] | None) -> tuple[str, ...]:
        known = list(dict.fromkeys(answer for name in kinds for answer in self.subjects[name]))
        return (*(match_answers(candidates, known) if candidates is not None else known), NONE)

    def _taught(self, layout: Layout, kind: str | None = None) -> str:
        """Return the name under which a layout was taught, for pictures of a kind where one is named."""
        taught = [name for name, kinds in self.layouts.items() if kind is None or kind in kinds]
        wanted = (layout.columns, layout.symbols)
        alike = [name for name in taught if (LAYOUTS[name].columns, LAYOUTS[name].symbols) == wanted]
        for name in alike:
            if name == layout.name or LAYOUTS[name].grid() == layout.grid():
                return name
        shown = f"{kind}s in " if kind and layout.name in self.layouts else ""
        raise ModelError(
            f"the model was not taught {shown}the layout {layout.name!r} ({layout.columns} columns of "
            f"{layout.symbols!r}): use {' or '.join(taught)}"
        )

    def draw(
        self,
        request: Request,
        layout: Layout,
        count: int = 1,
        options: SamplingOptions | None = None,
        *,
        prefix_levels: Levels | None = None,
        on_row: OnRow | None = None,
    ) -> list[Levels]:
        rows, columns = layout.grid()
        grammar = DrawingGrammar(self.engine.vocabulary, layout.symbols, rows, columns)
        sketch = Sketch(self._prompt(request, layout), grammar, prefix_levels)
        options = options or SamplingOptions()
        settings.check(options)
        if options.guidance is None:
            options = replace(options, guidance=USUAL_GUIDANCE)
        return draw(self.engine, sketch, count, options, on_row)

    def _prompt(self, request: Request, layout: Layout) -> str:
        kind, answer = find_request(request, self.subjects)
        return drawing_prompt(kind, answer, self._taught(layout, kind))

    def bits_per_cell(
        self, levels: Levels, layout: Layout, request: Request | None = None
    ) -> npt.NDArray[np.float64]:
        prompt = "" if request is None else self._prompt(request, layout)
        self._taught(layout)
        if not len(levels):
            return np.zeros(0)
        grammar = DrawingGrammar(self.engine.vocabulary, layout.symbols, *levels.shape[1:])
        return weigh_pictures(self.engine, levels, grammar, prompt)

    def why(self, levels: Levels, layout: Layout, question: str) -> npt.NDArray[np.float64]:
        """Return which cells of one picture carried the answer, ``(rows, columns)``, 0 to 1.

        Each run of four cells is emptied, then filled; what it carried is how far the answer's
        log-probability falls, taken as the mean of both (occlusion, Zeiler and Fergus 2014). The four share
        one figure.
        """
        base = self.score(levels[None], layout, question, familiarity=False)
        answer = int(base.shares[0].argmax())
        hidden = self.score(_occlude(levels, layout.level_count), layout, question, familiarity=False)
        falls = np.log(base.shares[0, answer]) - np.log(hidden.shares[:, answer] + 1e-12)
        carried = np.maximum(falls, 0).reshape(2, levels.shape[0], -1).mean(0)
        spread: npt.NDArray[np.float64] = np.repeat(carried, CELLS_PER_TOKEN, axis=1)
        return spread / max(float(spread.max()), 1e-12)

    def describe(self) -> dict[str, object]:
        folder = self.engine.folder
        return {
            "name": self.name,
            "parameters": folder.parameters,
            "tokens": len(folder.vocabulary),
            "positions": folder.positions,
            "precision": self.engine.precision,
            "layouts": self.layouts,
            "subjects": {kind: list(answers) for kind, answers in self.subjects.items()},
        }


@dataclass(frozen=True)
class KnownPictures:
    """Held-out pictures whose answers are known, to calibrate a model on.

    Args:
        levels: ``(N, rows, columns)``.
        layout: how they are spelled.
        question: what is asked of each.
        answers: the right answer to each.
    """

    levels: Levels
    layout: Layout
    question: str
    answers: Sequence[str]


def calibrate(
    model: Builtin, known: KnownPictures, strange: Sequence[Levels] = (), allowed: float = 0.02
) -> Calibration:
    """Return temperature, known bits per cell and limits of abstaining for one layout and question.

    Args:
        model: whose own calibration of that layout and question does not matter here.
        known: held-out pictures.
        strange: pictures of each sort to abstain from, each ``(N, rows, columns)``; none sets no limits.
        allowed: largest share of the known pictures to abstain from.
    """

    def score(levels: Levels) -> Scores:
        return model.score(levels, known.layout, known.question)

    raw = score(known.levels)
    truth = np.array([raw.answers.index(answer) for answer in known.answers])
    assert raw.bits is not None
    base = Calibration(fit_temperature(raw.logits, truth), bits=fit_bits(raw.bits, known.answers))
    if not strange:
        return base
    figures = [replace(score(levels), calibration=base).figures() for levels in strange]
    return fit_limits(base, replace(raw, calibration=base).figures(), figures, allowed)


def _occlude(levels: Levels, level_count: int) -> Levels:
    """Return copies of a picture, each with one run of four cells empty, then each with one run full."""
    rows, columns = levels.shape
    runs = rows * columns // CELLS_PER_TOKEN
    copies = np.tile(levels.reshape(1, runs, CELLS_PER_TOKEN), (2 * runs, 1, 1))
    copies[np.arange(runs), np.arange(runs)] = 0
    copies[runs + np.arange(runs), np.arange(runs)] = level_count - 1
    return copies.reshape(2 * runs, rows, columns)
