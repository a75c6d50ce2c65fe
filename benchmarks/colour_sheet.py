"""A contact sheet of images with the colours that are named in them, for the eye to check.

``python -m benchmarks.colour_sheet OUT.jpg IMAGE…`` draws it.
"""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from calligram.art.facts import measure_view
from calligram.art.views import open_view
from calligram.whole_files import write_whole

ACROSS, CELL, HIGH, GAP, STRIP = 5, 268, 250, 18, 26
LINE, MOST = 19, 5
INK, PALE, PAPER = "#23211f", "#77726b", "#fbfaf7"


def draw_sheet(paths: Sequence[str]) -> Image.Image:
    """Return the images in rows of five, each over its palette and the five largest colours by name."""
    cell = HIGH + STRIP + 16 + LINE * (MOST + 1) + GAP
    rows = -(-len(paths) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * (CELL + GAP) + GAP, rows * cell + GAP), PAPER)
    for place, path in enumerate(paths):
        left, top = GAP + place % ACROSS * (CELL + GAP), GAP + place // ACROSS * cell
        _draw_cell(sheet, path, left, top)
    return sheet


def _draw_cell(sheet: Image.Image, path: str, left: int, top: int) -> None:
    view = open_view(path)
    palette = measure_view(view)["palette"]
    image = Image.fromarray(view.rgb)
    image.thumbnail((CELL, HIGH), Image.Resampling.LANCZOS)
    sheet.paste(image, (left + (CELL - image.width) // 2, top + HIGH - image.height))
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    start, top = 0.0, top + HIGH + 8
    for colour in palette:
        end = start + colour["share"]
        pen.rectangle([left + start * CELL, top, left + end * CELL - 1, top + STRIP], colour["hex"])
        start = end
    top += STRIP + 8
    pen.text((left, top), Path(path).name, PALE, font)
    for place, colour in enumerate(palette[:MOST]):
        y = top + LINE * (place + 1)
        pen.rectangle([left, y + 2, left + 18, y + 14], colour["hex"], "#dcd8d0")
        pen.text((left + 26, y), colour["name"], INK, font)
        pen.text((left + CELL - 30, y), f"{colour['share'] * 100:.0f} %", INK, font, anchor="ra")


def main(out: str, paths: Sequence[str]) -> None:
    """Write the sheet of some images to a JPEG file."""
    stream = io.BytesIO()
    draw_sheet(paths).save(stream, "JPEG", quality=84)
    write_whole(out, stream.getvalue())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
