"""Pixels: a poster as an array, strips of it on every core."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from calligram.picture.posters.poster import Block, Poster

MOST_THREADS = 8


def paint(poster: Poster) -> NDArray[np.uint8]:
    """Return a poster's pixels, ``(height, width, 3)``, sRGB."""
    sheet = poster.sheet
    pixels = np.empty((sheet.height, sheet.width, 3), np.uint8)
    pixels[:] = poster.paper
    for rule in poster.rules:
        pixels[rule.top : rule.top + rule.height, rule.left : rule.left + rule.width] = rule.colour
    for block in poster.blocks:
        print_block(block, pixels, np.array(poster.paper, np.int16))
    return pixels


def print_block(block: Block, pixels: NDArray[np.uint8], paper: NDArray[np.int16]) -> None:
    """Print a block onto pixels; where it hangs over the sheet's side it is cut off."""
    tiles = block.case.tiles

    def print_row(row: int) -> None:
        top = block.top + row * block.case.height
        numbers = block.numbers[row]
        inked = np.flatnonzero(numbers)
        if not len(inked):
            return
        first, last = int(inked[0]), int(inked[-1]) + 1
        ink = tiles[numbers[first:last]].swapaxes(0, 1).reshape(block.case.height, -1)
        colours = block.inks.colours[block.inks.places[row, first:last]].astype(np.int16) - paper
        spread = colours.repeat(block.case.width, axis=0)
        left = block.left + first * block.case.width
        target = pixels[max(top, 0) : top + block.case.height, max(left, 0) : left + ink.shape[1]]
        ink = ink[max(-top, 0) :, max(-left, 0) :][: target.shape[0], : target.shape[1]]
        spread = spread[max(-left, 0) :][: target.shape[1]]
        for channel in range(3):
            mixed = spread[:, channel].astype(np.int32) * ink + (127 + 255 * int(paper[channel]))
            target[:, :, channel] = mixed // 255

    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
        list(pool.map(print_row, range(len(block.numbers))))
