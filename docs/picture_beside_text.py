"""Draws ``docs/_static/picture-and-text.svg``: an image of our own beside its text picture.

::

    python docs/picture_beside_text.py

The letters are drawn as rectangles and dots of the text's own cells, so that no font can spoil the grid.
"""

import base64
import os
from html import escape
from pathlib import Path

import calligram

ROOT = Path(__file__).parents[1]
IMAGE = ROOT / "examples" / "three.png"
TARGET = ROOT / "docs" / "_static" / "picture-and-text.svg"
SIDE, CELL_WIDTH, CELL_HEIGHT, GAP, MARGIN = 220, 11, 20, 48, 16
TAG_WIDTH = 78
PAPER, INK, GREY, TAG = "#0d1117", "#f0f6fc", "#8b949e", "#58708c"
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"


def draw() -> str:
    """Return the SVG."""
    picture = calligram.encode(str(IMAGE))
    left = MARGIN + SIDE + GAP
    width = left + 2 * TAG_WIDTH + CELL_WIDTH * picture.columns + MARGIN
    height = 2 * MARGIN + SIDE
    data = base64.b64encode(IMAGE.read_bytes()).decode()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img">',
        "<title>A handwritten three, and the same as eleven rows of text</title>",
        f'<rect width="{width}" height="{height}" rx="8" fill="{PAPER}"/>',
        f'<image x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" '
        f'style="image-rendering:pixelated" href="data:image/png;base64,{data}"/>',
        f'<text x="{left - GAP / 2}" y="{height / 2 + 7}" fill="{GREY}" font-family="{FONT}" '
        'font-size="20" text-anchor="middle">→</text>',
        f'<g font-family="{FONT}" font-size="13" fill="{TAG}">',
        *_tags(picture.rows, left, left + TAG_WIDTH + CELL_WIDTH * picture.columns),
        "</g>",
        '<g shape-rendering="crispEdges">',
        *_cells(picture.levels.tolist(), left + TAG_WIDTH),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _tags(rows: int, left: int, right: int) -> list[str]:
    made = []
    for row in range(1, rows + 1):
        base = MARGIN + CELL_HEIGHT * (row - 0.3)
        for x, anchor, tag in (
            (left + TAG_WIDTH - 6, "end", f"<row:{row}>"),
            (right + 6, "start", f"</row:{row}>"),
        ):
            made.append(f'<text x="{x}" y="{base:g}" text-anchor="{anchor}">{escape(tag)}</text>')
    return made


def _cells(levels: list[list[int]], left: int) -> list[str]:
    made = []
    for row, line in enumerate(levels):
        for column, level in enumerate(line):
            if level:
                fill = (GREY, INK)[level - 1]
                x, y = left + CELL_WIDTH * column, MARGIN + CELL_HEIGHT * row
                made.append(
                    f'<rect x="{x}" y="{y}" width="{CELL_WIDTH}" height="{CELL_HEIGHT}" fill="{fill}"/>'
                )
    return made


if __name__ == "__main__":
    beside = TARGET.with_name(f".{TARGET.name}.{os.getpid()}.part")
    beside.write_text(draw(), encoding="utf-8")
    beside.replace(TARGET)
