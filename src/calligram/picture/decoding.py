"""Decoding: from marked-up text back to the grid, exactly, or with a list of what had to be mended."""

import dataclasses
import re

import numpy as np
from numpy.typing import NDArray

from calligram.errors import LimitError, PictureError
from calligram.picture.guessing import guess_layout
from calligram.picture.layout import Layout, get_layout
from calligram.picture.options import Limits
from calligram.picture.repairing import repair_grid
from calligram.picture.spelling import get_markup
from calligram.picture.text_picture import TextPicture

HEADER = re.compile(r"<picture:(?P<columns>[1-9]\d{0,6})x(?P<rows>[1-9]\d{0,6}):(?P<ramp>.+)>")
"""The line that a layout with a header begins with."""


def decode(
    text: str, layout: str | Layout | None = None, repair: bool = False, limits: Limits | None = None
) -> TextPicture:
    """Return the text picture that a text spells: the exact inverse of encoding, on the grid.

    Args:
        text: a marked-up text.
        layout: its layout or the layout's name; None guesses from header, markup, symbols and width.
        repair: whether to mend what can be mended; each mend is listed in the picture's ``mends``.
        limits: how much is taken in; None is the usual.

    Raises:
        PictureError: the text is no picture of that layout; knows row and column.
        LayoutError: there is no such layout, or none fits.
        LimitError: the text has more cells than ``max_cells``.

    >>> decode("<row:1> ▓█</row:1>\\n").levels.tolist()
    [[0, 1, 2]]
    """
    limits = limits or Limits()
    _check_size(text, limits)
    mends: list[str] = []
    if repair:
        fences = layout is None or "`" not in get_layout(layout).symbols
        text = _tidy(text, mends, fences)
    first, _, rest = text.partition("\n")
    told = HEADER.fullmatch(first)
    body = rest if told else text
    found = _find_layout(body, told, layout, repair)
    _check_cells(found.rows or body.removesuffix("\n").count("\n") + 1, found.columns, limits)
    levels = repair_grid(body, found, mends) if repair else _read_grid(body, found)
    columns = levels.shape[1]
    found = dataclasses.replace(found, columns=columns) if columns != found.columns else found
    return TextPicture(levels, _shown_rows(found, told, layout), tuple(mends))


def _check_size(text: str, limits: Limits) -> None:
    if not text.strip("\r\n"):
        raise PictureError("the text is empty: give a text picture")
    if len(text) > 64 + 8 * limits.max_cells:
        raise LimitError(
            f"the text has {len(text)} characters, too many for {limits.max_cells} cells: "
            "give a smaller text picture or raise max_cells"
        )


def _check_cells(rows: int, columns: int, limits: Limits) -> None:
    if rows * columns > limits.max_cells:
        raise LimitError(
            f"the text picture has {columns} x {rows} = {columns * rows} cells, but max_cells is "
            f"{limits.max_cells}: give a smaller text picture or raise max_cells"
        )


def _find_layout(body: str, told: re.Match[str] | None, layout: str | Layout | None, damaged: bool) -> Layout:
    """Return the layout of a body of rows, its shape and ramp as the header tells where there is one."""
    if layout is not None:
        found = get_layout(layout)
        return _told(found, told) if told else found
    found = guess_layout(body, told["ramp"] if told else None, damaged)
    return _told(found, told) if told else found


def _told(layout: Layout, told: re.Match[str]) -> Layout:
    columns, rows = int(told["columns"]), int(told["rows"])
    ramp = told["ramp"]
    edges = layout.boundaries if ramp == layout.ramp else None
    return dataclasses.replace(layout, columns=columns, rows=rows, ramp=ramp, boundaries=edges, header=True)


def _shown_rows(found: Layout, told: re.Match[str] | None, layout: str | Layout | None) -> Layout:
    """Return the layout as it was before the header fixed its rows, so that encode and decode agree."""
    if not told:
        return found
    rows = get_layout(layout).rows if layout is not None else None
    return dataclasses.replace(found, rows=rows)


def _read_grid(body: str, layout: Layout) -> NDArray[np.uint8]:
    """Return the levels of a text that has no fault.

    Raises:
        PictureError: at the first fault.
    """
    if not body.endswith("\n"):
        raise _fault(body.count("\n") + 1, None, "ends without a line break")
    lines = body[:-1].split("\n")
    if layout.rows is not None and len(lines) != layout.rows:
        row = min(len(lines), layout.rows) + 1
        raise _fault(
            row, None, f"is {'missing' if len(lines) < layout.rows else 'one too many'}", layout.rows
        )
    spelled = get_markup(layout.markup).cells(layout.symbols)
    codes = {cell: level for level, cell in enumerate(spelled)}
    grid = [_read_row(line, row, len(lines), layout, codes) for row, line in enumerate(lines, 1)]
    return np.array(grid, np.uint8)


def _read_row(line: str, row: int, rows: int, layout: Layout, codes: dict[str, int]) -> list[int]:
    markup = get_markup(layout.markup)
    before, after = markup.before(row, rows), markup.after(row, rows).removesuffix("\n")
    if not line.startswith(before):
        raise _fault(row, 1, f"begins with {line[: len(before)]!r}, but must begin with {before!r}")
    width = len(next(iter(codes)))
    end = len(before) + layout.columns * width
    levels = []
    for column, place in enumerate(range(len(before), end, width), 1):
        cell = line[place : place + width]
        if cell not in codes:
            if not cell or line[place:] == after:
                raise _fault(row, column, f"ends after {column - 1} cells, but must have {layout.columns}")
            raise _fault(row, column, f"holds {cell!r}, which is not in the ramp {layout.ramp!r}")
        levels.append(codes[cell])
    if line[end:] != after:
        ending = f"goes on with {line[end:][:40]!r} after {layout.columns} cells, but must end"
        raise _fault(row, layout.columns + 1, f"{ending} with {after!r}" if after else f"{ending} there")
    return levels


def _fault(row: int, column: int | None, what: str, rows: int | None = None) -> PictureError:
    place = f"row {row}" if column is None else f"row {row}, column {column}"
    wanted = f" (there must be {rows} rows)" if rows else ""
    return PictureError(f"{place} {what}{wanted}: mend it, or decode with repair", row, column)


def _tidy(text: str, mends: list[str], fences: bool) -> str:
    """Return a text without what editors, shells and chats put around it.

    Fences stay where the ramp has their sign: a row may look like one.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if plain != text:
        mends.append("line breaks or a byte order mark of another system were replaced")
    lines = plain.split("\n")
    kept = [line for line in lines if not (fences and line.lstrip().startswith("```"))]
    if len(kept) != len(lines):
        mends.append("the fence around the text was left out")
    return "\n".join(kept)
