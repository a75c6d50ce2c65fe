"""Looks: what is measured and read on one painted image, and what it has of a brief's wishes.

What can be read beside what is measured is a seam: a :class:`Reader` finds in words the subject that it can
look for, and reads an image for it.
"""

import io
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image

from calligram.art.eyes import Eyes, eyes_of
from calligram.art.refining_brief import Brief, Finder
from calligram.art.refining_wishes import Found, check_wishes
from calligram.errors import RequestError
from calligram.models.base import Model, Reading, taught_subjects
from calligram.nano.prompts import question
from calligram.nano.requests import NUMBERS, find_request
from calligram.painters.adversarial.kinds import DIGITS, GARMENTS, ICONS, KINDS
from calligram.painters.adversarial.network import Network, ranked
from calligram.picture import encode_batch, get_layout
from calligram.picture.framing import FRAME_SIDE, fit_to_frame, frame_content
from calligram.picture.paper import lift_off

LAYOUT = "fine"
"""What the built-in model reads best."""
MOST_WORDS = 3
"""So many words name a subject at most."""
BEFORE_NUMBERS = frozenset({"a", "an", "the", "digit", "number", "figure", "numeral"})
"""A number is a subject behind one of these, with at most two words between, and before no other word."""
BEHIND_NUMBERS = frozenset({"in", "on", "with", "and", "without", "that", "which"})
NO_SUBJECTS = frozenset({"top", "letter", "digit"})
"""Words that name something taught, but mostly mean something else."""


class Reader(ABC):
    """Something that reads subjects off images.

    Attributes:
        name: how it is called in results.
        asks: whether it asks a model that counts against a budget, and may take the image itself.
    """

    name: str
    asks = False

    @abstractmethod
    def find(self, words: str) -> str | None:
        """Return the subject among words that this reader can look for, or None."""

    def can_read(self, subject: str) -> bool:
        """Return whether it can look for a subject."""
        return self.find(subject) == subject

    @abstractmethod
    def read(self, image: Image.Image, eyes: Eyes, subject: str) -> Reading:
        """Return what it reads an image as.

        Args:
            image: any mode and size.
            eyes: facts and text picture of it.
            subject: what is looked for; the reading's answer is the same word where it is found.

        Raises:
            ModelError: the reader fails.
        """


@dataclass(frozen=True, eq=False)
class Look:
    """One image, looked at.

    Args:
        eyes: facts and text picture.
        found: what it has of each wish, in the brief's order.
    """

    eyes: Eyes
    found: tuple[Found, ...]


def look_at(image: Image.Image, brief: Brief, readers: Sequence[Reader], png: bool = False) -> Look:
    """Return what an image has of a brief's wishes.

    A subject is read by the first reader that can look for it.

    Args:
        image: any mode and size.
        brief: what it should be.
        readers: what reads subjects, the best first.
        png: whether the image is kept for models that take one.

    Raises:
        ModelError: a reader fails.
    """
    held = io.BytesIO()
    image.save(held, "PNG")  # so that what is measured is what a file of it shows
    eyes = eyes_of(held.getvalue(), png=png)
    readings = {
        subject: reader.read(image, eyes, subject)
        for subject in brief.subjects
        for reader in [reader for reader in readers if reader.can_read(subject)][:1]
    }
    return Look(eyes, tuple(check_wishes(brief.wishes, eyes.facts, readings)))


def finders_of(readers: Sequence[Reader]) -> tuple[Finder, ...]:
    """Return what finds the subjects that can be looked for."""
    return tuple(reader.find for reader in readers)


class BuiltinReader(Reader):
    """Reads digits, garments and letters with the built-in model, or another that reads text pictures.

    Args:
        model: it; its subjects are those it was taught.
    """

    def __init__(self, model: Model) -> None:
        self.model, self.name = model, model.name

    @cached_property
    def _subjects(self) -> dict[str, list[str]]:
        return {kind: list(answers) for kind, answers in (taught_subjects(self.model) or {}).items()}

    def find(self, words: str) -> str | None:
        """Return a subject as ``digit 7`` or ``garment ankle boot``; see :class:`Reader`."""
        for phrase in _phrases(words):
            try:
                kind, answer = find_request(phrase, self._subjects)
            except RequestError:
                continue
            return f"{kind} {answer}"
        return None

    def read(self, image: Image.Image, eyes: Eyes, subject: str) -> Reading:
        """Return what the model reads, asked about the subject's kind; see :class:`Reader`."""
        kind, _, _ = subject.partition(" ")
        ink = lift_off(np.asarray(_flat(image)), "auto")
        frame = fit_to_frame(ink) if kind == "garment" else frame_content(ink, FRAME_SIDE)
        layout = get_layout(LAYOUT)
        asked = question(kind).strip()
        (reading,) = self.model.read(encode_batch(frame[None], layout), layout, asked, familiarity=False)
        return Reading(
            reading.answer and f"{kind} {reading.answer}",
            reading.confidence,
            [(f"{kind} {answer}", share) for answer, share in reading.candidates],
            reading.familiarity,
            reading.abstained,
            reading.weighed,
        )


class EyeReader(Reader):
    """Reads the kinds of the built-in painter with the eye that came with it, on light paper alone.

    Args:
        network: the painter's, whose eye learnt from real pictures.
        name: what it is called in results.
    """

    def __init__(self, network: Network, name: str = "the painter's eye") -> None:
        self.network, self.name = network, name

    def find(self, words: str) -> str | None:
        """Return the kind that words name by its own name; see :class:`Reader`.

        What other words may mean is not asked of the painter, or what it mishears would pass for right.
        """
        return next((kind for phrase in _phrases(words) if (kind := KIND_NAMES.get(phrase.lower()))), None)

    def read(self, image: Image.Image, eyes: Eyes, subject: str) -> Reading:
        """Return the kind that the eye holds likelier than all others together; see :class:`Reader`."""
        kinds = ranked(self.network.see(image))
        (answer, share), *_ = kinds
        sure = share > SURE
        return Reading(answer if sure else None, share, kinds, None, not sure)


SURE = 0.5
"""The eye knows no thing but its kinds, and does not name one that it holds less probable."""

KIND_NAMES = {kind: kind for kind in KINDS} | {f"{kind}s": kind for kind in GARMENTS + ICONS}
KIND_NAMES |= {str(place): kind for place, kind in enumerate(DIGITS)}
"""Words that are the name of a kind."""


def _flat(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("L")
    under = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(under, image.convert("RGBA")).convert("L")


def _phrases(words: str) -> Iterator[str]:
    """Yield the runs of words that may name a subject, longer ones first; numbers only as numbers."""
    for clause in re.split(r"[,.;:!?]", words):
        tokens = clause.split()
        for length in range(min(MOST_WORDS, len(tokens)), 0, -1):
            for start in range(len(tokens) - length + 1):
                if _may_stand(tokens, start, length):
                    yield " ".join(tokens[start : start + length])


def _may_stand(tokens: Sequence[str], start: int, length: int) -> bool:
    """Return whether a run of words may be the subject of its clause."""
    last = tokens[start + length - 1].lower()
    if length == 1 and len(last) == 1 and not last.isdigit():
        return False
    if last in NO_SUBJECTS:
        return False
    if not last.isdigit() and last not in NUMBERS:
        return True
    behind = tokens[start + length].lower() if start + length < len(tokens) else ""
    before = {token.lower() for token in tokens[max(0, start - 3) : start + length - 1]}
    return bool(before & BEFORE_NUMBERS) and (not behind.isalpha() or behind in BEHIND_NUMBERS)
