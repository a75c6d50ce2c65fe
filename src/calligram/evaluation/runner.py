"""Runs one evaluation from end to end: the one function behind ``calligram evaluate``."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import calligram
from calligram.errors import RequestError
from calligram.evaluation.abstaining import (
    Grids,
    Look,
    collect_strange,
    collect_whole,
    digest_groups,
    measure_abstention,
    measure_seeing,
)
from calligram.evaluation.bounds import Bounds
from calligram.evaluation.checking import check_at_once
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
from calligram.evaluation.notes import tell_notes
from calligram.evaluation.options import EvaluationOptions
from calligram.evaluation.origins import tell_model
from calligram.evaluation.outcomes import digest_pictures, tell_outcomes
from calligram.evaluation.reading import (
    Mistake,
    Question,
    Reader,
    Said,
    collect_mistakes,
    tell_reading,
    to_answers,
)
from calligram.evaluation.robustness import measure_robustness
from calligram.metrics.base import Answers, Figures
from calligram.picture import get_layout

if TYPE_CHECKING:
    from calligram.models.base import Model

KEPT_MISTAKES = 200
QUICK_BATCH, SLOW_BATCH = 500, 20
"""Pictures handed at once to the built-in model, and to others, which are slower: each step is kept."""
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
        follows: what else the figures follow from, as :func:`tell_follows` gives it; it is put on record.
    """

    progress: Progress | None = None
    look: Look | None = None
    hand: Hand | None = None
    prepare: Prepare | None = None
    journal: Journal = field(default_factory=Journal)
    follows: Mapping[str, Any] = field(default_factory=dict)


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
        ``accuracy``, ``interval``, ``skipped`` (images left out since they cannot be read), ``notes`` (what
        to know before believing the rest), ``ceiling`` (an accuracy, or None), ``reading`` (every measure),
        ``outcomes`` (which pictures were read right), ``ceiling_details``, ``baselines``, ``drawing``,
        ``abstention``, ``robustness`` (None unless asked for) and ``run`` (options, versions, seconds).

    Raises:
        CalligramError: a model, a source, a folder or an extra is missing, or does not fit.
    """
    begun, tools = time.perf_counter(), tools or Tools()
    follows = tools.follows or (tell_follows(model, options) if isinstance(model, str) else {})
    layout = get_layout(options.layout)
    check_at_once(source, options)
    opened = open_named(model, options.base_url) if isinstance(model, str) else model
    framing = _settle(source, options, tools)
    test = load_grids(source, options.split, layout, options.limit, options.seed, framing, options.bad_images)
    bounds = Bounds(options, test, framing, tools.progress)
    bounds.check()
    strange = _collect_strange(test, options)
    tools.journal.check("pictures", digest_pictures(test.digests, test.labels, test.classes))
    if strange:
        tools.journal.check("strange pictures", digest_groups(strange))
    reader = Reader(opened, _ask(opened, options, test), tools.progress, tools.journal)
    said = _read(reader, test)
    answers = to_answers(said, test)
    judgement = None
    if options.draws:
        hand = remember_drawings(tools.hand or _plain_hand(options), tools.journal)
        judgement = bounds.judge(opened, hand)
    figures = {
        **_head(opened, test, framing, tell_reading(said, answers)),
        "notes": tell_notes(test, bounds.learned, options),
        "outcomes": tell_outcomes(answers, test),
        **bounds.measure(),
        "drawing": judgement.figures if judgement else None,
        "abstention": _measure_strange(reader, options, test, answers, strange, tools),
        "robustness": _measure_robustness(reader, options, test, framing),
        "run": _record(options, reader.question, follows, time.perf_counter() - begun),
    }
    return Evaluation(figures, test, collect_mistakes(said, answers, test, KEPT_MISTAKES), judgement)


def open_named(name: str, base_url: str = "") -> "Model":
    """Return the model of that name, as ``"builtin"`` or ``"builtin:FOLDER"``."""
    # the family's members are heavy; they are loaded when one is asked for
    from calligram.models.base import open_model

    return open_model(name, base_url)


def tell_follows(
    model: str, options: EvaluationOptions, besides: Collection[Path] = (), **lent: Any
) -> dict[str, Any]:
    """Return what a run's figures follow from beside source and options, ready for JSON.

    Args:
        model: the model's spelling.
        options: what is measured.
        besides: files that are no part of the model although they may lie in its folder.
        lent: the resolved options of each room that lends a tool, as ``see_options``.

    Returns:
        ``model_options``, ``weights`` (a checksum, or None), and what was lent.

    Raises:
        CalligramError: the model's options do not fit, or its files cannot be read.
    """
    told = tell_model(model, options.base_url, besides)
    return {"model_options": told["options"], "weights": told["weights"], **lent}


def open_journal(
    path: Path | None,
    model: str,
    source: str,
    options: EvaluationOptions,
    follows: Mapping[str, Any] | None = None,
) -> Journal:
    """Return the journal of one run, with the steps that an earlier, killed try of it finished.

    Args:
        path: the file, or None to keep nothing.
        model: the model's name; its options are among ``follows``.
        source: the source's spelling.
        options: what is measured.
        follows: what else the figures follow from.

    Raises:
        OptionError: the file holds the steps of another run.
        OutputError: the file cannot be read or written.
    """
    run = {"model": model, "source": source, "options": asdict(options), "version": calligram.__version__}
    return Journal(path, {**run, **(follows or {})})


def _settle(source: str, options: EvaluationOptions, tools: Tools) -> Framing | None:
    if not tools.prepare:
        return None
    return choose_framing(source, options.split, options.framing, options.polarity, tools.prepare)


def _ask(model: "Model", options: EvaluationOptions, test: LabelledGrids) -> Question:
    candidates: Sequence[str] | None = None if options.open_answers else test.classes
    batch = options.batch or (QUICK_BATCH if model.name.partition(":")[0] == "builtin" else SLOW_BATCH)
    return Question(options.question or test.question, candidates, batch)


def _read(reader: Reader, test: LabelledGrids) -> list[Said]:
    """Return what a model says of each picture; where it was never taught such, say what to do instead."""
    from calligram.models.base import taught_subjects

    try:
        return reader.read(test.levels, test.layout)
    except RequestError as fault:
        taught = taught_subjects(reader.model)
        if taught is None:
            raise
        kinds = ", ".join(f"{kind}s" for kind in taught)
        raise RequestError(
            f"{reader.model.name} cannot be measured on {test.source}: {fault}. It reads {kinds}: where the "
            f"images show such, say so behind the source, as ?kind={next(iter(taught), 'digit')}; measure "
            "anything else with hf:… or openai:…, or teach a model with calligram train"
        ) from fault


def _plain_hand(options: EvaluationOptions) -> Hand:
    from calligram.models.base import SamplingOptions

    sampling = SamplingOptions()
    if options.temperature is not None:
        sampling = replace(sampling, temperature=options.temperature)
    return draw_plainly(sampling)


def _collect_strange(test: LabelledGrids, options: EvaluationOptions) -> dict[str, dict[str, Grids]] | None:
    if not options.abstention:
        return None
    return collect_strange(
        test, options.photos, options.other, options.strange, options.seed, options.bad_images
    )


def _measure_strange(
    reader: Reader,
    options: EvaluationOptions,
    test: LabelledGrids,
    answers: Answers,
    groups: dict[str, dict[str, Grids]] | None,
    tools: Tools,
) -> Figures | None:
    if groups is None:
        return None
    measured = measure_abstention(reader, test.layout, groups, answers)
    return {**measured, "seen": _measure_seen(reader, options, test, tools)}


def _measure_seen(
    reader: Reader, options: EvaluationOptions, test: LabelledGrids, tools: Tools
) -> Figures | None:
    look = tools.look
    if not look:
        return None
    groups = collect_whole(
        options.photos, options.other, options.split, options.strange, options.seed, options.bad_images
    )
    most = min(options.limit or options.strange, options.strange)
    familiar = load_images(test.source, options.split, most, options.seed, options.bad_images)
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
    images = load_frames(test.source, options.split, options.limit, options.seed, framing, options.bad_images)
    return measure_robustness(reader, images, test, options.seed)


def _head(
    model: "Model", test: LabelledGrids, framing: Framing | None, reading: dict[str, Figures]
) -> Figures:
    return {
        "model": model.name,
        "source": test.source,
        "split": test.split,
        "layout": test.layout.name,
        "framing": framing.describe() if framing else None,
        "n": reading["accuracy"]["n"],
        "skipped": len(test.skipped),
        "accuracy": reading["accuracy"]["accuracy"],
        "interval": reading["accuracy"]["interval"],
        "reading": reading,
    }


def _record(
    options: EvaluationOptions, question: Question, follows: Mapping[str, Any], seconds: float
) -> Figures:
    versions = {"calligram": calligram.__version__}
    for package in VERSIONED:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "options": {**asdict(options), "batch": question.batch},
        **follows,
        "question": question.text,
        "counted": "the first candidate, also where the model abstained",
        "versions": versions,
        "seconds": round(seconds, 1),
    }
