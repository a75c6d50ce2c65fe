"""Batches for the built-in model: pictures, questions, answers and requests as token numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from calligram.nano import prompts
from calligram.nano.vocabulary import PAD, Vocabulary
from calligram.picture import Layout, encode_batch
from calligram.sources.base import Source
from calligram.training.nano_augment import Distortion, distort
from calligram.training.nano_strangers import strangers
from calligram.training.nano_teacher import Teacher

SIDE = 28
"""Images are brought to this many pixels a side before they are changed and laid out."""

LOOKALIKES = frozenset("AaBbDEGgIiJjLlOoPQqRSsTYyZz")
"""Letters that some hand's digit looks like; they never stand as examples of "no digit"."""


@dataclass
class Subject:
    """The labelled images of one kind, and how they are taught.

    Args:
        kind: ``"digit"``, ``"garment"``, ….
        answers: the class names.
        images: uint8 (N, 28, 28), light on dark.
        labels: int64 (N,).
        distortion: the random changes they are taught under.
        teacher: its soft answers are followed where there is one.
    """

    kind: str
    answers: tuple[str, ...]
    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    distortion: Distortion
    teacher: Teacher | None = None


@dataclass(frozen=True)
class Batch:
    """One training step's examples, all in one layout.

    Args:
        ids: int64 (N, T) tokens; readings first, then drawings.
        readings: how many of the rows are readings; the question stands at ``question_at``.
        question_at: place of the question token in a reading.
        answers: int64 (readings, K) the answer tokens that may be right, padded by repeating the first.
        shares: float32 (readings, K) how right each is; a row sums to 1.
        pictured: rows whose picture is learnt too: all drawings and some readings.
        picture_mask: bool (N, T) whether the token at a place is to be foretold from what is before it.
    """

    ids: Tensor
    readings: int
    question_at: int
    answers: Tensor
    shares: Tensor
    pictured: Tensor
    picture_mask: Tensor


@dataclass(frozen=True)
class _Readings:
    ids: npt.NDArray[np.int64]
    answers: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float32]
    strange: npt.NDArray[np.bool_]


