"""From a trained network to a finished model folder: export, choice of precision, calibration."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from calligram.models.builtin import Builtin, KnownPictures, calibrate
from calligram.nano import prompts
from calligram.nano.calibration import ANY, write_calibration
from calligram.nano.export import export_model
from calligram.nano.folder import CALIBRATION, Precision
from calligram.nano.network import Network, export_state, llama_config
from calligram.nano.vocabulary import END, PAD, Ids, Vocabulary
from calligram.picture import Layout, encode_batch, get_layout
from calligram.training.nano_exam import Exam
from calligram.training.nano_strangers import strangers
from calligram.whole_files import write_whole

Taught = Mapping[str, Sequence[str]]

MOST_MARKED = 1500
"""Held-out pictures of each kind that the exported model is marked on."""
MOST_KNOWN = 900
"""Held-out pictures of each kind that the limits of abstaining are measured on."""
MOST_STRANGE = 300
MOST_LOST = 0.001
"""int8 is chosen where it reads at most this share fewer of all held-out pictures taken together."""


def finish(
    network: Network, vocabulary: Vocabulary, exams: Sequence[Exam], taught: Taught, folder: Path
) -> dict[str, float]:
    """Write a model folder with graphs and calibration, and return its marks.

    Args:
        network: trained.
        vocabulary: its tokens.
        exams: held-out images of each kind.
        taught: names of the layouts it was taught, and the kinds taught in each.
        folder: where the files go.

    Returns:
        The share of held-out images read right, as ``{"digit classic": 0.98}``, by the exported model.
    """
    config = llama_config(network.shape, len(vocabulary), vocabulary.ids[PAD], vocabulary.ids[END])
    config["calligram"] = {
        "subjects": {exam.kind: list(exam.answers) for exam in exams},
        "layouts": {name: list(kinds) for name, kinds in taught.items()},
    }
    pairs = [
        (exam, get_layout(name)) for name, kinds in taught.items() for exam in exams if exam.kind in kinds
    ]
    samples = [_texts(vocabulary, exam, layout) for exam, layout in pairs]
    export_model(folder, export_state(network), config, vocabulary, {}, samples)
    precision, marks = _choose_precision(folder, pairs)
    calibration = {"precision": precision, **_calibrate(Builtin(str(folder), precision), pairs)}
    write_whole(folder / CALIBRATION, (json.dumps(calibration) + "\n").encode())
    return marks


def _texts(vocabulary: Vocabulary, exam: Exam, layout: Layout, count: int = 48) -> Ids:
    pictures = vocabulary.picture_ids(encode_batch(exam.images[:count], layout), layout.symbols)
    asked = np.full((len(pictures), 1), vocabulary.ids[prompts.question(exam.kind)])
    return np.concatenate([pictures, asked], axis=1)


def _choose_precision(
    folder: Path, pairs: Sequence[tuple[Exam, Layout]]
) -> tuple[Precision, dict[str, float]]:
    plain, small = (_marks(Builtin(str(folder), kind), pairs) for kind in ("float32", "int8"))
    if sum(small.values()) >= sum(plain.values()) - MOST_LOST * len(plain):
        return "int8", small
    return "float32", plain


def _marks(model: Builtin, pairs: Sequence[tuple[Exam, Layout]]) -> dict[str, float]:
    marks = {}
    for exam, layout in pairs:
        grids = encode_batch(exam.images[:MOST_MARKED], layout)
        scores = model.score(grids, layout, prompts.question(exam.kind).strip(), familiarity=False)
        right = scores.logits[:, :-1].argmax(1) == exam.labels[:MOST_MARKED]
        marks[f"{exam.kind} {layout.name}"] = round(float(right.mean()), 5)
    return marks


def _calibrate(model: Builtin, pairs: Sequence[tuple[Exam, Layout]]) -> dict[str, object]:
    written: dict[str, object] = {}
    made = strangers(MOST_STRANGE, np.random.default_rng(0))
    for layout in dict.fromkeys(layout for _, layout in pairs):
        exams = [exam for exam, at in pairs if at == layout]
        parts = [_known(exam, layout, prompts.question(exam.kind).strip(), MOST_KNOWN) for exam in exams]
        for exam, known in zip(exams, parts, strict=True):
            others = [
                other.images[:MOST_STRANGE] for other in exams if not _confusable(other.kind, exam.kind)
            ]
            strange = [encode_batch(images, layout) for images in (made, *others)]
            write_calibration(written, layout.name, exam.kind, calibrate(model, known, strange))
        some = [_known(exam, layout, prompts.GENERAL.strip(), MOST_KNOWN // 3) for exam in exams]
        levels = np.concatenate([part.levels for part in some])
        answers = [answer for part in some for answer in part.answers]
        known = KnownPictures(levels, layout, prompts.GENERAL.strip(), answers)
        write_calibration(written, layout.name, ANY, calibrate(model, known, [encode_batch(made, layout)]))
    return written


def _known(exam: Exam, layout: Layout, question: str, most: int) -> KnownPictures:
    answers = [exam.answers[label] for label in exam.labels[:most]]
    return KnownPictures(encode_batch(exam.images[:most], layout), layout, question, answers)


def _confusable(one: str, other: str) -> bool:
    """Say whether pictures of one kind may rightly be taken for another: a letter O for a nought."""
    return one == other or {one, other} == {"digit", "letter"}
