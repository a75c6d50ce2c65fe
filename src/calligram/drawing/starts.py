"""Starts: half-drawn text pictures, of which the given rows are kept."""

import os
from dataclasses import replace

from calligram.errors import PictureError
from calligram.picture import LAYOUTS, Layout, Limits, TextPicture, decode
from calligram.picture.opening import read_bytes


def read_start(path: str | os.PathLike[str], layout: Layout | None = None) -> TextPicture:
    """Return the rows that a file holds of a half-drawn text picture.

    Args:
        path: a text file, or ``-`` for standard input.
        layout: tried before the layouts with a name.

    Raises:
        ImageError: the file cannot be read.
        PictureError: it holds no text picture, or a whole one.
    """
    text = read_bytes(path, Limits()).decode("utf-8", errors="replace")
    return parse_start(text, layout)


def parse_start(text: str, layout: Layout | None = None) -> TextPicture:
    """Return the given rows of a half-drawn text picture, in the layout that the whole will have.

    Args:
        text: rows in the layout's markup, or bare lines of its symbols; bare lines may end early.
        layout: the layout of the whole, where it fits; else the first fitting one that has a name.

    Raises:
        PictureError: the rows fit no layout, or nothing is left to draw.

    >>> parse_start("<row:1>" + 20 * "█" + "</row:1>").rows
    1
    """
    tried = list(dict.fromkeys([*([layout] if layout else []), *LAYOUTS.values()]))
    faults: list[PictureError] = []
    for candidate in tried:
        try:
            return _fitted(text, candidate)
        except PictureError as fault:
            faults.append(fault)
    raise PictureError(
        f"the half-drawn picture fits none of the layouts {', '.join(LAYOUTS)} "
        f"(for {tried[0].name}: {faults[0]}): give whole rows of one of them"
    ) from faults[0]


def _fitted(text: str, layout: Layout) -> TextPicture:
    if "<row" in text:
        # a last row that was cut off is drawn anew
        lines = [line for line in text.splitlines() if line.strip()]
        whole = [
            line for place, line in enumerate(lines) if place + 1 < len(lines) or line.rstrip().endswith(">")
        ]
        levels = decode("\n".join(whole) + "\n", replace(layout, rows=None)).levels
    else:
        bare = replace(layout, markup="plain", columns=layout.columns)
        lines = [line.ljust(layout.columns) for line in text.rstrip("\n").split("\n")]
        levels = decode("\n".join(lines) + "\n", bare).levels
    rows, columns = layout.grid()
    if levels.shape[1] != columns:
        raise PictureError(
            f"the half-drawn picture has {levels.shape[1]} columns, but {layout.name} has {columns}: "
            "give rows of that length, or name another layout"
        )
    if len(levels) >= rows:
        raise PictureError(
            f"the half-drawn picture has {len(levels)} rows and {layout.name} has {rows}: "
            "nothing is left to draw, leave out the last rows"
        )
    return TextPicture(levels, layout)
