"""Sheets: sizes of paper, and where picture and caption stand on it, in whole pixels."""

import re
from dataclasses import dataclass

from calligram.errors import LimitError, OptionError
from calligram.picture.posters.options import PosterOptions
from calligram.picture.posters.type_case import Fit

MM_PER_INCH = 25.4

_UNITS_MM = {"mm": 1.0, "cm": 10.0, "in": MM_PER_INCH}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)\s*(mm|cm|in)\s*", re.IGNORECASE)
_FIRST_MM = {"A": (841, 1189), "B": (1000, 1414)}
"""Width and height of A0 and B0; each next one is half of it. Source: ISO 216."""

MOST_MM = 5000
"""No sheet is longer."""

USUAL_COLUMNS = 200
SMALLEST_CELL_PX = 2
TALLEST = 2
"""A tall picture gets fewer columns, so that it has at most so many rows for each column asked for."""

OPTICAL_MIDDLE = 0.45
"""Share of the free height that stands above the picture: a little more stands below, as on framed prints."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper.

    Args:
        width: in pixels.
        height: in pixels.
        dpi: pixels to the inch.
    """

    width: int
    height: int
    dpi: float

    @property
    def width_mm(self) -> float:
        """Its width."""
        return self.width / self.dpi * MM_PER_INCH

    @property
    def height_mm(self) -> float:
        """Its height."""
        return self.height / self.dpi * MM_PER_INCH


@dataclass(frozen=True)
class Grid:
    """Where the cells of the picture stand.

    Args:
        columns: cells in a row.
        rows: cells in a column.
        cell_width: in pixels.
        cell_height: in pixels.
        left: pixels from the sheet's left side.
        top: pixels from its upper side.
    """

    columns: int
    rows: int
    cell_width: int
    cell_height: int
    left: int
    top: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.columns * self.cell_width

    @property
    def height(self) -> int:
        """In pixels."""
        return self.rows * self.cell_height


def parse_size(size: str) -> tuple[float, float]:
    """Return width and height in millimetres, as they are given.

    Raises:
        OptionError: it is no size.
        LimitError: it is longer than ``MOST_MM``.

    >>> parse_size("A3"), parse_size("18x24in")
    ((297.0, 420.0), (457.2, 609.6))
    """
    name = size.strip().upper()
    if name[:1] in _FIRST_MM and name[1:] in tuple("0123456"):
        width, height = _FIRST_MM[name[0]]
        for _ in range(int(name[1])):
            width, height = height // 2, width
        return float(width), float(height)
    found = _SIZE.fullmatch(size)
    if not found or not (float(found[1]) and float(found[2])):
        raise OptionError(
            f"size is {size!r}, but must be A0 to A6, B0 to B6, or width x height in mm, cm or in, as 50x70cm"
        )
    unit = _UNITS_MM[found[3].lower()]
    sides = round(float(found[1]) * unit, 3), round(float(found[2]) * unit, 3)
    if max(sides) > MOST_MM:
        raise LimitError(
            f"size is {size!r}, {max(sides):g} mm long, but no sheet is longer than {MOST_MM} mm: "
            "choose a smaller one, which can be printed larger where it is an SVG or a PDF"
        )
    return sides


def lay_sheet(options: PosterOptions, image_aspect: float) -> Sheet:
    """Return the sheet that the options ask for.

    Args:
        options: size, turn, dpi and ``max_sheet_pixels`` count.
        image_aspect: width over height, after which a sheet turns.

    Raises:
        LimitError: the sheet has too many pixels.
        OptionError: the size is none.
    """
    short, long = sorted(parse_size(options.size))
    lies = options.turn == "landscape" or (options.turn == "auto" and image_aspect > 1)
    sides = (long, short) if lies else (short, long)
    width, height = (max(1, round(side / MM_PER_INCH * options.dpi)) for side in sides)
    if width * height > options.max_sheet_pixels:
        raise LimitError(
            f"a sheet of {options.size} at {options.dpi:g} dpi has {width} x {height} pixels, "
            f"but max_sheet_pixels is {options.max_sheet_pixels}: ask for fewer dpi or raise max_sheet_pixels"
        )
    return Sheet(width, height, options.dpi)


def lay_grid(
    sheet: Sheet, options: PosterOptions, fit: Fit, shape: tuple[int, int] | float, caption_height: int
) -> Grid:
    """Return where the cells stand: as large as margins and caption leave room for, in the optical middle.

    Args:
        sheet: on which.
        options: columns and margin count.
        fit: the shape of a cell.
        shape: rows and columns, or the image's width over its height, from which they follow.
        caption_height: pixels that the caption takes beneath the picture.

    Raises:
        OptionError: the cells would be smaller than ``SMALLEST_CELL_PX``.
    """
    margin = round(options.margin * min(sheet.width, sheet.height))
    room_wide, room_high = sheet.width - 2 * margin, sheet.height - 2 * margin - caption_height
    asked = options.columns or USUAL_COLUMNS
    rows, columns = count_cells(shape, asked, fit.ratio)
    cell = min(room_wide // columns, int(room_high * fit.ratio) // rows) + 1
    cell_height = room_high + 1
    while cell > SMALLEST_CELL_PX and (rows * cell_height > room_high or columns * cell > room_wide):
        cell -= 1
        cell_height = max(1, round(cell / fit.ratio))
        rows, columns = count_cells(shape, asked, cell / cell_height)
    if rows * cell_height > room_high or columns * cell > room_wide:
        raise OptionError(
            f"{columns} x {rows} characters leave none of them {SMALLEST_CELL_PX} pixels on a sheet of "
            f"{sheet.width} x {sheet.height} pixels: ask for fewer columns, a larger size or more dpi"
        )
    free = sheet.height - rows * cell_height - caption_height
    left = (sheet.width - columns * cell) // 2
    return Grid(columns, rows, cell, cell_height, left, round(free * OPTICAL_MIDDLE))


def count_cells(shape: tuple[int, int] | float, columns: int, ratio: float) -> tuple[int, int]:
    """Return rows and columns.

    Args:
        shape: rows and columns, or the image's width over its height.
        columns: at most so many.
        ratio: width of a cell over its height.

    >>> count_cells(1.0, 100, 0.5), count_cells(0.01, 100, 0.5), count_cells(3000.0, 200, 0.8)
    ((50, 100), (200, 4), (1, 200))
    """
    if isinstance(shape, tuple):
        return shape
    if _rows(columns, ratio, shape) > TALLEST * columns:
        most, columns = TALLEST * columns, max(1, round(TALLEST * columns * shape / ratio))
        return min(_rows(columns, ratio, shape), most), columns
    return _rows(columns, ratio, shape), columns


def _rows(columns: int, ratio: float, aspect: float) -> int:
    return max(1, round(columns * ratio / aspect))
