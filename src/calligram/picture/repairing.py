"""Repairing: reads a damaged text picture row by row, and says each thing that had to be mended."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calligram.errors import PictureError
from calligram.picture.layout import Layout
from calligram.picture.spelling import get_markup

LOOK_ALIKES = {"▒": "▓", "░": "▓", "■": "█", "▇": "█", "\t": " ", "\xa0": " ", "\u3000": " ", "⠀": " "}
"""What stands in for a symbol that is not in the ramp, before it is left empty."""


@dataclass
class _Row:
    """A row as far as it could be read: its number where it has one, and its cells."""

    number: int | None
    cells: str
    line: int


def repair_grid(body: str, layout: Layout, mends: list[str]) -> NDArray[np.uint8]:
    """Return the levels of a text that may be damaged; each mend is added to the list.

    Args:
        body: the rows, without a header.
        layout: markup, ramp and, unless guessed, columns and rows.
        mends: gets one sentence for each mend.

    Raises:
        PictureError: nothing in the text is a row.
    """
    rows = _ordered(_find_rows(body, layout, mends), layout, mends)
    width = len(get_markup(layout.markup).cells(layout.symbols)[0])
    grid = [_read_cells(row, place, layout, width, mends) for place, row in enumerate(rows, 1)]
    _note_tags(rows, body, layout, mends)
    return np.array(grid, np.uint8)


def _find_rows(body: str, layout: Layout, mends: list[str]) -> list[_Row]:
    markup = get_markup(layout.markup)
    symbols = set("".join(markup.cells(layout.symbols)))
    lines = body.split("\n")
    if lines[-1] == "":
        lines.pop()
    else:
        mends.append(f"row {len(lines)}: the line break at its end was added")
    rows = []
    for place, line in enumerate(lines, 1):
        match = markup.LOOSE.fullmatch(line)
        if match:
            rows.append(_Row(int(match["number"]) if match["number"] else None, match["cells"], place))
        elif line.strip() and set(line) <= symbols:
            rows.append(_Row(None, line, place))
        elif line.strip():
            mends.append(f"line {place} is no row and was left out: {line[:40]!r}")
        else:
            mends.append(f"line {place} is blank and was left out")
    if not any(set(row.cells) & symbols for row in rows):
        raise PictureError("nothing in the text is a row of a text picture: give a text picture")
    return rows


def _ordered(rows: list[_Row], layout: Layout, mends: list[str]) -> list[_Row]:
    """Return the rows by their numbers: missing ones empty, doubled ones once."""
    named: dict[int, _Row] = {}
    following = 1
    for row in rows:
        number = row.number if row.number is not None and 1 <= row.number <= len(rows) + 64 else following
        if number in named:
            if row.number is not None and row.cells == named[number].cells:
                mends.append(f"row {number} came twice and was taken once")
                continue
            mends.append(f"row {number} came twice; the second was taken as row {following}")
            number = following
        if number < following:
            mends.append(f"row {number} stood after row {following - 1} and was put in its place")
        named[number] = row
        following = max(following, number + 1)
    count = layout.rows or max(named)
    for number in range(1, count + 1):
        if number not in named:
            mends.append(f"row {number} was missing and was left empty")
    for number in sorted(set(named) - set(range(1, count + 1))):
        mends.append(f"row {number} was one too many and was left out")
    return [named.get(number, _Row(number, "", 0)) for number in range(1, count + 1)]


def _read_cells(row: _Row, place: int, layout: Layout, width: int, mends: list[str]) -> list[int]:
    spelled = get_markup(layout.markup).cells(layout.symbols)
    codes = {cell: level for level, cell in enumerate(spelled)}
    found = [row.cells[start : start + width] for start in range(0, len(row.cells), width)]
    if len(found) > layout.columns:
        mends.append(f"row {place} had {len(found)} cells; those after column {layout.columns} were left out")
    if row.line and len(found) < layout.columns:
        mends.append(
            f"row {place} had {len(found)} cells and was filled up with empty ones to {layout.columns}"
        )
    levels = []
    for column, cell in enumerate(found[: layout.columns], 1):
        if cell not in codes:
            instead = LOOK_ALIKES.get(cell, spelled[0])
            instead = instead if instead in codes else spelled[0]
            mends.append(f"row {place}, column {column}: {cell!r} was read as {instead!r}")
            cell = instead
        levels.append(codes[cell])
    return levels + [0] * (layout.columns - len(levels))


def _note_tags(rows: list[_Row], body: str, layout: Layout, mends: list[str]) -> None:
    """Add a mend for each row whose ends were not spelled as they must be."""
    markup, lines = get_markup(layout.markup), body.split("\n")
    for place, row in enumerate(rows, 1):
        line = lines[row.line - 1] if row.line else None
        if line is None:
            continue
        before, after = markup.before(place, len(rows)), markup.after(place, len(rows)).removesuffix("\n")
        if not (line.startswith(before) and line.endswith(after)):
            mends.append(f"row {place}: its ends were spelled anew as {before!r} and {after!r}")
