"""Starts: half-drawn text pictures, of which the given rows are kept."""

import os
from dataclasses import replace

from calligram.errors import ImageError, PictureError
from calligram.picture import LAYOUTS, Layout, Limits, TextPicture, decode
from calligram.picture.opening import describe, is_image, read_bytes

WANTED = "a half-drawn text picture"


def read_start(path: str | os.PathLike[str], layout: Layout | None = None) -> TextPicture:
    """Return the rows that a file holds of a half-drawn text picture.

    Args:
        path: a text file, or ``-`` for standard input.
        layout: of the whole; None is the first one with a name that fits.

    Raises:
        ImageError: the file cannot be read, is empty, or holds an image.
        PictureError: it holds no text picture of the layout, or a whole one.
    """
    content = read_bytes(path, Limits(), WANTED)
    if is_image(content):
        raise ImageError(
            f"{describe(path)} is an image, but {WANTED} is completed: "
            "turn it into text with 'calligram encode' and leave out the last rows"
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise PictureError(
            f"{describe(path)} is no {WANTED[2:]} (byte {fault.start} is no UTF-8): give rows of text"
        ) from fault
    return parse_start(text, layout)


def parse_start(text: str, layout: Layout | None = None) -> TextPicture:
    """Return the given rows of a half-drawn text picture, in the layout that the whole will have.

    Args:
        text: rows in the layout's markup, or bare lines of its symbols; bare lines may end early.
        layout: of the whole; None is the first one with a name that fits.

    Raises:
        PictureError: the rows do not fit the layout, or any layout, or nothing is left to draw.

    >>> parse_start("<row:1>" + 20 * "█" + "</row:1>").rows
    1
    """
    if not text.strip("\r\n"):
        raise PictureError("the half-drawn picture is empty: give its first rows")
    tried = [layout] if layout else list(LAYOUTS.values())
    faults: list[PictureError] = []
    for candidate in tried:
        try:
            return _fitted(text, candidate)
        except PictureError as fault:
            faults.append(fault)
    if layout:
        raise PictureError(
            f"the half-drawn picture does not fit the layout {layout.name} ({_bare(faults[0])}): "
            "give rows of that layout, or name another"
        ) from faults[0]
    raise PictureError(
        f"the half-drawn picture fits none of the layouts {', '.join(LAYOUTS)} "
        f"(for {tried[0].name}: {_bare(faults[0])}): give whole rows of one of them"
    ) from faults[0]


def _bare(fault: PictureError) -> str:
    """Return what is wrong, without the next step."""
    return str(fault).rsplit(": ", 1)[0]


def _fitted(text: str, layout: Layout) -> TextPicture:
    if "<row" in text:
        # a last row that was cut off is drawn anew
        lines = [line for line in text.splitlines() if line.strip()]
        whole = [
            line for place, line in enumerate(lines) if place + 1 < len(lines) or line.rstrip().endswith(">")
        ]
        if not whole:
            raise PictureError("no row is whole: give one whole row at least")
        levels = decode("\n".join(whole) + "\n", replace(layout, rows=None)).levels
    else:
        bare = replace(layout, markup="plain", rows=None)
        lines = [line.ljust(layout.columns) for line in text.rstrip("\n").split("\n")]
        levels = decode("\n".join(lines) + "\n", bare).levels
    rows, columns = layout.grid()
    if levels.shape[1] != columns:
        raise PictureError(
            f"it has {levels.shape[1]} columns and {layout.name} has {columns}: give rows of that length"
        )
    if len(levels) >= rows:
        raise PictureError(
            f"it has {len(levels)} rows and {layout.name} has {rows}, so nothing is left to draw: "
            "leave out the last rows"
        )
    return TextPicture(levels, layout)
