"""How good a model's drawings are, with real test pictures measured the same way as the mark to reach."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError
from calligram.evaluation.convnet import Progress
from calligram.evaluation.examples import LabelledGrids
from calligram.evaluation.journal import Journal
from calligram.evaluation.judge import Judge
from calligram.metrics.base import Figures, PictureSet, measure_all
from calligram.picture import Layout

if TYPE_CHECKING:
    from calligram.models.base import Model, Request, SamplingOptions

Grids = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Drawn:
    """What a hand made: the grids ``(rows, columns)``, how many were tried for each, and by what options."""

    grids: Sequence[Grids]
    tries: Sequence[int]
    options: Mapping[str, Any]


Hand = Callable[["Model", "Request", Layout, int, int], Drawn]
"""Makes drawings: model, request, layout, how many and first seed in."""


def draw_plainly(sampling: "SamplingOptions") -> Hand:
    """Return a hand that takes each first drawing of the model, unread."""

    def hand(model: "Model", request: "Request", layout: Layout, count: int, seed: int) -> Drawn:
        grids = model.draw(request, layout, count, replace(sampling, seed=seed))
        return Drawn(grids, [1] * count, asdict(sampling))

    return hand


def remember_drawings(hand: Hand, journal: Journal) -> Hand:
    """Return a hand whose drawings of each class are kept in a journal, and taken from there."""

    def kept(model: "Model", request: "Request", layout: Layout, count: int, seed: int) -> Drawn:
        def make() -> dict[str, Any]:
            drawn = hand(model, request, layout, count, seed)
            grids = [np.asarray(grid).tolist() for grid in drawn.grids]
            return {"grids": grids, "tries": list(drawn.tries), "options": dict(drawn.options)}

        told = journal.once(f"drawing {request} {seed}", make)
        grids = [np.array(grid, np.uint8) for grid in told["grids"]]
        return Drawn(grids, told["tries"], told["options"])

    return kept


@dataclass(frozen=True)
class Judgement:
    """What was measured on drawings, and the drawings themselves.

    Args:
        figures: what JSON holds.
        drawn: the drawings.
        real: the real test pictures measured beside them.
    """

    figures: Figures
    drawn: PictureSet
    real: PictureSet


@dataclass(frozen=True)
class DrawingTask:
    """What a model is asked to draw.

    Args:
        count: drawings in all, shared evenly among the classes.
        request: words with ``{kind}`` and ``{label}`` to fill in; empty hands over kind and label alone, so
            that drawing is measured and not the understanding of words.
        seed: of the first drawing; each next one adds 1.
        hand: makes the drawings.
    """

    count: int
    request: str
    seed: int
    hand: Hand

    def ask(self, kind: str, label: str) -> "Request":
        """Return the request for one class."""
        if not self.request:
            return kind, label
        return self.request.replace("{kind}", kind).replace("{label}", label)


def judge_drawings(
    model: "Model",
    train: LabelledGrids,
    test: LabelledGrids,
    judge: Judge,
    task: DrawingTask,
    progress: Progress | None = None,
) -> Judgement:
    """Have a model draw every class, and return the figures of its drawings beside those of test pictures.

    Args:
        model: what draws.
        train: the pictures that copies would be of.
        test: real pictures that the model has not learned from; as many of each class as were asked for are
            measured, or all there are.
        judge: names what each picture shows; it never saw the model.
        task: what is drawn.
        progress: called with what is done, drawings made and drawings in all.

    Raises:
        ModelError: the model gave another number of drawings than it was asked for.

    Returns:
        Figures with ``judge`` (its own accuracy on all real test pictures), ``drawn`` and ``real`` (every
        measure of pictures), ``ratios`` (``diversity`` and ``nearest`` distance, drawn over real: 1 is the
        mark), ``requests`` (an example), ``tries`` (drawings made for each that was kept, their mean) and
        ``options`` (the hand's) and ``bits_refused`` (why the model cannot tell bits per cell, or None).
    """
    refused = _bits_refusal(model, test)
    jury = _Jury(model, train, judge, task, tells_bits=refused is None)
    counts = share_out(task.count, len(test.classes))
    drawn, tries, options = jury.draw(counts, progress)
    real = jury.take_real(test, counts)
    figures = {"drawn": measure_all(drawn), "real": measure_all(real)}
    ratios = {name: _ratio(figures, name) for name in ("diversity", "nearest")}
    told = {
        "requests": [_spell(task.ask(test.kind, label)) for label in test.classes],
        "tries": float(np.mean(tries)),
        "options": {name: value for name, value in options.items() if name != "seed"},
        "bits_refused": refused,
    }
    return Judgement({"judge": judge.figures, **figures, "ratios": ratios, **told}, drawn, real)


def share_out(count: int, parts: int) -> list[int]:
    """Return ``count`` shared evenly among ``parts``, the first ones getting what is left over.

    >>> share_out(10, 4)
    [3, 3, 2, 2]
    """
    return [count // parts + (place < count % parts) for place in range(parts)]


def is_well_formed(grid: Grids, layout: Layout, shape: tuple[int, ...]) -> bool:
    """Return whether a drawing has exactly the rows and columns asked for, and only levels of the layout."""
    grid = np.asarray(grid)
    return grid.shape == shape and bool((grid >= 0).all() and (grid < layout.level_count).all())


@dataclass(frozen=True)
class _Jury:
    model: "Model"
    train: LabelledGrids
    judge: Judge
    task: DrawingTask
    tells_bits: bool

    def draw(
        self, counts: Sequence[int], progress: Progress | None
    ) -> tuple[PictureSet, list[int], Mapping[str, Any]]:
        grids: list[Grids] = []
        tries: list[int] = []
        options: Mapping[str, Any] = {}
        for place, count in enumerate(counts):
            if count:
                made = self._draw_class(place, count, len(grids))
                grids, tries, options = [*grids, *made.grids], [*tries, *made.tries], made.options
            if progress:
                progress("drawing", len(grids), self.task.count)
        layout, shape = self.train.layout, self.train.levels.shape[1:]
        good = np.array([is_well_formed(grid, layout, shape) for grid in grids], np.bool_)
        levels = _stack([grid for grid, whole in zip(grids, good, strict=True) if whole], shape)
        asked = np.repeat(np.arange(len(counts)), counts)
        return self._to_set(asked, good, levels), tries, options

    def _draw_class(self, place: int, count: int, before: int) -> Drawn:
        task, request = self.task, self.task.ask(self.train.kind, self.train.classes[place])
        drawn = task.hand(self.model, request, self.train.layout, count, task.seed + before)
        if len(drawn.grids) != count:
            raise ModelError(
                f"{self.model.name} was asked for {count} drawings of {request!r} "
                f"but gave {len(drawn.grids)}: ask for fewer, or mend the model"
            )
        return drawn

    def take_real(self, test: LabelledGrids, counts: Sequence[int]) -> PictureSet:
        rng = np.random.default_rng(self.task.seed)
        chosen = [
            np.sort(rng.permutation(np.flatnonzero(test.labels == place))[:count])
            for place, count in enumerate(counts)
        ]
        real = test.take(np.concatenate(chosen))
        return self._to_set(real.labels, np.ones(len(real), np.bool_), real.levels)

    def _to_set(self, asked: npt.NDArray[np.int64], good: npt.NDArray[np.bool_], levels: Grids) -> PictureSet:
        return PictureSet(
            classes=self.train.classes,
            asked=asked,
            well_formed=good,
            levels=levels,
            judged=self.judge.name_classes(levels),
            training=self.train.levels,
            bits=self._count_bits(asked[good], levels),
        )

    def _count_bits(self, asked: npt.NDArray[np.int64], levels: Grids) -> npt.NDArray[np.float64] | None:
        if not self.tells_bits:
            return None
        bits = np.zeros(len(levels))
        for place in np.unique(asked):
            here = asked == place
            request = self.task.ask(self.train.kind, self.train.classes[place])
            bits[here] = self.model.bits_per_cell(levels[here], self.train.layout, request)
        return bits


def _bits_refusal(model: "Model", test: LabelledGrids) -> str | None:
    try:
        model.bits_per_cell(test.levels[:1], test.layout)
    except ModelError as fault:
        return str(fault)
    return None


def _stack(grids: Sequence[Grids], shape: tuple[int, ...]) -> Grids:
    return np.stack(grids).astype(np.uint8) if grids else np.zeros((0, *shape), np.uint8)


def _ratio(figures: Figures, name: str) -> float | None:
    drawn, real = figures["drawn"][name]["distance"], figures["real"][name]["distance"]
    return drawn / real if drawn is not None and real else None


def _spell(request: "Request") -> str:
    return request if isinstance(request, str) else ": ".join(request)
