"""Faces: the fonts a poster is set in, lightest first, given as files or those that come along."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from PIL import ImageFont

from calligram.errors import OptionError
from calligram.picture.posters.outlines import Outlines, from_json, read_outlines

SHIPPED = ("light", "medium", "bold")
"""Three weights of Fira Code 6.002, OFL 1.1, in the folder ``fonts``."""

REFERENCE_PX = 256
"""Characters are measured at this size."""

NO_CHARACTER = "\U0010ffff"
"""No font has it, so that it is drawn as what is missing."""

MOST_FONT_BYTES = 1 << 26


@dataclass(frozen=True)
class Face:
    """One font.

    Args:
        name: of the file, or of a face that comes along.
        content: the whole file.
        shipped: whether it comes along.
    """

    name: str
    content: bytes
    shipped: bool = False

    def at(self, size_px: float) -> ImageFont.FreeTypeFont:
        """Return the font at a size, for Pillow.

        Raises:
            OptionError: the file is no font.
        """
        try:
            return ImageFont.truetype(io.BytesIO(self.content), size_px, layout_engine=ImageFont.Layout.BASIC)
        except (OSError, ValueError) as fault:
            raise OptionError(
                f"font is {self.name!r}, but that file is no font ({fault}): give a .ttf or .otf file"
            ) from fault

    @cached_property
    def _reference(self) -> ImageFont.FreeTypeFont:
        return self.at(REFERENCE_PX)

    @cached_property
    def _missing(self) -> tuple[tuple[int, int], bytes]:
        return self._drawn(NO_CHARACTER)

    def _drawn(self, character: str) -> tuple[tuple[int, int], bytes]:
        mask = self._reference.getmask(character)
        return mask.size, bytes(mask)

    def has(self, character: str) -> bool:
        """Return whether the font can draw a character."""
        return character in self._own if self.shipped else self._drawn(character) != self._missing

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(self.outlines(()).glyphs)

    def box(self, character: str) -> tuple[float, float, float, float]:
        """Return the ink's left, top, right and bottom from its place on the baseline, in ems, downward."""
        mask, (across, down) = self._reference.getmask2(character, anchor="ls")
        left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
        sides = left + across, top + down, right + across, bottom + down
        return tuple(side / REFERENCE_PX for side in sides)  # type: ignore[return-value]

    def advance(self, character: str) -> float:
        """Return how far the next character stands, in ems."""
        return self._reference.getlength(character) / REFERENCE_PX

    def outlines(self, characters: Iterable[str]) -> Outlines:
        """Return the outlines of characters; a face that comes along gives all of its own.

        Raises:
            MissingExtraError: the face does not come along, and fontTools is not installed.
            OptionError: the font has no outlines.
        """
        return (
            _shipped_outlines(self.name)
            if self.shipped
            else read_outlines(self.content, self.name, characters)
        )


def open_faces(font: str) -> tuple[Face, ...]:
    """Return the faces that an option names.

    Args:
        font: files, with commas between them, lightest first; empty is the faces that come along.

    Raises:
        OptionError: a file is missing, too large, or no font.
    """
    if not font:
        return tuple(shipped_face(weight) for weight in SHIPPED)
    faces = tuple(_open(name.strip()) for name in font.split(","))
    for face in faces:
        face.at(REFERENCE_PX)
    return faces


def _open(name: str) -> Face:
    try:
        size = Path(name).stat().st_size
        if size > MOST_FONT_BYTES:
            raise OptionError(
                f"font is {name!r}, a file of {size} bytes, but a font has at most {MOST_FONT_BYTES}: "
                "give a .ttf or .otf file"
            )
        return Face(name, Path(name).read_bytes())
    except (OSError, ValueError) as fault:
        raise OptionError(
            f"font is {name!r}, but that file cannot be read ({getattr(fault, 'strerror', None) or fault}): "
            "give the path of a .ttf or .otf file, or leave it out"
        ) from fault


@cache
def shipped_face(weight: str) -> Face:
    """Return a face that comes along: ``light``, ``medium`` or ``bold``."""
    return Face(weight, (_FOLDER / f"{weight}.ttf").read_bytes(), shipped=True)


@cache
def _shipped_outlines(weight: str) -> Outlines:
    return from_json((_FOLDER / f"{weight}.json").read_text(encoding="utf-8"))


_FOLDER = Path(__file__).parent / "fonts"
