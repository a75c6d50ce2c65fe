"""Batches for the built-in model: pictures, questions, answers and requests as token numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional
from PIL import Image
from torch import Tensor

from calligram.nano import prompts
from calligram.nano.precision import quick_numbers
from calligram.nano.vocabulary import CELLS_PER_TOKEN, PAD, Vocabulary
from calligram.picture import EncodeOptions, Layout, encode_batch
from calligram.picture.opening import open_pixels
from calligram.sources.base import Source
from calligram.training.nano_augment import Distortion, distort
from calligram.training.nano_strangers import strangers
from calligram.training.nano_teacher import Teacher
from calligram.training.nano_wear import wear

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
        pictured: the readings whose picture is learnt too, as the pictures of all drawings are.
        picture_mask: bool (N, T) whether the token at a place is to be foretold from what is before it.
        guided: the readings that have a guide.
        guides: float32 (guided, rows, tokens of a row, channels) what a teacher sees where each token stands.
    """

    ids: Tensor
    readings: int
    question_at: int
    answers: Tensor
    shares: Tensor
    pictured: Tensor
    picture_mask: Tensor
    guided: Tensor
    guides: Tensor


Elder = Callable[[npt.NDArray[np.int64], Sequence[int]], npt.NDArray[np.float32]]
"""Gives the shares (N, answers) of answers, given texts (N, T) that end with a question, and their tokens."""


@dataclass(frozen=True)
class Mixture:
    """What a batch is made of.

    Args:
        drawn: share of the images that are examples of drawing.
        unknown: share of the readings whose right answer is "none".
        worn: share of the readings of each kind whose image is damaged.
        distorted: how far images are changed, as a share of what their subjects allow.
    """

    drawn: float
    unknown: float
    worn: Mapping[str, float] = field(default_factory=dict)
    distorted: float = 1.0


@dataclass(frozen=True)
class _Readings:
    ids: npt.NDArray[np.int64]
    answers: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float32]
    strange: npt.NDArray[np.bool_]
    worn: npt.NDArray[np.bool_]
    guides: Tensor | None


