"""The curve of a training as a PNG: losses over steps, drawn with Pillow alone."""

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont

SIZE = (960, 540)
LEFT, RIGHT, TOP, BOTTOM = 90, 24, 46, 62
FINER = 2
INK, FAINT = "#333333", "#dddddd"
LINES = {"loss": ("training", "#9bb7d4", 2), "eval_loss": ("validation", "#c0392b", 3)}

Point = tuple[float, float]


def draw_curve(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a PNG of training and validation loss over the steps, the loss on a logarithmic scale.

    Args:
        rows: of a run's log, with ``step`` and ``loss`` or ``eval_loss``.
    """
    curves = {name: [(row["step"], row[name]) for row in rows if row.get(name, 0) > 0] for name in LINES}
    points = [point for curve in curves.values() for point in curve]
    sheet = Image.new("RGB", (SIZE[0] * FINER, SIZE[1] * FINER), "white")
    if points:
        _Plot(sheet, max(step for step, _ in points), [loss for _, loss in points]).draw(curves)
    stream = io.BytesIO()
    sheet.resize(SIZE, Image.Resampling.LANCZOS).save(stream, "PNG", optimize=True)
    return stream.getvalue()


class _Plot:
    """One plot on a sheet that is finer than it is shown."""

    def __init__(self, sheet: Image.Image, steps: float, losses: Sequence[float]) -> None:
        self._pen = ImageDraw.Draw(sheet)
        self._font = ImageFont.load_default(15 * FINER)
        self._steps = max(steps, 1)
        low, high = math.log10(min(losses)), math.log10(max(losses))
        room = max(0.05 * (high - low), 0.02)
        self._low, self._high = low - room, high + room

    def draw(self, curves: Mapping[str, Sequence[Point]]) -> None:
        for loss in _ticks(10**self._low, 10**self._high):
            height = self._at((0, loss))[1]
            self._pen.line([LEFT * FINER, height, (SIZE[0] - RIGHT) * FINER, height], fill=FAINT, width=FINER)
            self._text((LEFT - 10, height / FINER), f"{loss:g}", "rm")
        for part in range(5):
            step = round(self._steps * part / 4)
            self._text((self._at((step, 1))[0] / FINER, SIZE[1] - BOTTOM + 18), f"{step:,}", "mm")
        self._text(((LEFT + SIZE[0] - RIGHT) / 2, SIZE[1] - 16), "steps", "mm")
        self._text((16, 20), "loss, nats for each token", "lm")
        for place, (name, (label, colour, width)) in enumerate(LINES.items()):
            self._curve(curves[name], colour, width * FINER)
            across = SIZE[0] - 280 + place * 140
            self._pen.line([across * FINER, 20 * FINER, (across + 26) * FINER, 20 * FINER], colour, 3 * FINER)
            self._text((across + 34, 20), label, "lm")

    def _curve(self, curve: Sequence[Point], colour: str, width: int) -> None:
        places = [self._at(point) for point in curve]
        if len(places) > 1:
            self._pen.line(places, fill=colour, width=width, joint="curve")
        if len(places) <= 40:
            for across, height in places:
                self._pen.circle((across, height), 2 * width, fill=colour)

    def _at(self, point: Point) -> Point:
        step, loss = point
        across = LEFT + step / self._steps * (SIZE[0] - LEFT - RIGHT)
        share = (math.log10(loss) - self._low) / (self._high - self._low)
        return across * FINER, (SIZE[1] - BOTTOM - share * (SIZE[1] - TOP - BOTTOM)) * FINER

    def _text(self, place: Point, text: str, anchor: str) -> None:
        self._pen.text((place[0] * FINER, place[1] * FINER), text, INK, self._font, anchor=anchor)


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers between two, about eight at most.

    >>> _ticks(0.3, 12)
    [0.5, 1, 2, 5, 10]
    >>> _ticks(2.1, 2.6)
    [2.1, 2.2, 2.3, 2.4, 2.5, 2.6]
    """
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps: tuple[int, ...] = (1, 2, 5) if high / low < 1000 else (1,)
    ticks = [float(f"{lead}e{decade}") for decade in decades for lead in steps]
    within = [int(tick) if tick >= 1 else tick for tick in ticks if low <= tick <= high]
    if len(within) > 2:
        return within
    width = 10 ** math.floor(math.log10(high - low))
    width = next(width * part for part in (0.2, 0.5, 1, 2) if (high - low) / (width * part) < 8)
    return [round(n * width, 12) for n in range(math.ceil(low / width), math.floor(high / width + 1e-9) + 1)]
