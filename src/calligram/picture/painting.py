"""Painting: a grid as pixels. Tone ramps give plain cells, dot forms their dots, ``shape`` its letters."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram.errors import LimitError
from calligram.picture.forms import DOT_FORMS, dot_pictures
from calligram.picture.glyphs import GLYPH_HEIGHT, GLYPH_WIDTH, glyph
from calligram.picture.layout import Layout

MAXIMUM_PIXELS = 100_000_000
"""No larger painting is made."""


def paint(
    levels: NDArray[np.uint8], layout: Layout, colours: NDArray[np.uint8] | None, cell_width: int
) -> Image.Image:
    """Return a grid as an image, mode ``L``, or ``RGB`` where there are colours.

    Args:
        levels: ``(rows, columns)``.
        layout: ramp and font ratio.
        colours: ``(rows, columns, 3)``, or None.
        cell_width: pixels a cell is wide.

    Raises:
        LimitError: the image would be too large.
    """
    height = max(1, round(cell_width / layout.font_ratio))
    rows, columns = levels.shape
    if rows * height * columns * cell_width > MAXIMUM_PIXELS:
        raise LimitError(
            f"a painting of {columns * cell_width} x {rows * height} pixels is over {MAXIMUM_PIXELS} pixels: "
            "ask for fewer columns, or for narrower cells"
        )
    tiles = cell_tiles(layout, height, cell_width)
    inks = tiles[levels].swapaxes(1, 2).reshape(rows * height, columns * cell_width)
    if colours is None:
        return Image.fromarray(inks)
    spread = colours.repeat(height, axis=0).repeat(cell_width, axis=1)
    if layout.ramp not in DOT_FORMS and layout.ramp != "shape":
        return Image.fromarray(spread)
    return Image.fromarray((spread * (inks[:, :, None] / 255)).astype(np.uint8))


def cell_tiles(layout: Layout, height: int, width: int) -> NDArray[np.uint8]:
    """Return how each level is painted, ``(levels, height, width)``."""
    if layout.ramp in DOT_FORMS:
        dots = dot_pictures(layout.ramp) * np.uint8(255)
        return dots[:, np.arange(height) * dots.shape[1] // height][
            :, :, np.arange(width) * dots.shape[2] // width
        ]
    if layout.ramp == "shape":
        return np.stack([_scaled_glyph(symbol, height, width) for symbol in layout.symbols])
    return np.broadcast_to(level_greys(layout)[:, None, None], (layout.level_count, height, width))


def level_greys(layout: Layout) -> NDArray[np.uint8]:
    """Return the grey of each level, evenly from 0 to 255, rounded up so that even levels come back."""
    steps = np.arange(layout.level_count) * 255
    return (-(-steps // (layout.level_count - 1))).astype(np.uint8)


def _scaled_glyph(symbol: str, height: int, width: int) -> NDArray[np.uint8]:
    ink = np.rint(glyph(symbol) * 255).astype(np.uint8)
    if (height, width) == (GLYPH_HEIGHT, GLYPH_WIDTH):
        return ink
    return np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BICUBIC))
