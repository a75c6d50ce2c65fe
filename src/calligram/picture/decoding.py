"""Decoding: from marked-up text back to the grid, exactly, or with a list of what had to be mended."""

import numpy as np

from calligram.errors import PictureError
from calligram.picture.layout import Layout, get_layout
from calligram.picture.spelling import get_markup
from calligram.picture.text_picture import TextPicture


def decode(text: str, layout: str | Layout | None = None, repair: bool = False) -> TextPicture:
    """Return the text picture that a text spells.

    Args:
        text: a marked-up text.
        layout: its layout or the layout's name.
        repair: whether to mend what can be mended.

    Raises:
        PictureError: the text is no picture of that layout; knows row and column.
    """
    layout = get_layout(layout or "classic")
    markup = get_markup(layout.markup)
    lines = text.splitlines(keepends=True)
    codes = {symbol: level for level, symbol in enumerate(markup.cells(layout.symbols))}
    grid: list[list[int]] = []
    for row, line in enumerate(lines, 1):
        before, after = markup.before(row, len(lines)), markup.after(row, len(lines))
        if not (line.startswith(before) and line.endswith(after)):
            raise PictureError(f"row {row} must begin with {before!r} and end with {after!r}", row)
        inside = line[len(before) : len(line) - len(after)]
        try:
            grid.append([codes[symbol] for symbol in inside])
        except KeyError as fault:
            raise PictureError(f"row {row} holds {fault}, which is not in the ramp", row) from fault
    if len({len(row) for row in grid}) != 1:
        raise PictureError("the rows are not of one length")
    return TextPicture(np.array(grid, np.uint8), layout)
