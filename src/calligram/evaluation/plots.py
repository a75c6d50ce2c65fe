"""Plots and pictures for the report, as SVG and data addresses, without any plotting library."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt
from PIL import Image

from calligram.evaluation.telling import shorten
from calligram.metrics.base import Figures
from calligram.picture import Layout
from calligram.picture.saving import Finish, Origin

SIZE = 260
MARGIN = 34
BAR_WIDTH = 420
PICTURE_WIDTH = 84
BAR_NAME, CURVE_NAME = 23, 30
"""Characters of a name that have room beside a bar and within a plot."""


def plot_reliability(bins: Sequence[Figures]) -> str:
    """Return a plot of accuracy over confidence; on the diagonal a model is calibrated.

    Args:
        bins: as the measure of calibration gives them.
    """
    marks = []
    for entry in bins:
        left, right = _across(entry["low"]), _across(entry["high"])
        top = _up(entry["accuracy"], 0, 1)
        title = f"confidence {entry['confidence']:.3f}, accuracy {entry['accuracy']:.3f}, n {entry['n']}"
        marks.append(
            f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="{right - left - 1:.1f}" '
            f'height="{_up(0, 0, 1) - top:.1f}"><title>{escape(title)}</title></rect>'
        )
    diagonal = _line([(0, 0), (1, 1)], (0, 1), "guide")
    return _frame(diagonal + "".join(marks), "confidence", "accuracy", (0, 1))


def plot_risk(curve: Sequence[Figures]) -> str:
    """Return a plot of the share wrong over the share answered.

    Args:
        curve: as the measure of abstention gives it.
    """
    highest = max((point["risk"] for point in curve), default=0) or 0.01
    points = [(point["coverage"], point["risk"]) for point in curve]
    return _frame(_line(points, (0, highest), "curve"), "share answered", "share wrong", (0, highest))


@dataclass(frozen=True)
class Series:
    """One curve: its name, empty where it is the only one, and its points from left to right."""

    name: str
    points: Sequence[tuple[float, float]]


KINDS = ("", "second", "third", "fourth", "fifth", "sixth")
"""Style classes of the first curves of a plot."""


def plot_curves(series: Sequence[Series], across: str, widest: float, guide: float | None = None) -> str:
    """Return a plot of up to six curves of shares over an amount.

    Args:
        series: the curves, amounts from 0 up and shares from 0 to 1.
        across: what the amounts are.
        widest: the greatest amount.
        guide: a share shown as a dashed line, or None.
    """
    parts = [] if guide is None else [_line([(0, guide), (1, guide)], (0, 1), "guide")]
    for kind, one in zip(KINDS, series, strict=False):
        points = [(amount / widest, share) for amount, share in one.points]
        parts.append(_line(points, (0, 1), f"curve {kind}".strip()))
        parts += [_dot(x, y, kind, f"{x * widest:g}: {y:.2%}") for x, y in points]
        if one.name:
            place = f'x="{MARGIN + 8}" y="{SIZE - MARGIN - 10 - 14 * KINDS.index(kind)}"'
            told = f"{escape(shorten(one.name, CURVE_NAME))}<title>{escape(one.name)}</title>"
            parts.append(f'<text class="{f"name {kind}".strip()}" {place}>{told}</text>')
    return _frame("".join(parts), across, "share read right", (0, 1), f"{widest:g}")


def plot_shares(rows: Sequence[tuple[str, float, Sequence[float] | None]]) -> str:
    """Return horizontal bars with their 95 % intervals, from the lowest bound shown to 100 %.

    Args:
        rows: name, share from 0 to 1, and interval or None.
    """
    lows = [interval[0] if interval else share for _, share, interval in rows]
    floor = max(0.0, np.floor((min(lows, default=0) - 0.02) * 20) / 20)
    parts = [_bar(place, row, float(floor)) for place, row in enumerate(rows)]
    height = 24 * len(rows) + 22
    width, bottom = BAR_WIDTH + 240, height - 4
    axis = f'<text x="150" y="{bottom}">{floor:.0%}</text>'
    axis += f'<text x="{150 + BAR_WIDTH}" y="{bottom}" text-anchor="end">100%</text>'
    return f'<svg viewBox="0 0 {width} {height}" width="{width}">{"".join(parts)}{axis}</svg>'


def picture_address(levels: npt.NDArray[np.uint8], layout: Layout, origin: Origin, finish: Finish) -> str:
    """Return a grid as the ``data:`` address of a grey PNG, one pixel a cell.

    Args:
        levels: shape (rows, columns).
        layout: tells how many levels there are.
        origin: where it comes from.
        finish: labels the PNG.
    """
    grey = (levels.astype(np.uint16) * 255 // (layout.level_count - 1)).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(finish(stream.getvalue(), origin)).decode("ascii")


def picture_element(
    levels: npt.NDArray[np.uint8], layout: Layout, caption: str, origin: Origin, finish: Finish
) -> str:
    """Return a figure of one grid, cells in their true shape, with a caption below.

    Args:
        levels: shape (rows, columns).
        layout: tells levels and the shape of a cell.
        caption: plain text; it is escaped.
        origin: where the grid comes from.
        finish: labels the picture.
    """
    rows, columns = levels.shape
    height = round(PICTURE_WIDTH * rows / columns / layout.font_ratio)
    address = picture_address(levels, layout, origin, finish)
    lines = "<br>".join(escape(line) for line in caption.split("\n"))
    alt = escape(caption.replace("\n", ", "), quote=True)
    image = f'<img src="{address}" width="{PICTURE_WIDTH}" height="{height}" alt="{alt}">'
    return f"<figure>{image}<figcaption>{lines}</figcaption></figure>"


def _bar(place: int, row: tuple[str, float, Sequence[float] | None], floor: float) -> str:
    name, share, interval = row
    scale = BAR_WIDTH / (1 - floor)
    top, width = 24 * place + 4, (share - floor) * scale
    text = f"{share:.2%}" + (f" [{interval[0]:.2%}, {interval[1]:.2%}]" if interval else "")
    whisker = ""
    if interval:
        left, right = (150 + (end - floor) * scale for end in interval)
        whisker = f'<line class="whisker" x1="{left:.1f}" x2="{right:.1f}" y1="{top + 8}" y2="{top + 8}"/>'
    return (
        f'<text x="144" y="{top + 13}" text-anchor="end">{escape(shorten(name, BAR_NAME))}</text>'
        f'<rect class="bar" x="150" y="{top}" width="{max(width, 0):.1f}" height="16">'
        f"<title>{escape(name)} {text}</title></rect>{whisker}"
        f'<text x="{154 + BAR_WIDTH}" y="{top + 13}">{share:.2%}</text>'
    )


def _across(value: float) -> float:
    return MARGIN + value * (SIZE - MARGIN - 8)


def _up(value: float, low: float, high: float) -> float:
    return SIZE - MARGIN - (value - low) / (high - low) * (SIZE - MARGIN - 8)


def _line(points: Sequence[tuple[float, float]], span: tuple[float, float], kind: str) -> str:
    places = " ".join(f"{_across(x):.1f},{_up(y, *span):.1f}" for x, y in points)
    return f'<polyline class="{kind}" points="{places}"/>'


def _dot(x: float, y: float, kind: str, title: str) -> str:
    place = f'cx="{_across(x):.1f}" cy="{_up(y, 0, 1):.1f}"'
    return f'<circle class="{f"dot {kind}".strip()}" {place} r="3"><title>{escape(title)}</title></circle>'


def _frame(inside: str, across: str, up: str, span: tuple[float, float], widest: str = "1") -> str:
    bottom, right = SIZE - MARGIN, SIZE - 8
    middle = (MARGIN + right) / 2
    return (
        f'<svg viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}">'
        f'<path class="axis" d="M{MARGIN} 8V{bottom}H{right}"/>{inside}'
        f'<text x="{MARGIN}" y="{SIZE - 20}">0</text>'
        f'<text x="{right}" y="{SIZE - 20}" text-anchor="end">{widest}</text>'
        f'<text x="{middle}" y="{SIZE - 6}" text-anchor="middle">{escape(across)}</text>'
        f'<text x="{MARGIN - 4}" y="14" text-anchor="end">{span[1]:.2g}</text>'
        f'<text transform="translate(12 {SIZE / 2}) rotate(-90)" text-anchor="middle">{escape(up)}</text>'
        "</svg>"
    )
