"""Letters A-Z and a-z drawn from installed fonts, distorted, and framed as MNIST frames its digits."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont, features

from calligram.errors import OptionError, SourceError
from calligram.settings import option
from calligram.sources._font_files import ALPHABET, Face, find_faces, group_faces
from calligram.sources._letters import FONT_SIZE, Bend, draw_letter
from calligram.sources.base import Batch, Source, question_about

SPLITS = ("train", "valid", "test")


@dataclass(frozen=True)
class Options:
    """Which letters, how many, and how strongly they are bent."""

    letters: str = option(ALPHABET, "the letters to draw")
    per_letter: int = option(1000, "images of each letter in a split", minimum=1)
    seed: int = option(0, "seed of fonts and distortions", minimum=0)
    rotation_degrees: float = option(10.0, "largest turn to either side, degrees", minimum=0, maximum=45)
    shear: float = option(0.2, "largest lean to either side, share of the height", minimum=0, maximum=1)
    stretch: float = option(0.15, "largest change of the width, share", minimum=0, maximum=0.9)
    stroke_pixels: float = option(
        2.0, "largest change of the stroke at font size 64, pixels", minimum=0, maximum=8
    )


def load(place: str, split: str, options: Options) -> Source:
    """Return letters drawn from the fonts of a folder, or of the system where the place is empty.

    A family, and families of nearly the same design, are in one split only: eight tenths of the designs
    in train, one tenth each in valid and test. Image ``i`` shows letter ``i % len(letters)`` and follows
    from the seed, the split, ``i`` and the split's fonts alone.

    Args:
        place: a folder of font files, searched with its subfolders, or ``""``.
        split: ``"train"``, ``"valid"``, ``"test"`` or ``"all"``.

    Raises:
        SourceError: no usable font file is there, or too few designs for three splits.
        OptionError: a letter is not among A-Z and a-z.
    """
    letters = tuple(dict.fromkeys(options.letters))
    wrong = [letter for letter in letters if letter not in ALPHABET]
    if wrong or not letters:
        raise OptionError(f"the source fonts draws the letters A-Z and a-z, not {''.join(wrong) or 'none'!r}")
    if split not in (*SPLITS, "all"):
        raise SourceError(f"the split is {split!r}, but fonts have train, valid, test or all")
    designs = _designs(place)
    return LetterSource(f"fonts:{place}", split, letters, options, _part(designs, split, place))


@lru_cache(maxsize=4)
def _designs(place: str) -> tuple[tuple[Face, ...], ...]:
    """Return the faces by design, in an order that is by chance but always the same."""
    faces = find_faces(place)
    groups = [tuple(faces[number] for number in group) for group in group_faces(faces)]
    return tuple(sorted(groups, key=lambda group: hashlib.blake2b(group[0].family.encode()).digest()))


def _part(designs: tuple[tuple[Face, ...], ...], split: str, place: str) -> tuple[tuple[Face, ...], ...]:
    if split == "all":
        return designs
    if len(designs) < len(SPLITS):
        raise SourceError(
            f"{place or 'the system'} has {len(designs)} designs of fonts, but three splits need at least "
            "three: install more fonts, or use the split all"
        )
    tenth = max(1, round(len(designs) / 10))
    return {"test": designs[:tenth], "valid": designs[tenth : 2 * tenth], "train": designs[2 * tenth :]}[
        split
    ]


class LetterSource(Source):
    """Letters drawn when they are taken.

    Args:
        designs: the faces, those of one design together; each design is drawn equally often.
    """

    def __init__(
        self,
        name: str,
        split: str,
        letters: tuple[str, ...],
        options: Options,
        designs: tuple[tuple[Face, ...], ...],
    ) -> None:
        self.name, self.split, self.classes, self.kind = name, split, letters, "letter"
        self.question = question_about("letter")
        families = sorted({face.family for design in designs for face in design})
        self.licence = f"drawn from installed fonts, each under its own licence: {', '.join(families)}"
        self.designs = designs
        self._options = options

    def __len__(self) -> int:
        return self._options.per_letter * len(self.classes)

    def take(self, places: Sequence[int] | NDArray[np.int64]) -> Batch:
        drawn = [self._draw(int(place)) for place in places]
        images = np.stack([image for image, _ in drawn]) if drawn else np.zeros((0, 28, 28), np.uint8)
        labels = np.asarray(places, dtype=np.int64) % len(self.classes)
        return Batch(images, labels, tuple(name for _, name in drawn))

    def digest(self, places: Sequence[int] | NDArray[np.int64]) -> str:
        faces = [[face.checksum for face in design] for design in self.designs]
        told = (faces, self.split, self.classes, astuple(self._options), [int(place) for place in places])
        engine = features.version("freetype2")
        return hashlib.blake2b(repr((told, engine)).encode(), digest_size=16).hexdigest()

    def _draw(self, place: int) -> tuple[NDArray[np.uint8], str]:
        number = (*SPLITS, "all").index(self.split)
        chance = np.random.default_rng((self._options.seed, number, place))
        design = self.designs[chance.integers(len(self.designs))]
        face = design[chance.integers(len(design))]
        letter = self.classes[place % len(self.classes)]
        image = draw_letter(_opened(str(face.path)), letter, self._bend(chance))
        return image, f"{letter} of {face.path.name}"

    def _bend(self, chance: np.random.Generator) -> Bend:
        most = self._options
        turn, lean, wide, thick = chance.uniform(-1, 1, 4)
        return Bend(
            turn * most.rotation_degrees,
            lean * most.shear,
            1 + wide * most.stretch,
            thick * most.stroke_pixels,
        )


@lru_cache(maxsize=1024)
def _opened(path: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, FONT_SIZE)
