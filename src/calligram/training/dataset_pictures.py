"""Checks the text pictures of a data set, fast where they are sound."""

import re
from functools import lru_cache

from calligram.errors import CalligramError, PictureError
from calligram.picture import Layout, decode
from calligram.picture.spelling import get_markup, header_line

Shape = tuple[int, int]


class PictureChecker:
    """Finds the shape of text pictures, or what is wrong with them.

    Most pictures of a file have one layout and one shape, so that a pattern made from the last sound one
    usually fits; only where it does not, the picture is decoded.

    Args:
        layout: the pictures' layout, or None to guess it from the text.
        repair: mend what can be mended.
    """

    def __init__(self, layout: Layout | None, repair: bool) -> None:
        self._layout, self._repair = layout, repair
        self._pattern: re.Pattern[str] | None = None
        self._shape: Shape = (0, 0)

    def check(self, text: str) -> tuple[str, Shape, tuple[str, ...]]:
        """Return the picture (mended under ``repair``), its rows and columns, and what was mended.

        Raises:
            PictureError: the text is no picture, or cannot be mended.
        """
        if self._pattern and self._pattern.fullmatch(text):
            return text, self._shape, ()
        try:
            picture = decode(text, self._layout, repair=self._repair)
        except PictureError:
            raise
        except CalligramError as fault:
            raise PictureError(str(fault)) from fault
        self._shape = picture.rows, picture.columns
        self._pattern = _pattern(picture.layout, *self._shape)
        return picture.text, self._shape, picture.mends


@lru_cache(maxsize=8)
def _pattern(layout: Layout, rows: int, columns: int) -> re.Pattern[str]:
    markup = get_markup(layout.markup)
    cell = "|".join(map(re.escape, markup.cells(layout.symbols)))
    lines = [
        f"{re.escape(markup.before(row, rows))}(?:{cell}){{{columns}}}{re.escape(markup.after(row, rows))}"
        for row in range(1, rows + 1)
    ]
    return re.compile(re.escape(header_line(layout, rows, columns)) + "".join(lines))
