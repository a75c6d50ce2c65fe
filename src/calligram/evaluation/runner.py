"""Runs one evaluation from end to end: the one function behind ``calligram evaluate``."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import calligram
from calligram.evaluation.abstaining import (
    Look,
    collect_strange,
    collect_whole,
    measure_abstention,
    measure_seeing,
)
from calligram.evaluation.baselines import measure_baselines
from calligram.evaluation.ceiling import measure_ceiling
from calligram.evaluation.convnet import ConvnetSettings, Progress
from calligram.evaluation.drawing import DrawingTask, Hand, Judgement, draw_plainly, judge_drawings
from calligram.evaluation.examples import LabelledGrids, check_apart, load_grids, load_images
from calligram.evaluation.judge import train_judge
from calligram.evaluation.options import EvaluationOptions
from calligram.evaluation.reading import Mistake, Question, collect_mistakes, read_all, to_answers
from calligram.metrics.base import Answers, Figures, measure_all
from calligram.picture import get_layout
from calligram.settings import cache_folder

if TYPE_CHECKING:
    from calligram.models.base import Model

KEPT_MISTAKES = 200
VERSIONED = ("numpy", "pillow", "onnxruntime", "torch", "scikit-learn")


@dataclass(frozen=True)
class Evaluation:
    """The outcome of one evaluation.

    Args:
        figures: what ``--json`` prints.
        examples: the pictures that were read.
        mistakes: the pictures read wrongly, the most confident first.
        judgement: the drawings, or None where none were asked for.
    """

    figures: Figures
    examples: LabelledGrids
    mistakes: list[Mistake] = field(default_factory=list)
    judgement: Judgement | None = None


def evaluate(
    model: "str | Model",
    source: str,
    options: EvaluationOptions,
    progress: Progress | None = None,
    look: Look | None = None,
    hand: Hand | None = None,
) -> Evaluation:
    """Return how a model reads a source, and whatever else the options ask for.

    Args:
        model: a name of the family ``models``, as ``"builtin"``, or an opened model.
        source: the spelling of a source, as ``"idx:data/mnist"``.
        options: what is measured.
        progress: called with what is done, steps done and steps in all.
        look: reads one whole image, as ``calligram see`` does; with it abstention is measured on whole
            images too.
        hand: makes the drawings, as ``calligram draw`` does; without it the model's first ones are taken.

    Returns:
        An evaluation whose figures hold ``model``, ``source``, ``split``, ``layout``, ``n``, ``accuracy``,
        ``interval``, ``ceiling`` (an accuracy, or None), ``reading`` (every measure), ``ceiling_details``,
        ``baselines``, ``drawing``, ``abstention`` (None unless asked for) and ``run`` (options, versions,
        seconds).

    Raises:
        CalligramError: a model, a source, a folder or an extra is missing, or does not fit.
    """
    begun = time.perf_counter()
    opened = open_named(model) if isinstance(model, str) else model
    test = load_grids(source, options.split, get_layout(options.layout), options.limit, options.seed)
    question = _ask(options, test)
    readings = read_all(opened, test.levels, test.layout, question, progress)
    answers = to_answers(readings, test)
    bounds = _Bounds(source, options, test, progress)
    judgement = bounds.judge(opened, hand or _plain_hand(options)) if options.drawing else None
    strange = _measure_strange(opened, options, test, answers, question, progress)
    if strange and look:
        strange["seen"] = _measure_seen(opened, options, test, question, look, progress)
    figures = {
        **_head(opened, test, answers),
        **bounds.measure(),
        "drawing": judgement.figures if judgement else None,
        "abstention": strange,
        "run": _record(options, question.text, time.perf_counter() - begun),
    }
    mistakes = collect_mistakes(readings, answers, test, KEPT_MISTAKES)
    return Evaluation(figures, test, mistakes, judgement)


def open_named(name: str) -> "Model":
    """Return the model of that name, as ``"builtin"`` or ``"builtin:FOLDER"``."""
    # the family's members are heavy; they are loaded when one is asked for
    from calligram.models.base import open_model

    return open_model(name)


def default_cache() -> Path:
    """Return the folder where trained nets are kept, which may not exist yet."""
    return cache_folder() / "convnets"


@dataclass(frozen=True)
class _Bounds:
    source: str
    options: EvaluationOptions
    test: LabelledGrids
    progress: Progress | None

    def measure(self) -> Figures:
        """Return ceiling and baselines, each None unless asked for."""
        asked = self.options
        ceiling = baselines = None
        if asked.ceiling:
            ceiling = measure_ceiling(
                self._train(), self.test, self._settings(), self._cache(), self.progress
            )
        if asked.ceiling and asked.baselines:
            train = self._train()
            baselines = measure_baselines(train, self.test, asked.baseline_limit, asked.seed, self.progress)
        accuracy = ceiling["accuracy"] if ceiling else None
        return {"ceiling": accuracy, "ceiling_details": ceiling, "baselines": baselines}

    def judge(self, model: "Model", hand: Hand) -> Judgement:
        """Return what a convolutional judge says of the model's drawings."""
        asked, train = self.options, self._train()
        judge = train_judge(train, self.test, self._settings(), self._cache(), self.progress)
        task = DrawingTask(asked.drawings, asked.request, asked.seed, hand)
        return judge_drawings(model, train, self.test, judge, task, self.progress)

    def _train(self) -> LabelledGrids:
        asked = self.options
        limit, layout = asked.train_limit, self.test.layout
        train = load_grids(self.source, asked.train_split, layout, limit, asked.seed)
        check_apart(train, self.test)
        return train

    def _settings(self) -> ConvnetSettings:
        return ConvnetSettings(epochs=self.options.epochs, seed=self.options.seed)

    def _cache(self) -> Path | None:
        return default_cache() if self.options.cache else None


