"""Eyes through text: what a model that only knows text is given of an image.

That is the facts, a line each, and a text picture whose places have names, so that an answer can point at
them::

         A       B       C …
     1 |    ..::--==++**##…|
       |    ..::--==++**##…|

Columns of fields have letters, rows of fields have numbers; a field is 8 characters wide and 4 high, which is
about a square, and is called ``B3``; ``B3-D5`` is the region from one to the other.
"""

import io
import re
from dataclasses import dataclass, field
from string import ascii_uppercase

from PIL import Image

from calligram import settings
from calligram.art.composition import FIELDS
from calligram.art.fact import Facts
from calligram.art.facts import measure_view
from calligram.art.facts_options import EyesOptions
from calligram.art.views import View, open_view
from calligram.errors import InputError
from calligram.picture.encoding import encode
from calligram.picture.layout import Layout
from calligram.picture.opening import ImageInput
from calligram.picture.options import EncodeOptions
from calligram.picture.text_picture import TextPicture

__all__ = ["Eyes", "EyesOptions", "draw_view", "eyes_of", "eyes_of_view"]

FIELD_COLUMNS, FIELD_ROWS = 8, 4
"""Characters of a field: with cells twice as high as wide it is a square."""
FONT_RATIO = 0.5
RAMP = "ascii10"

_REGION = re.compile(r"([A-Z])([1-9]\d*)(?:\s*[-–:]\s*([A-Z])([1-9]\d*))?", re.IGNORECASE)

EXPLAINED = (
    "The picture as text, {columns} characters wide and {rows} high. Each character is one place, from a "
    "blank (the darkest) through . : - = + * # % to @ (the lightest); tones are stretched so that shapes "
    "show. Fields of {across} by {down} characters have names: the letter above and the number before them, "
    "from A1 in the upper left to {last} in the lower right; {first}-{other} is a region."
)


@dataclass(frozen=True, eq=False)
class Eyes:
    """What a model is given of an image.

    Args:
        facts: what is measured.
        picture: the text picture.
        png: the image as PNG, for models that take one; None where it was not wanted.
    """

    facts: Facts
    picture: TextPicture
    png: bytes | None = field(default=None, repr=False)

    @property
    def prompt(self) -> str:
        """The text that a model that only knows text is given: facts, and the picture with named fields."""
        told = EXPLAINED.format(
            columns=self.picture.columns,
            rows=self.picture.rows,
            across=FIELD_COLUMNS,
            down=FIELD_ROWS,
            last=self.cell_name(self.picture.rows - 1, self.picture.columns - 1),
            first=self.cell_name(0, 0),
            other=self.cell_name(
                min(FIELD_ROWS, self.picture.rows - 1), min(FIELD_COLUMNS, self.picture.columns - 1)
            ),
        )
        lines = ["What is measured on the picture:", *self.facts.lines(), "", told, "", *self.drawn_lines()]
        return "\n".join(lines) + "\n"

    def drawn_lines(self) -> list[str]:
        """Return the text picture with the letters above and the numbers before its fields."""
        symbols = self.picture.layout.symbols
        rows = ["".join(symbols[level] for level in row) for row in self.picture.levels.tolist()]
        letters = ascii_uppercase[: -(-self.picture.columns // FIELD_COLUMNS)]
        lines = ["    " + "".join(letter.ljust(FIELD_COLUMNS) for letter in letters).rstrip()]
        for place, row in enumerate(rows):
            number = place // FIELD_ROWS + 1 if place % FIELD_ROWS == 0 else ""
            lines.append(f"{number:>2} |{row}|")
        return lines

    def cell_name(self, row: int, column: int) -> str:
        """Return the name of the field in which a character lies.

        Args:
            row: of the text picture, counted from 0.
            column: likewise.
        """
        return f"{ascii_uppercase[column // FIELD_COLUMNS]}{row // FIELD_ROWS + 1}"

    def cell_names(self) -> tuple[str, ...]:
        """Return the names of all fields, row by row."""
        rows, columns = range(0, self.picture.rows, FIELD_ROWS), range(0, self.picture.columns, FIELD_COLUMNS)
        return tuple(self.cell_name(row, column) for row in rows for column in columns)

    def region(self, name: str) -> tuple[slice, slice]:
        """Return the rows and columns of the text picture that a field or a region takes up.

        Args:
            name: as ``B3``, or ``B3-D5`` for all from the one to the other, whichever two corners they are.

        Raises:
            InputError: it is no such name, or lies outside.
        """
        found = _REGION.fullmatch(name.strip())
        names = self.cell_names()
        if not found:
            raise InputError(f"{name!r} is no field of the picture: name one as B3, or a region as B3-D5")
        corners = [
            f"{letter}{number}".upper() for letter, number in (found.group(1, 2), found.group(3, 4)) if letter
        ]
        for corner in corners:
            if corner not in names:
                raise InputError(f"there is no field {corner}: the picture has {names[0]} to {names[-1]}")
        columns = sorted(ascii_uppercase.index(corner[0]) for corner in corners)
        rows = sorted(int(corner[1:]) - 1 for corner in corners)
        return _span(rows, FIELD_ROWS, self.picture.rows), _span(columns, FIELD_COLUMNS, self.picture.columns)

    def place(self, name: str) -> str:
        """Return where a field or region lies, as ``"upper left"`` or ``"the middle"``.

        Raises:
            InputError: it is no such name.
        """
        rows, columns = self.region(name)
        y = (rows.start + rows.stop) / 2 / self.picture.rows
        x = (columns.start + columns.stop) / 2 / self.picture.columns
        return _third_name(x, y)


def eyes_of(image: ImageInput, options: EyesOptions | None = None, png: bool = True) -> Eyes:
    """Return what a model is given of an image.

    Args:
        image: a path, ``-`` for standard input, bytes of a file, a Pillow image or an array.
        options: sizes and limits.
        png: whether the image itself is wanted too, for models that take one.

    Raises:
        ImageError: the image cannot be read.
        LimitError: the image is over a limit.
        OptionError: an option is out of its range.
    """
    options = options or EyesOptions()
    settings.check(options)
    return eyes_of_view(open_view(image, options), options, png)


def eyes_of_view(
    view: View, options: EyesOptions | None = None, png: bool = True, facts: Facts | None = None
) -> Eyes:
    """Return what a model is given of an image that is open, and perhaps measured, already."""
    options = options or EyesOptions()
    image = _png(view, options.png_px) if png else None
    return Eyes(facts or measure_view(view), draw_view(view, options), image)


def draw_view(view: View, options: EyesOptions) -> TextPicture:
    """Return the text picture of an image, in the layout for scenes; what is too tall even so is squeezed."""
    height, width = view.rgb.shape[:2]
    columns = options.columns
    while columns > FIELD_COLUMNS and columns * FONT_RATIO * height / width > options.most_rows:
        columns -= FIELD_COLUMNS
    too_tall = columns * FONT_RATIO * height / width > options.most_rows
    rows = options.most_rows if too_tall else None
    layout = Layout("scene", columns, rows, FONT_RATIO, RAMP, markup="plain")
    return encode(view.rgb, layout, EncodeOptions(auto_levels=True))


def _span(places: list[int], step: int, most: int) -> slice:
    return slice(places[0] * step, min(most, (places[-1] + 1) * step))


def _third_name(x: float, y: float) -> str:
    return FIELDS[3 * min(2, int(3 * y)) + min(2, int(3 * x))]


def _png(view: View, longest: int) -> bytes:
    image = Image.fromarray(view.rgb)
    image.thumbnail((longest, longest))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