def whole_images(source: Source) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return all images of a source as uint8 (N, 28, 28), and their labels (N,)."""
    parts, labels = [], []
    for images, these in source.batches():
        parts.append(np.stack([_square(image) for image in images]))
        labels.append(np.asarray(these, np.int64))
    return np.concatenate(parts), np.concatenate(labels)


def _square(image: npt.NDArray[np.uint8] | bytes) -> npt.NDArray[np.uint8]:
    if isinstance(image, np.ndarray) and image.shape == (SIDE, SIDE):
        return image
    opened = Image.open(BytesIO(image)) if isinstance(image, bytes) else Image.fromarray(image)
    resample = Image.Resampling.BOX if min(opened.size) >= SIDE else Image.Resampling.BICUBIC
    return np.asarray(opened.convert("L").resize((SIDE, SIDE), resample))


class ExampleMaker:
    """Makes batches; the same seed and calls give the same batches."""

    def __init__(self, subjects: Sequence[Subject], vocabulary: Vocabulary, seed: int) -> None:
        self.subjects = list(subjects)
        self.vocabulary = vocabulary
        self.random = np.random.default_rng(seed)
        self.generator = torch.Generator().manual_seed(seed)
        self.none = vocabulary.ids[prompts.NONE]
        self.most_answers = max(len(subject.answers) for subject in subjects)

    def state(self) -> dict[str, Any]:
        """Return where the randomness stands, for a checkpoint."""
        return {"random": self.random.bit_generator.state, "generator": self.generator.get_state()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint's randomness."""
        self.random.bit_generator.state = state["random"]
        self.generator.set_state(state["generator"])

    def batch(self, layout: Layout, counts: Sequence[int], drawn: float, unknown: float) -> Batch:
        """Return one batch.

        Args:
            layout: the layout of every picture in it.
            counts: how many images of each subject.
            drawn: share of the images that are examples of drawing.
            unknown: share of the readings whose right answer is "none".
        """
        readings, drawings = [], []
        for place, (subject, count) in enumerate(zip(self.subjects, counts, strict=True)):
            if not count:
                continue
            pixels, labels = self._pick(subject, count)
            cut = round(count * (1 - drawn))
            readings.append(self._read(place, pixels[:cut], labels[:cut], layout, unknown))
            drawings.append(self._draw(subject, pixels[cut:], labels[cut:], layout))
        return self._join(readings, drawings)

    def _pick(self, subject: Subject, count: int) -> tuple[Tensor, npt.NDArray[np.int64]]:
        chosen = self.random.integers(0, len(subject.images), count)
        pixels = torch.from_numpy(subject.images[chosen]).float() / 255
        return distort(pixels, subject.distortion, self.generator), subject.labels[chosen]

    def _read(
        self, place: int, pixels: Tensor, labels: npt.NDArray[np.int64], layout: Layout, unknown: float
    ) -> "_Readings":
        subject, count = self.subjects[place], len(pixels)
        ids = self.vocabulary.ids
        shares = np.zeros((count, self.most_answers), np.float32)
        shares[:, : len(subject.answers)] = _soft_answers(subject, pixels, labels)
        answers = np.full((count, self.most_answers), ids[subject.answers[0]])
        answers[:, : len(subject.answers)] = [ids[answer] for answer in subject.answers]
        asked = np.full(count, ids[prompts.question(subject.kind)])
        strange = np.zeros(count, bool)
        draw = self.random.random(count)
        asked[draw > 0.85] = ids[prompts.GENERAL]
        for row in np.flatnonzero(draw < unknown):
            others = [q for q in self.subjects if q is not subject and _tells_apart(subject, labels[row], q)]
            if others and draw[row] < unknown / 2:
                asked[row] = ids[prompts.question(others[self.random.integers(len(others))].kind)]
            else:
                pixels[row] = torch.from_numpy(strangers(1, SIDE, self.random)[0]).float() / 255
                strange[row] = True
            shares[row] = 0
            shares[row, 0], answers[row, 0] = 1, self.none
        pictures = self._pictures(pixels, layout)
        return _Readings(np.concatenate([pictures, asked[:, None]], axis=1), answers, shares, strange)

    def _draw(
        self, subject: Subject, pixels: Tensor, labels: npt.NDArray[np.int64], layout: Layout
    ) -> npt.NDArray[np.int64]:
        ids = self.vocabulary.ids
        opener = np.full((len(pixels), 3), ids["\n"])
        opener[:, 0] = ids[prompts.drawing_opener(subject.kind, layout.name)]
        opener[:, 1] = [ids[subject.answers[label]] for label in labels]
        return np.concatenate([opener, self._pictures(pixels, layout)], axis=1)

    def _pictures(self, pixels: Tensor, layout: Layout) -> npt.NDArray[np.int64]:
        grey = (pixels * 255).round().clamp(0, 255).byte().numpy()
        return self.vocabulary.picture_ids(encode_batch(grey, layout), layout.symbols)

    def _join(self, readings: "list[_Readings]", drawings: list[npt.NDArray[np.int64]]) -> Batch:
        read = np.concatenate([part.ids for part in readings])
        drawn = np.concatenate(drawings)
        length = drawn.shape[1]
        ids = np.full((len(read) + len(drawn), length), self.vocabulary.ids[PAD])
        ids[: len(read), : read.shape[1]] = read
        ids[len(read) :] = drawn
        mask = np.zeros(ids.shape, bool)
        mask[: len(read), 1 : read.shape[1] - 1] = True
        mask[len(read) :, 3:] = True
        # an eighth of the readings teach what pictures look like when nothing was asked for
        known = np.flatnonzero(~np.concatenate([part.strange for part in readings]))
        some = self.random.choice(known, min(len(known), len(read) // 8), replace=False)
        pictured = np.concatenate([np.sort(some), np.arange(len(read), len(ids))])
        return Batch(
            ids=torch.from_numpy(ids),
            readings=len(read),
            question_at=read.shape[1] - 1,
            answers=torch.from_numpy(np.concatenate([part.answers for part in readings])),
            shares=torch.from_numpy(np.concatenate([part.shares for part in readings])),
            pictured=torch.from_numpy(pictured),
            picture_mask=torch.from_numpy(mask),
        )


def _soft_answers(subject: Subject, pixels: Tensor, labels: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Return (N, answers): the label and the teacher's answer in parts 0.3 and 0.7, if there is one."""
    hard = np.eye(len(subject.answers), dtype=np.float32)[labels]
    if subject.teacher is None or not len(pixels):
        return hard
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        soft = subject.teacher(pixels).float().softmax(-1).numpy()
    mixed: npt.NDArray[np.float32] = 0.3 * hard + 0.7 * soft
    return mixed


def _tells_apart(subject: Subject, label: int, other: Subject) -> bool:
    """Say whether a picture of ``subject`` is surely nothing of the kind ``other``."""
    if {subject.kind, other.kind} == {"letter", "digit"}:
        return subject.kind == "letter" and subject.answers[label] not in LOOKALIKES
    return True
