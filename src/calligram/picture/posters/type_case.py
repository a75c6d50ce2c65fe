"""The type case: the characters a poster is set with, fitted into one cell, as pixels and as outlines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from calligram.errors import OptionError
from calligram.picture.posters.drawn import rectangles
from calligram.picture.posters.faces import Face
from calligram.picture.posters.outlines import Outlines

BLANK = 0
"""The number of the glyph without ink in every case."""

LEADING, SPACING = 1.03, 1.02
"""Height and width of a cell over those of the ink of all its characters."""

DRAWN_EM, DRAWN_SCALE = 160, 5
"""Glyphs are drawn at least so large, in pixels and in parts of their size, and averaged down: hinting, which
Pillow cannot leave out, then moves nothing that is seen."""

BLOCK_HEIGHT = 1.2
"""Height of a cell in ems where no character comes from a font, as lines of text have it."""

SUB_ROWS, SUB_COLUMNS = 6, 4
"""Ink is compared in so many parts of a cell."""

Step = tuple[str, tuple[float, ...]]
"""A letter of ``MLQCZ`` and its coordinates, absolute."""

_STEP = re.compile(r"([MLQCZ])([-\d ]*)")


@dataclass(frozen=True)
class Glyph:
    """One character in one face."""

    character: str
    face: int


@dataclass(frozen=True, eq=False)
class TypeCase:
    """Glyphs that share one cell.

    Args:
        faces: lightest first.
        glyphs: the first, number ``BLANK``, has no ink.
        width: of a cell in pixels.
        height: of a cell in pixels.
        size: of the em in pixels.
        baseline: pixels below the cell's top.
    """

    faces: tuple[Face, ...]
    glyphs: tuple[Glyph, ...]
    width: int
    height: int
    size: float
    baseline: float

    def shift(self, glyph: Glyph) -> float:
        """Return how many pixels a glyph's own place stands from the cell's left side."""
        return (self.width - self.faces[glyph.face].advance(glyph.character) * self.size) / 2

    @cached_property
    def tiles(self) -> NDArray[np.uint8]:
        """The share of each pixel that is ink, 0 to 255, shape (glyphs, height, width)."""
        return np.stack([self._tile(glyph) for glyph in self.glyphs])

    def _tile(self, glyph: Glyph) -> NDArray[np.uint8]:
        if (parts := rectangles(glyph.character)) is not None:
            return self._drawn_tile(parts)
        scale = max(DRAWN_SCALE, -(-DRAWN_EM // max(1, int(self.size))))
        large = Image.new("L", (self.width * scale, self.height * scale))
        place = (self.shift(glyph) * scale, self.baseline * scale)
        font = self.faces[glyph.face].at(self.size * scale)
        ImageDraw.Draw(large).text(place, glyph.character, fill=255, font=font, anchor="ls")
        return np.asarray(large.reduce(scale))

    def _drawn_tile(self, parts: Sequence[tuple[float, float, float, float]]) -> NDArray[np.uint8]:
        ink = np.zeros((self.height, self.width))
        for left, top, wide, high in parts:
            ink += np.outer(_overlap(self.height, top, high), _overlap(self.width, left, wide))
        return np.asarray(np.rint(ink.clip(0, 1) * 255), np.uint8)

    @cached_property
    def inks(self) -> NDArray[np.float64]:
        """The share of ink in the parts of a cell, shape (glyphs, ``SUB_ROWS * SUB_COLUMNS``), 0 to 1."""
        small = [
            np.asarray(
                Image.fromarray(tile).resize((SUB_COLUMNS, SUB_ROWS), Image.Resampling.BOX), np.float64
            )
            for tile in self.tiles
        ]
        return np.asarray(np.stack(small).reshape(len(small), -1) / 255)

    @cached_property
    def densities(self) -> NDArray[np.float64]:
        """The share of ink in a whole cell, shape (glyphs,), 0 to 1."""
        return np.asarray(self.tiles.mean(axis=(1, 2), dtype=np.float64) / 255)

    def outline(self, number: int) -> list[Step]:
        """Return a glyph's outline in pixels from the cell's upper left corner, downward.

        Raises:
            MissingExtraError: the font does not come along, and fontTools is not installed.
        """
        glyph = self.glyphs[number]
        if (parts := rectangles(glyph.character)) is not None:
            return list(self._boxes(parts))
        outlines = self._outlines[glyph.face]
        if glyph.character not in outlines.glyphs:
            return []
        scale, shift = self.size / outlines.units, self.shift(glyph)
        return [
            (letter, tuple(_place(numbers, scale, shift, self.baseline)))
            for letter, numbers in _STEP.findall(outlines.glyphs[glyph.character][1])
        ]

    def _boxes(self, parts: Sequence[tuple[float, float, float, float]]) -> Iterator[Step]:
        for left, top, wide, high in parts:
            x, y = left * self.width, top * self.height
            right, bottom = x + wide * self.width, y + high * self.height
            corners = ((x, y), (right, y), (right, bottom), (x, bottom))
            yield from (("L" if turn else "M", corner) for turn, corner in enumerate(corners))
            yield "Z", ()

    @cached_property
    def _outlines(self) -> dict[int, Outlines]:
        used = {glyph.face for glyph in self.glyphs}
        return {face: self.faces[face].outlines(self._characters(face)) for face in used}

    def _characters(self, face: int) -> list[str]:
        return [glyph.character for glyph in self.glyphs if glyph.face == face]


def _place(numbers: str, scale: float, shift: float, baseline: float) -> Iterator[float]:
    for turn, number in enumerate(numbers.split()):
        yield baseline - int(number) * scale if turn % 2 else shift + int(number) * scale


def _overlap(pixels: int, start: float, length: float) -> NDArray[np.float64]:
    """Return how much of each pixel of a side lies in a stretch of it."""
    edges = np.arange(pixels + 1, dtype=np.float64)
    low, high = start * pixels, (start + length) * pixels
    return np.asarray((np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)).clip(0, 1))


@dataclass(frozen=True)
class Fit:
    """How characters fit a cell: its width and height, and the baseline, in ems."""

    width: float
    height: float
    baseline: float

    @property
    def ratio(self) -> float:
        """Width of a cell over its height."""
        return self.width / self.height


def measure(faces: Sequence[Face], characters: str) -> Fit:
    """Return the smallest cell that all characters fit in every face.

    Args:
        faces: lightest first.
        characters: what is set; blocks and dots fill any cell.

    Raises:
        OptionError: a face has not got one of them.
    """
    lettered = sorted({character for character in characters if rectangles(character) is None} - {" "})
    check_characters(faces, lettered)
    boxes = [face.box(character) for face in faces for character in lettered or ["M"]]
    advances = [face.advance(character) for face in faces for character in lettered or ["M"]]
    width = SPACING * max(_breadth(*pair) for pair in zip(advances, boxes, strict=True))
    top, bottom = -min(box[1] for box in boxes), max(box[3] for box in boxes)
    if not lettered:
        return Fit(width, BLOCK_HEIGHT, BLOCK_HEIGHT * 0.8)
    height = (top + bottom) * LEADING
    return Fit(width, height, top + (height - top - bottom) / 2)


def _breadth(advance: float, box: tuple[float, float, float, float]) -> float:
    """Return the width in which a character that is centred by its advance has all its ink."""
    left, _, right, _ = box
    return max(advance - 2 * left, 2 * right - advance)


def check_characters(faces: Sequence[Face], characters: Sequence[str]) -> None:
    """Raise OptionError where a face has not got a character."""
    for face in faces:
        if absent := [character for character in characters if not face.has(character)]:
            shown = " ".join(absent[:12])
            told = "the font that comes along" if face.shipped else f"the font {face.name!r}"
            raise OptionError(
                f"{told} has no {shown} (U+{ord(absent[0]):04X}{' …' if len(absent) > 1 else ''}): "
                "leave that out, or give a font that has it"
            )


def set_case(faces: Sequence[Face], characters: str, width: int, fit: Fit | None = None) -> TypeCase:
    """Return a case of characters whose cell is so many pixels wide.

    Args:
        faces: lightest first; each character is set in each.
        characters: what is set; the blank is always there.
        width: of a cell in pixels, at least 1.
        fit: how they fit; None measures them.
    """
    fit = fit or measure(faces, characters)
    height = max(1, round(width / fit.ratio))
    size = min(width / fit.width, height / fit.height)
    baseline = fit.baseline * size + (height - fit.height * size) / 2
    inked = sorted(set(characters) - {" "})
    lettered = [Glyph(one, face) for one in inked for face in range(len(faces)) if rectangles(one) is None]
    blocks = [Glyph(one, 0) for one in inked if rectangles(one) is not None]
    return TypeCase(tuple(faces), (Glyph(" ", 0), *lettered, *blocks), width, height, size, baseline)
