"""An SVG, sharp at any size: rectangles for cells and dots, letters for the ramp ``shape``."""

from collections.abc import Iterator
from html import escape
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from calligram.picture.forms import DOT_FORMS, dot_pictures
from calligram.picture.painting import level_greys
from calligram.picture.text_picture import TextPicture

CELL_WIDTH = 12
"""Units that a cell is wide."""

FONTS = "DejaVu Sans Mono, Menlo, Consolas, monospace"

LETTER_WIDTH = 0.602
"""Width of a letter of these fonts in parts of their size."""


def render(picture: TextPicture) -> bytes:
    """Return the file's bytes; neighbours of one colour are one rectangle."""
    width = CELL_WIDTH * picture.columns
    height = round(CELL_WIDTH / picture.layout.font_ratio * picture.rows, 2)
    parts = _letters(picture) if picture.layout.ramp == "shape" else _cells(picture, width, height)
    shapes = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height:g}" '
        f'viewBox="0 0 {width} {height:g}">\n'
        f"<title>text picture, {picture.columns} x {picture.rows} cells</title>\n"
        f'<rect width="{width}" height="{height:g}" fill="#000000"/>\n{shapes}\n</svg>\n'
    ).encode()


def _cells(picture: TextPicture, width: float, height: float) -> Iterator[str]:
    """Yield rectangles in a grid of one unit a cell or dot, stretched to the whole."""
    pixels = _grid_colours(picture)
    rows, columns = pixels.shape[:2]
    scale = f"scale({width / columns:.6g} {height / rows:.6g})"
    yield f'<g transform="{scale}" shape-rendering="crispEdges">'
    for row, line in enumerate(pixels.tolist()):
        column = 0
        for colour, run in groupby(map(tuple, line)):
            length = len(list(run))
            if any(colour):
                fill = _hexadecimal(colour)
                yield f'<rect x="{column}" y="{row}" width="{length}" height="1" fill="{fill}"/>'
            column += length
    yield "</g>"


def _grid_colours(picture: TextPicture) -> NDArray[np.uint8]:
    """Return the colour of each cell, or of each dot where cells have dots, ``(rows, columns, 3)``."""
    colours = picture.shown_colours()
    if picture.layout.ramp in DOT_FORMS:
        tiles = dot_pictures(picture.layout.ramp)
        down, across = tiles.shape[1:]
        dots = tiles[picture.levels].swapaxes(1, 2).reshape(picture.rows * down, -1)[:, :, None]
        ink = 255 if colours is None else colours.repeat(down, axis=0).repeat(across, axis=1)
        return np.asarray(np.broadcast_to(dots * ink, (*dots.shape[:2], 3)), np.uint8)
    if colours is not None:
        return colours
    return level_greys(picture.layout)[picture.levels][:, :, None].repeat(3, axis=2)


def _letters(picture: TextPicture) -> Iterator[str]:
    """Yield one line of text for each row, letters placed one by one, so that any font keeps the grid."""
    line = CELL_WIDTH / picture.layout.font_ratio
    places = " ".join(str(CELL_WIDTH * column) for column in range(picture.columns))
    colours = picture.shown_colours()
    size = CELL_WIDTH / LETTER_WIDTH
    yield f'<g font-family="{FONTS}" font-size="{size:.4g}" xml:space="preserve" fill="#ffffff">'
    for row, levels in enumerate(picture.levels.tolist()):
        symbols = [picture.layout.symbols[level] for level in levels]
        text = escape("".join(symbols)) if colours is None else _spans(symbols, colours[row].tolist())
        yield f'<text y="{line * (row + 0.8):.6g}" x="{places}">{text}</text>'
    yield "</g>"


def _spans(symbols: list[str], colours: list[list[int]]) -> str:
    pairs = zip(symbols, map(tuple, colours), strict=True)
    return "".join(
        f'<tspan fill="{_hexadecimal(colour)}">{escape("".join(symbol for symbol, _ in run))}</tspan>'
        for colour, run in groupby(pairs, key=lambda pair: pair[1])
    )


def _hexadecimal(colour: tuple[int, ...]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
