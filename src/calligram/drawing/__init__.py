"""Drawing: from words to a picture."""

from calligram.drawing.making import Drawing, draw
from calligram.drawing.options import DrawOptions
from calligram.drawing.sheets import render_drawings, save_drawings
from calligram.drawing.starts import parse_start, read_start

__all__ = ["DrawOptions", "Drawing", "draw", "parse_start", "read_start", "render_drawings", "save_drawings"]
