"""Sets an image or a text picture in characters: words that run through it, or letters that are chosen.

That is a calligram in the old sense: a poem in the shape of what it tells of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

from calligram.errors import ModelError
from calligram.painters._posters import SheetOptions, on_sheet, remarks, told
from calligram.painters.base import Order, Painted, Painter
from calligram.picture.decoding import decode
from calligram.picture.opening import is_image, read_bytes
from calligram.picture.posters.making import make_poster
from calligram.picture.text_picture import TextPicture
from calligram.settings import option

SPELLING = "glyphs:FILE, an image or a text picture"


@dataclass(frozen=True)
class Options(SheetOptions):
    """How the characters are set."""

    GROUP: ClassVar[str] = "glyphs"

    text: Literal["words", "chosen"] = option(
        "words", "words: what is asked for runs through the picture; chosen: characters that fit it"
    )


def load(place: str, options: Options) -> Painter:
    """Return the painter that sets a file.

    Args:
        place: an image, or a text picture.
        options: sheet, font, colours.

    Raises:
        ModelError: no file is named.
        ImageError: it cannot be read.
        PictureError: it is neither an image nor a text picture.
    """
    if not place:
        raise ModelError(
            "the painter glyphs names no file: write glyphs:FILE, with an image or a text picture"
        )
    content = read_bytes(place, options, "an image or a text picture")
    return Glyphs(_settled(content, options), options, Path(place).name)


def _settled(content: bytes, options: Options) -> bytes | TextPicture:
    """Return the text picture that some bytes spell; what is no UTF-8, or an image, comes back as it is."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    return content if is_image(content) else decode(text, limits=options)


class Glyphs(Painter):
    """Sets one picture in characters.

    Args:
        source: the bytes of an image, or a text picture.
        options: how it is set.
        file: the name under which the source is told of.
    """

    name = "glyphs"

    def __init__(self, source: bytes | TextPicture, options: Options, file: str = "") -> None:
        self.source, self.options, self.file = source, options, file

    def paint(self, order: Order, count: int = 1) -> Sequence[Painted]:
        """Return so many posters; with words they are all the same, since nothing is left to chance.

        Raises:
            OptionError: there are no words, or the font has not got a character of them.
        """
        options = on_sheet(self.options, order)
        if self.options.text == "words":
            painted = self._set(replace(options, words=options.words or order.words), order, None)
            return [painted] * count
        return [
            self._set(replace(options, seed=order.seed + place), order, order.seed + place)
            for place in range(count)
        ]

    def _set(self, options: Options, order: Order, seed: int | None) -> Painted:
        made = make_poster(self.source, options, repr(self.file))
        settings = told(options) | {"file": self.file, "text": options.text}
        return Painted(made.image(), seed, settings=settings, remarks=remarks(order, *made.remarks))
