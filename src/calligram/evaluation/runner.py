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
from calligram.evaluation.bounds import Bounds
from calligram.evaluation.convnet import Progress
from calligram.evaluation.drawing import Hand, Judgement, draw_plainly, remember_drawings
from calligram.evaluation.examples import (
    LabelledGrids,
    choose_framing,
    load_frames,
    load_grids,
    load_images,
)
from calligram.evaluation.framing import Framing, Prepare
from calligram.evaluation.journal import Journal
from calligram.evaluation.options import EvaluationOptions
from calligram.evaluation.outcomes import tell_outcomes
from calligram.evaluation.reading import Mistake, Question, Reader, collect_mistakes, to_answers
from calligram.evaluation.robustness import measure_robustness
from calligram.metrics.base import Answers, Figures, measure_all
from calligram.picture import get_layout

if TYPE_CHECKING:
    from calligram.models.base import Model

KEPT_MISTAKES = 200
VERSIONED = ("numpy", "pillow", "onnxruntime", "torch", "transformers", "openai", "anthropic", "scikit-learn")


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


@dataclass(frozen=True)
class Tools:
    """What a door lends an evaluation from the other rooms.

    Args:
        progress: called with what is done, steps done and steps in all.
        look: reads one whole image, as ``calligram see`` does; with it abstention is measured on whole images
            too.
        hand: makes the drawings, as ``calligram draw`` does; without it the model's first ones are taken.
        prepare: frames one image as ``calligram see`` does; without it images are read as they are.
        journal: keeps finished steps, so that a killed run goes on where it was.
    """

    progress: Progress | None = None
    look: Look | None = None
    hand: Hand | None = None
    prepare: Prepare | None = None
    journal: Journal = field(default_factory=Journal)


def evaluate(
    model: "str | Model", source: str, options: EvaluationOptions, tools: Tools | None = None
) -> Evaluation:
    """Return how a model reads a source, and whatever else the options ask for.

    Args:
        model: a name of the family ``models``, as ``"builtin"``, or an opened model.
        source: the spelling of a source, as ``"idx:data/mnist"``.
        options: what is measured.
        tools: what other rooms lend.

    Returns:
        An evaluation whose figures hold ``model``, ``source``, ``split``, ``layout``, ``framing``, ``n``,
        ``accuracy``, ``interval``, ``ceiling`` (an accuracy, or None), ``reading`` (every measure),
        ``outcomes`` (which pictures were read right), ``ceiling_details``, ``baselines``, ``drawing``,
        ``abstention``, ``robustness`` (None unless asked for) and ``run`` (options, versions, seconds).

    Raises:
        CalligramError: a model, a source, a folder or an extra is missing, or does not fit.
    """
    begun, tools = time.perf_counter(), tools or Tools()
    opened = open_named(model, options.base_url) if isinstance(model, str) else model
    framing = _settle(source, options, tools)
    layout = get_layout(options.layout)
    test = load_grids(source, options.split, layout, options.limit, options.seed, framing)
    reader = Reader(opened, _ask(options, test), tools.progress, tools.journal)
    said = reader.read(test.levels, layout)
    answers = to_answers(said, test)
    outcomes = tell_outcomes(answers, test)
    tools.journal.check("pictures", outcomes["pictures"])
    bounds = Bounds(options, test, framing, tools.progress)
    judgement = None
    if options.draws:
        hand = remember_drawings(tools.hand or _plain_hand(options), tools.journal)
        judgement = bounds.judge(opened, hand)
    figures = {
        **_head(opened, test, framing, answers),
        "outcomes": outcomes,
        **bounds.measure(),
        "drawing": judgement.figures if judgement else None,
        "abstention": _measure_strange(reader, options, test, answers, tools),
        "robustness": _measure_robustness(reader, options, test, framing),
        "run": _record(options, reader.question.text, time.perf_counter() - begun),
    }
    return Evaluation(figures, test, collect_mistakes(said, answers, test, KEPT_MISTAKES), judgement)


def open_named(name: str, base_url: str = "") -> "Model":
    """Return the model of that name, as ``"builtin"`` or ``"builtin:FOLDER"``."""
    # the family's members are heavy; they are loaded when one is asked for
    from calligram.models.base import open_model

    return open_model(name, base_url)


def open_journal(path: Path | None, model: str, source: str, options: EvaluationOptions) -> Journal:
    """Return the journal of one run, with the steps that an earlier, killed try of it finished.

    Args:
        path: the file, or None to keep nothing.
        model: the model's spelling.
        source: the source's spelling.
        options: what is measured.

    Raises:
        OptionError: the file holds the steps of another run.
        OutputError: the file cannot be read or written.
    """
    run = {"model": model, "source": source, "options": asdict(options), "version": calligram.__version__}
    return Journal(path, run)


def _settle(source: str, options: EvaluationOptions, tools: Tools) -> Framing | None:
    if not tools.prepare:
        return None
    return choose_framing(source, options.split, options.framing, options.polarity, tools.prepare)


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
    reader: Reader, options: EvaluationOptions, test: LabelledGrids, answers: Answers, tools: Tools
) -> Figures | None:
    if not options.abstention:
        return None
    groups = collect_strange(test, options.photos, options.other, options.strange, options.seed)
    measured = measure_abstention(reader, test.layout, groups, answers)
    return {**measured, "seen": _measure_seen(reader, options, test, tools)}


def _measure_seen(
    reader: Reader, options: EvaluationOptions, test: LabelledGrids, tools: Tools
) -> Figures | None:
    look = tools.look
    if not look:
        return None
    groups = collect_whole(options.photos, options.other, options.split, options.strange, options.seed)
    most = min(options.limit or options.strange, options.strange)
    familiar = load_images(test.source, options.split, most, options.seed)
    return measure_seeing(
        lambda image: look(reader.model, image, test.layout, reader.question.text),
        groups,
        familiar,
        tools.progress,
        tools.journal,
    )


def _measure_robustness(
    reader: Reader, options: EvaluationOptions, test: LabelledGrids, framing: Framing | None
) -> Figures | None:
    if not options.damages:
        return None
    images = load_frames(test.source, options.split, options.limit, options.seed, framing)
    return measure_robustness(reader, images, test, options.seed)


def _head(model: "Model", test: LabelledGrids, framing: Framing | None, answers: Answers) -> Figures:
    reading = measure_all(answers)
    return {
        "model": model.name,
        "source": test.source,
        "split": test.split,
        "layout": test.layout.name,
        "framing": framing.describe() if framing else None,
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