def whole_images(source: Source) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return all images of a source as uint8 (N, 28, 28), and their labels (N,)."""
    parts, labels = [], []
    for images, these in source.batches():
        parts.append(np.stack([_square(image) for image in images]))
        labels.append(np.asarray(these, np.int64))
    return np.concatenate(parts), np.concatenate(labels)


def _square(image: npt.NDArray[np.uint8] | bytes) -> npt.NDArray[np.uint8]:
    """Return the middle square of an image, as an evaluation reads it."""
    if isinstance(image, np.ndarray) and image.shape == (SIDE, SIDE):
        return image
    grey = Image.fromarray(open_pixels(image, EncodeOptions(), (4 * SIDE, 4 * SIDE)))
    side = min(grey.size)
    left, top = (grey.width - side) // 2, (grey.height - side) // 2
    resample = Image.Resampling.BOX if side >= SIDE else Image.Resampling.BICUBIC
    return np.asarray(grey.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), resample))


class ExampleMaker:
    """Makes batches; the same seed and calls give the same batches."""

    def __init__(
        self, subjects: Sequence[Subject], vocabulary: Vocabulary, seed: int, elder: Elder | None = None
    ) -> None:
        self.subjects, self.elder = list(subjects), elder
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

    def batch(self, layout: Layout, counts: Sequence[int], mixture: Mixture) -> Batch:
        """Return one batch.

        Args:
            layout: the layout of every picture in it.
            counts: how many images of each subject.
            mixture: what is made of them.
        """
        readings, drawings = [], []
        for place, (subject, count) in enumerate(zip(self.subjects, counts, strict=True)):
            if not count:
                continue
            pixels, labels = self._pick(subject, count, mixture.distorted)
            cut = round(count * (1 - mixture.drawn))
            readings.append(self._read(place, pixels[:cut], labels[:cut], layout, mixture))
            drawings.append(self._draw(subject, pixels[cut:], labels[cut:], layout))
        return self._join(readings, drawings, dear=len(layout.symbols) > 4)

    def _pick(self, subject: Subject, count: int, distorted: float) -> tuple[Tensor, npt.NDArray[np.int64]]:
        chosen = self.random.integers(0, len(subject.images), count)
        pixels = torch.from_numpy(subject.images[chosen]).float() / 255
        changes = subject.distortion.scaled(distorted)
        return distort(pixels, changes, self.generator), subject.labels[chosen]

    def _read(
        self, place: int, pixels: Tensor, labels: npt.NDArray[np.int64], layout: Layout, mixture: Mixture
    ) -> "_Readings":
        subject, count = self.subjects[place], len(pixels)
        ids = self.vocabulary.ids
        shares = np.zeros((count, self.most_answers), np.float32)
        shares[:, : len(subject.answers)], guides = follow(subject, pixels, labels, layout)
        answers = np.full((count, self.most_answers), ids[subject.answers[0]])
        answers[:, : len(subject.answers)] = [ids[answer] for answer in subject.answers]
        asked = np.full(count, ids[prompts.question(subject.kind)])
        if self.elder and count:
            shares[:, : len(subject.answers)] = self._follow_elder(subject, pixels, labels, layout)
        strange = np.zeros(count, bool)
        draw, unknown = self.random.random(count), mixture.unknown
        asked[draw > 0.85] = ids[prompts.GENERAL]
        for row in np.flatnonzero(draw < unknown):
            others = [q for q in self.subjects if q is not subject and _tells_apart(subject, labels[row], q)]
            if others and draw[row] < unknown / 2:
                asked[row] = ids[prompts.question(others[self.random.integers(len(others))].kind)]
            else:
                pixels[row] = torch.from_numpy(strangers(1, self.random)[0]).float() / 255
                strange[row] = True
            shares[row] = 0
            shares[row, 0], answers[row, 0] = 1, self.none
        worn = ~strange & (self.random.random(count) < mixture.worn.get(subject.kind, 0.0))
        pixels = pixels.clone()
        pixels[worn] = wear(pixels[worn], self.generator)
        pictures = self._pictures(pixels, layout)
        ids_asked = np.concatenate([pictures, asked[:, None]], axis=1)
        return _Readings(ids_asked, answers, shares, strange, worn, guides)

    def _follow_elder(
        self, subject: Subject, pixels: Tensor, labels: npt.NDArray[np.int64], layout: Layout
    ) -> npt.NDArray[np.float32]:
        """Return the label and the elder's answer to the undamaged picture, in equal parts."""
        assert self.elder
        ids, pictures = self.vocabulary.ids, self._pictures(pixels, layout)
        asked = np.full((len(pictures), 1), ids[prompts.question(subject.kind)])
        tokens = [ids[answer] for answer in subject.answers]
        hard = np.eye(len(subject.answers), dtype=np.float32)[labels]
        soft = self.elder(np.concatenate([pictures, asked], axis=1), tokens)
        mixed: npt.NDArray[np.float32] = (0.5 * hard + 0.5 * soft).astype(np.float32)
        return mixed

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

    def _join(self, readings: "list[_Readings]", drawings: list[npt.NDArray[np.int64]], dear: bool) -> Batch:
        read = np.concatenate([part.ids for part in readings])
        drawn = np.concatenate(drawings)
        length = drawn.shape[1]
        ids = np.full((len(read) + len(drawn), length), self.vocabulary.ids[PAD])
        ids[: len(read), : read.shape[1]] = read
        ids[len(read) :] = drawn
        mask = np.zeros(ids.shape, bool)
        mask[: len(read), 1 : read.shape[1] - 1] = True
        mask[len(read) :, 3:] = True
        # readings teach what pictures look like when nothing was asked for, few of them where that costs much
        strange = np.concatenate([part.strange for part in readings])
        worn = np.concatenate([part.worn for part in readings])
        known = np.flatnonzero(~strange & ~worn)
        some = known if not dear else self.random.choice(known, len(known) // 8, replace=False)
        guided = np.concatenate([np.full(len(part.ids), part.guides is not None) for part in readings])
        guides = [
            part.guides[~torch.from_numpy(part.strange)] for part in readings if part.guides is not None
        ]
        return Batch(
            ids=torch.from_numpy(ids),
            readings=len(read),
            question_at=read.shape[1] - 1,
            answers=torch.from_numpy(np.concatenate([part.answers for part in readings])),
            shares=torch.from_numpy(np.concatenate([part.shares for part in readings])),
            pictured=torch.from_numpy(np.sort(some)),
            picture_mask=torch.from_numpy(mask),
            guided=torch.from_numpy(np.flatnonzero(guided & ~strange)),
            guides=torch.cat(guides) if guides else torch.zeros(0),
        )


def follow(
    subject: Subject, pixels: Tensor, labels: npt.NDArray[np.int64], layout: Layout
) -> tuple[npt.NDArray[np.float32], Tensor | None]:
    """Return the right answers (N, answers), and what a teacher, if any, sees where each token stands.

    The answers are the label and the teacher's answer in parts 0.3 and 0.7.
    """
    hard = np.eye(len(subject.answers), dtype=np.float32)[labels]
    if subject.teacher is None or not len(pixels):
        return hard, None
    with torch.no_grad(), quick_numbers():
        seen = subject.teacher.local(pixels)
        soft = subject.teacher.answer(seen).float().softmax(-1).numpy()
    # what stands lower is not read yet where a token stands, so each is guided by the place above its own
    above = torch.cat([seen[:, :, :1], seen[:, :, :-1]], 2).float()
    rows, columns = layout.grid()
    places = functional.interpolate(above, (rows, columns // CELLS_PER_TOKEN), mode="bilinear")
    guides = functional.layer_norm(places.permute(0, 2, 3, 1), (seen.shape[1],))
    mixed: npt.NDArray[np.float32] = (0.3 * hard + 0.7 * soft).astype(np.float32)
    return mixed, guides


def _tells_apart(subject: Subject, label: int, other: Subject) -> bool:
    """Say whether a picture of ``subject`` is surely nothing of the kind ``other``."""
    if {subject.kind, other.kind} == {"letter", "digit"}:
        return subject.kind == "letter" and subject.answers[label] not in LOOKALIKES
    return True
