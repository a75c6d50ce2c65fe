"""From a source to what is taught and what is held out."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from calligram.sources.base import Source
from calligram.training.nano_augment import distortion_for
from calligram.training.nano_exam import Exam
from calligram.training.nano_examples import Subject, whole_images
from calligram.training.nano_teacher import EPOCHS, train_teacher

VALIDATION_SHARE = 0.05
"""The last images of each train split are never trained on; choices are made on them."""


def prepare(source: Source, folder: Path, teach: bool, seed: int) -> tuple[Subject, Exam]:
    """Return what a source teaches, with a teacher where wanted, and its held-out last twentieth.

    Args:
        source: its train split.
        folder: where the teacher's weights are kept.
        teach: whether a teacher is trained, for the kinds that have one.
        seed: the teacher's.
    """
    images, labels = _mixed(*whole_images(source), len(source.classes))
    cut = len(images) - max(1, round(len(images) * VALIDATION_SHARE))
    distortion, teacher, answers = distortion_for(source.kind), None, tuple(source.classes)
    if teach and source.kind in EPOCHS:
        pixels, right = torch.from_numpy(images[:cut]).float() / 255, torch.from_numpy(labels[:cut])
        path = folder / f"teacher-{source.kind}-{cut}-seed{seed}.pt"
        teacher = train_teacher(pixels, right, distortion, EPOCHS[source.kind], path, seed)
    subject = Subject(source.kind, answers, images[:cut], labels[:cut], distortion, teacher)
    return subject, Exam(source.kind, answers, images[cut:], labels[cut:])


def _mixed(
    images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64], classes: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Shuffle where labels stand in runs, as from folders, so that the held-out end has every class."""
    if len(set(labels[-max(1, len(labels) // 20) :].tolist())) == classes:
        return images, labels
    order = np.random.default_rng(0).permutation(len(labels))
    return images[order], labels[order]
