"""From a trained network to a finished model folder: export, choice of precision, calibration."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calligram.models.builtin import Builtin, Scores
from calligram.nano import prompts
from calligram.nano.calibration import (
    ANY,
    Calibration,
    Figures,
    fit_bits,
    fit_limits,
    fit_temperature,
    write_calibration,
)
from calligram.nano.export import export_model
from calligram.nano.folder import CALIBRATION, Precision
from calligram.nano.network import Network, export_state, llama_config
from calligram.nano.vocabulary import END, PAD, Ids, Vocabulary
from calligram.picture import Layout, encode_batch, get_layout
from calligram.training.nano_exam import Exam
from calligram.training.nano_strangers import strangers

MOST_KNOWN = 1500
"""Held-out pictures of each kind that the limits of abstaining are measured on."""
MOST_STRANGE = 500
MOST_LOST = 0.001
"""int8 is chosen where it reads at most this share fewer of the held-out pictures."""
Levels = npt.NDArray[np.uint8]


def finish(
    network: Network, vocabulary: Vocabulary, exams: Sequence[Exam], layouts: Sequence[str], folder: Path
) -> dict[str, float]:
    """Write a model folder with graphs and calibration, and return its marks.

    Args:
        network: trained.
        vocabulary: its tokens.
        exams: held-out images of each kind.
        layouts: names of the layouts it was taught.
        folder: where the files go.

    Returns:
        The share of held-out images read right, as ``{"digit classic": 0.98}``, by the exported model.
    """
    taught = [get_layout(name) for name in layouts]
    config = llama_config(network.shape, len(vocabulary), vocabulary.ids[PAD], vocabulary.ids[END])
    config["calligram"] = {
        "subjects": {exam.kind: list(exam.answers) for exam in exams},
        "layouts": list(layouts),
    }
    samples = [_texts(vocabulary, exam, layout) for exam in exams for layout in taught]
    export_model(folder, export_state(network), config, vocabulary, {}, samples)
    precision, marks = _choose_precision(folder, exams, taught)
    calibration = {"precision": precision, **_calibrate(Builtin(str(folder), precision), exams, taught)}
    beside = folder / f"{CALIBRATION}.part"
    beside.write_text(json.dumps(calibration) + "\n", encoding="utf-8")
    beside.replace(folder / CALIBRATION)
    return marks


def _texts(vocabulary: Vocabulary, exam: Exam, layout: Layout, count: int = 48) -> Ids:
    pictures = vocabulary.picture_ids(encode_batch(exam.images[:count], layout), layout.symbols)
    asked = np.full((len(pictures), 1), vocabulary.ids[prompts.question(exam.kind)])
    return np.concatenate([pictures, asked], axis=1)


def _choose_precision(
    folder: Path, exams: Sequence[Exam], layouts: Sequence[Layout]
) -> tuple[Precision, dict[str, float]]:
    plain, small = (_marks(Builtin(str(folder), kind), exams, layouts) for kind in ("float32", "int8"))
    if all(small[name] >= plain[name] - MOST_LOST for name in plain):
        return "int8", small
    return "float32", plain


def _marks(model: Builtin, exams: Sequence[Exam], layouts: Sequence[Layout]) -> dict[str, float]:
    marks = {}
    for exam in exams:
        for layout in layouts:
            grids = encode_batch(exam.images, layout)
            scores = model.score(grids, layout, prompts.question(exam.kind).strip(), familiarity=False)
            right = scores.logits[:, :-1].argmax(1) == exam.labels
            marks[f"{exam.kind} {layout.name}"] = round(float(right.mean()), 5)
    return marks


def _calibrate(model: Builtin, exams: Sequence[Exam], layouts: Sequence[Layout]) -> dict[str, object]:
    written: dict[str, object] = {}
    made = strangers(MOST_STRANGE, exams[0].images.shape[1], np.random.default_rng(0))
    for layout in layouts:
        for exam in exams:
            others = [
                other.images[:MOST_STRANGE] for other in exams if not _confusable(other.kind, exam.kind)
            ]
            strange = [encode_batch(images, layout) for images in (made, *others)]
            known = encode_batch(exam.images[:MOST_KNOWN], layout)
            text = prompts.question(exam.kind).strip()
            fitted = _fit(model, layout, text, known, exam.labels[:MOST_KNOWN], strange)
            write_calibration(written, layout.name, exam.kind, fitted)
        known = np.concatenate([encode_batch(exam.images[: MOST_KNOWN // 3], layout) for exam in exams])
        starts = np.cumsum([0, *(len(exam.answers) for exam in exams)])
        truth = [
            exam.labels[: MOST_KNOWN // 3] + start for exam, start in zip(exams, starts[:-1], strict=True)
        ]
        text = prompts.GENERAL.strip()
        fitted = _fit(model, layout, text, known, np.concatenate(truth), [encode_batch(made, layout)])
        write_calibration(written, layout.name, ANY, fitted)
    return written


def _confusable(one: str, other: str) -> bool:
    """Say whether pictures of one kind may rightly be taken for another: a letter O for a nought."""
    return one == other or {one, other} == {"digit", "letter"}


def _fit(
    model: Builtin, layout: Layout, text: str, known: Levels, truth: Ids, strange: Sequence[Levels]
) -> Calibration:
    scores = model.score(known, layout, text)
    assert scores.bits is not None
    heat = fit_temperature(scores.logits, truth)
    usual = fit_bits(scores.bits, [scores.answers[place] for place in truth])
    base = Calibration(temperature=heat, bits=usual)

    def figures(of: Scores) -> Figures:
        return Scores(of.answers, of.logits, of.bits, base).figures()

    return fit_limits(base, figures(scores), [figures(model.score(some, layout, text)) for some in strange])
