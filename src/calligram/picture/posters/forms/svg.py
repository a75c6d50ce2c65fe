"""An SVG of outlines: every character is drawn once and used in its cells, so that no font is needed.

One layer holds all cells of one ink, as printers and plotters have it.
"""

from collections.abc import Iterator
from html import escape

import numpy as np

from calligram.picture.posters.drawn import rectangles
from calligram.picture.posters.inks import Colour
from calligram.picture.posters.poster import Block, Poster
from calligram.picture.posters.type_case import Step


def render(poster: Poster) -> bytes:
    """Return the file's bytes."""
    return "\n".join(_parts(poster)).encode()


def _parts(poster: Poster) -> Iterator[str]:
    sheet = poster.sheet
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet.width_mm:.6g}mm" '
        f'height="{sheet.height_mm:.6g}mm" viewBox="0 0 {sheet.width} {sheet.height}" role="img">'
    )
    if poster.title:
        yield f"<title>{escape(poster.title)}</title>"
    yield "<defs>"
    for letter, block in zip(_LETTERS, poster.blocks, strict=False):
        yield from _outlines(block, letter)
    yield "</defs>"
    yield f'<rect width="{sheet.width}" height="{sheet.height}" fill="{_hexadecimal(poster.paper)}"/>'
    for rule in poster.rules:
        place = f'x="{rule.left}" y="{rule.top}" width="{rule.width}" height="{rule.height}"'
        yield f'<rect {place} fill="{_hexadecimal(rule.colour)}"/>'
    for letter, block in zip(_LETTERS, poster.blocks, strict=False):
        yield from _layers(block, letter)
    yield "</svg>\n"


_LETTERS = "abcdefgh"
"""The outlines of each block have names that begin with its letter."""


def _outlines(block: Block, letter: str) -> Iterator[str]:
    for number in np.unique(block.numbers[block.numbers > 0]).tolist():
        path = "".join(map(_step, block.case.outline(number)))
        # blocks that touch would show hairs between them
        edges = ' shape-rendering="crispEdges"' if rectangles(block.case.glyphs[number].character) else ""
        yield f'<path id="{letter}{number}"{edges} d="{path}"/>'


def _step(step: Step) -> str:
    letter, numbers = step
    return letter + " ".join(f"{number:.2f}".rstrip("0").rstrip(".") for number in numbers)


def _layers(block: Block, letter: str) -> Iterator[str]:
    """Yield a group for each ink, with a reference for each of its cells in the order of reading."""
    yield f'<g transform="translate({block.left} {block.top})">'
    rows, columns = np.nonzero(block.numbers)
    inks = block.inks.places[rows, columns]
    order = np.argsort(inks, kind="stable")
    across, down = (columns * block.case.width)[order].tolist(), (rows * block.case.height)[order].tolist()
    numbers, inks = block.numbers[rows, columns][order].tolist(), inks[order]
    ends = np.flatnonzero(np.diff(inks, append=-1)) + 1
    start = 0
    for end in ends.tolist():
        yield f'<g fill="{_hexadecimal(block.inks.colours[inks[start]].tolist())}">'
        yield "".join(
            f'<use href="#{letter}{numbers[place]}" x="{across[place]}" y="{down[place]}"/>'
            for place in range(start, end)
        )
        yield "</g>"
        start = end
    yield "</g>"


def _hexadecimal(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
