"""One whole training of the built-in model: sources in, a folder with a finished model out."""

import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from calligram import __version__
from calligram.errors import MissingExtraError, SourceError
from calligram.sources.base import Source, open_source
from calligram.training.nano_options import NanoOptions

VALIDATION_SHARE = 0.05
"""The last images of each train split are never trained on; choices are made on them."""


@dataclass(frozen=True)
class Card:
    """What a finished training tells.

    Args:
        folder: where the model is.
        options: how it was trained.
        sources: name, image count, checksum and licence of each source.
        validation: share right on the held-out images, by kind and layout.
    """

    folder: str
    options: dict[str, object]
    sources: list[dict[str, object]]
    validation: dict[str, float]

    def lines(self) -> list[str]:
        """Return what a person is told at the end."""
        marks = [f"  {name}: {mark:.1%} of the held-out images read right" for name, mark in self.validation.items()]
        return [f"The model is in {self.folder}.", *marks]


def train_model(
    sources: Sequence[str],
    options: NanoOptions,
    folder: Path,
    teach: bool = False,
    tell: Callable[[int, str], None] = lambda step, line: None,
) -> Card:
    """Train, export and calibrate a model, and return its card.

    Args:
        sources: spellings such as ``"digits:"``; the train split of each is used, but for its last twentieth.
        options: how.
        folder: where the model, its checkpoint and its log go; an interrupted training goes on from there.
        teach: whether a convolutional net is trained first, whose soft answers the model follows.
        tell: told of every twentieth step.

    Raises:
        MissingExtraError: torch is not installed.
        SourceError: a source cannot be read, or two show the same kind.
        TrainingError: training had to stop.
    """
    try:
        import torch
    except ImportError as fault:
        raise MissingExtraError("torch", "train", "training the built-in model") from fault
    from calligram.training.nano import shares_of, train

    torch.set_num_threads(min(torch.get_num_threads(), 8))
    opened = [open_source(spelling, "train") for spelling in sources]
    kinds = [source.kind for source in opened]
    if len(set(kinds)) < len(kinds):
        raise SourceError(f"the sources show {', '.join(kinds)}, but each must show a kind of its own: leave one out")
    folder.mkdir(parents=True, exist_ok=True)
    subjects, exams = _subjects(opened, folder, teach, options.seed)
    network, vocabulary = train(subjects, exams, options, folder, tell)
    from calligram.training.nano_finish import finish

    validation = finish(network, vocabulary, exams, list(shares_of(options.layouts)), folder)
    rows = [_source_row(source) for source in opened]
    card = Card(str(folder), asdict(options), rows, validation)
    record = asdict(card) | {"calligram": __version__, "torch": torch.__version__, "python": platform.python_version()}
    del record["folder"]
    (folder / "training.json").write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return card


def _subjects(opened, folder, teach, seed):  # type: ignore[no-untyped-def]
    import torch

    from calligram.training.nano_augment import distortion_for
    from calligram.training.nano_exam import Exam
    from calligram.training.nano_examples import Subject, whole_images
    from calligram.training.nano_teacher import EPOCHS, train_teacher

    subjects, exams = [], []
    for source in opened:
        images, labels = whole_images(source)
        images, labels = _mixed(source, images, labels)
        cut = len(images) - max(1, round(len(images) * VALIDATION_SHARE))
        distortion = distortion_for(source.kind)
        teacher = None
        if teach and source.kind in EPOCHS:
            pixels, right = torch.from_numpy(images[:cut]).float() / 255, torch.from_numpy(labels[:cut])
            path = folder / f"teacher-{source.kind}.pt"
            teacher = train_teacher(pixels, right, distortion, EPOCHS[source.kind], path, seed)
        answers = tuple(source.classes)
        subjects.append(Subject(source.kind, answers, images[:cut], labels[:cut], distortion, teacher))
        exams.append(Exam(source.kind, answers, images[cut:], labels[cut:]))
    return subjects, exams


def _mixed(source: Source, images, labels):  # type: ignore[no-untyped-def]
    """Shuffle where labels stand in runs, as in a folder a class, so that the held-out end has every class."""
    if len(set(labels[-max(1, len(labels) // 20) :].tolist())) == len(source.classes):
        return images, labels
    order = np.random.default_rng(0).permutation(len(labels))
    return images[order], labels[order]


def _source_row(source: Source) -> dict[str, object]:
    name = source.name.partition(":")[0]
    digest = source.digest(range(len(source)))
    return {"name": name, "kind": source.kind, "images": len(source), "digest": digest, "licence": source.licence}