def _ask(options: EvaluationOptions, test: LabelledGrids) -> Question:
    candidates: Sequence[str] | None = None if options.open_answers else test.classes
    return Question(options.question or test.question, candidates, options.batch)


def _plain_hand(options: EvaluationOptions) -> Hand:
    from calligram.models.base import SamplingOptions

    sampling = SamplingOptions()
    if options.temperature is not None:
        sampling = replace(sampling, temperature=options.temperature)
    return draw_plainly(sampling)


def _measure_strange(
    model: "Model",
    options: EvaluationOptions,
    test: LabelledGrids,
    answers: Answers,
    question: Question,
    progress: Progress | None,
) -> Figures | None:
    if not options.abstention:
        return None
    groups = collect_strange(test, options.photos, options.other, options.strange, options.seed)
    measured = measure_abstention(model, test.layout, groups, answers, question, progress)
    return {**measured, "seen": None}


def _measure_seen(
    model: "Model",
    options: EvaluationOptions,
    test: LabelledGrids,
    question: Question,
    look: Look,
    progress: Progress | None,
) -> Figures:
    groups = collect_whole(options.photos, options.other, options.split, options.strange, options.seed)
    most = min(options.limit or options.strange, options.strange)
    familiar = load_images(test.source, options.split, most, options.seed)
    return measure_seeing(
        lambda image: look(model, image, test.layout, question.text), groups, familiar, progress
    )


def _head(model: "Model", test: LabelledGrids, answers: Answers) -> Figures:
    reading = measure_all(answers)
    return {
        "model": model.name,
        "source": test.source,
        "split": test.split,
        "layout": test.layout.name,
        "n": reading["accuracy"]["n"],
        "accuracy": reading["accuracy"]["accuracy"],
        "interval": reading["accuracy"]["interval"],
        "reading": reading,
    }


def _record(options: EvaluationOptions, question: str, seconds: float) -> Figures:
    versions = {"calligram": calligram.__version__}
    for package in VERSIONED:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "options": asdict(options),
        "question": question,
        "counted": "the first candidate, also where the model abstained",
        "versions": versions,
        "seconds": round(seconds, 1),
    }
