"""The poster: a sheet with blocks of type on it, which every form of file is written from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image

from calligram.picture.posters.choosing import Numbers
from calligram.picture.posters.inks import Colour, Inks
from calligram.picture.posters.options import AnimationOptions
from calligram.picture.posters.sheets import Sheet
from calligram.picture.posters.type_case import TypeCase


@dataclass(frozen=True, eq=False)
class Block:
    """Cells of one size in rows: the picture, or a line of the caption.

    Args:
        case: its glyphs.
        numbers: the glyph of each cell, ``(rows, columns)``.
        inks: the colour of each.
        left: pixels from the sheet's left side.
        top: pixels from its upper side.
    """

    case: TypeCase
    numbers: Numbers
    inks: Inks
    left: int
    top: int

    def lines(self) -> list[str]:
        """Return its rows as text."""
        glyphs = self.case.glyphs
        return ["".join(glyphs[number].character for number in row).rstrip() for row in self.numbers.tolist()]


@dataclass(frozen=True)
class Rule:
    """A filled rectangle: in pixels from the sheet's upper left corner."""

    left: int
    top: int
    width: int
    height: int
    colour: Colour


@dataclass(frozen=True, eq=False)
class Poster:
    """A finished sheet.

    Args:
        sheet: its size.
        paper: its colour.
        picture: the picture's cells.
        animation: how it is shown being made.
        caption: lines of type beneath it.
        rules: lines that frame it.
        title: its name, for what shows no images; may be empty.
        remarks: what a person should be told of it, a sentence each.
    """

    sheet: Sheet
    paper: Colour
    picture: Block
    animation: AnimationOptions = field(default_factory=AnimationOptions)
    caption: tuple[Block, ...] = ()
    rules: tuple[Rule, ...] = ()
    title: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def blocks(self) -> Sequence[Block]:
        """The picture and the lines of the caption."""
        return (self.picture, *self.caption)

    @property
    def text(self) -> str:
        """The characters of the picture, a line for each row."""
        return "\n".join(self.picture.lines()) + "\n"

    def image(self) -> Image.Image:
        """Return the sheet as pixels, mode ``RGB``."""
        from calligram.picture.posters.pixels import paint

        return Image.fromarray(paint(self))

    def render(self, ending: str) -> bytes:
        """Return the content of a file: ``png``, ``svg``, ``pdf`` or ``gif``.

        Raises:
            OutputError: there is no such form.
            MissingExtraError: outlines of a font of one's own need fontTools, which is not installed.
        """
        from calligram.picture.posters.rendering import render

        return render(self, ending)
