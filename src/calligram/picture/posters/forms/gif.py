"""An animated GIF of the picture as it is made, character by character; it loops."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram.picture.posters.pixels import paint
from calligram.picture.posters.poster import Block, Poster

COLOURS = 128
HELD_MS = 2500
"""The finished picture is held so long."""

FIRST_MS = 400
SLOWEST_MS = 20
"""Viewers show a shorter picture than that far too long."""


def render(poster: Poster) -> bytes:
    """Return the file's bytes."""
    motion = poster.animation
    finished = _reduced(poster, motion.width_px)
    turns = _turns(poster, finished.size, motion.frames)
    indexed = finished.quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    places, bare = np.asarray(indexed), _bare(indexed, poster)
    frames = [Image.fromarray(np.where(turns <= turn, places, bare)) for turn in range(motion.frames + 1)]
    for frame in frames:
        frame.putpalette(indexed.getpalette() or [])
    step = max(SLOWEST_MS, round(motion.seconds * 1000 / motion.frames))
    durations = [FIRST_MS, *[step] * (motion.frames - 1), HELD_MS]
    content = io.BytesIO()
    frames[0].save(
        content, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=False
    )
    return content.getvalue()


def _reduced(poster: Poster, width: int) -> Image.Image:
    """Return the finished sheet so many pixels wide."""
    image = Image.fromarray(paint(poster))
    height = max(1, round(width * image.height / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _bare(indexed: Image.Image, poster: Poster) -> np.uint8:
    """Return the number of the colour that is nearest to the paper."""
    colours = np.array(indexed.getpalette(), np.int64).reshape(-1, 3)
    return np.uint8(((colours - poster.paper) ** 2).sum(axis=1).argmin())


def _turns(poster: Poster, size: tuple[int, int], frames: int) -> NDArray[np.uint16]:
    """Return from which frame on each pixel is seen; the caption comes with the last, the lines at once."""
    width, height = size
    block, scale = poster.picture, size[0] / poster.sheet.width
    turns = np.zeros((height, width), np.uint16)
    for line in poster.caption:
        across = slice(round(line.left * scale) - 1, None)
        turns[round(line.top * scale) - 1 : round((line.top + line.case.height) * scale) + 1, across] = frames
    rows, columns = block.numbers.shape
    inside_rows, down = _cells_met(height, scale, block.top, block.case.height, rows)
    inside_columns, across_cells = _cells_met(width, scale, block.left, block.case.width, columns)
    cells = _cell_turns(block, poster.animation.order, frames)
    turns[np.ix_(inside_rows, inside_columns)] = cells[np.ix_(down, across_cells)]
    return turns


def _cells_met(
    pixels: int, scale: float, start: int, size: int, count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pixels of a side that cells cover, and which cell covers each; soft edges count too."""
    places = ((np.arange(pixels) + 0.5) / scale - start) / size
    met = np.flatnonzero((places >= -0.5) & (places < count + 0.5))
    return met, places[met].astype(np.intp).clip(0, count - 1)


def _cell_turns(block: Block, order: str, frames: int) -> NDArray[np.uint16]:
    """Return from which frame on each cell is seen, 1 to ``frames``."""
    rank = np.arange(block.numbers.size, dtype=np.float64).reshape(block.numbers.shape)
    if order == "light":
        rank = -block.inks.colours.astype(np.float64).sum(axis=1)[block.inks.places]
    elif order == "ink":
        rank = -block.case.densities[block.numbers]
    places = np.argsort(np.argsort(rank.ravel(), kind="stable"), kind="stable").reshape(rank.shape)
    return np.asarray(1 + places * frames // rank.size, np.uint16)
