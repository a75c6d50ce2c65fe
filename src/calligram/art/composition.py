"""Facts on composition: centre of weight, thirds, symmetry, horizon and empty space."""

from collections.abc import Iterator, Sequence
from typing import Any

from calligram.art.fact import Fact
from calligram.metrics import balance, empty_space, horizon, symmetry
from calligram.metrics.base import Pixels

SYMMETRICAL = 0.6
"""From this correlation with its mirror image on a picture is told as symmetrical."""
OFF_MIDDLE = 0.03
"""A centre of weight off by less is in the middle."""

ACROSS, DOWN = ("left", "middle", "right"), ("upper", "middle", "lower")
FIELDS = tuple(
    "the middle" if (down, across) == ("middle", "middle") else f"{down} {across}"
    for down in DOWN
    for across in ACROSS
)
"""How the nine fields of the thirds are called, row by row."""


def composition_facts(pixels: Pixels) -> Iterator[Fact]:
    """Yield the facts from ``centre`` to ``empty_space``."""
    yield from _balance(balance.measure(pixels))
    yield from _symmetry(symmetry.measure(pixels))
    yield _horizon(horizon.measure(pixels))
    share = empty_space.measure(pixels)["share"]
    yield Fact("empty_space", round(share, 4), "share", f"Empty space: {share * 100:.0f} % of the picture")


def name_place(x: float, y: float) -> str:
    """Return where a point lies, seen from the middle.

    >>> name_place(0.44, 0.56), name_place(0.51, 0.5)
    ('left of the middle and below it', 'in the middle')
    """
    across = "left of the middle" if x < 0.5 - OFF_MIDDLE else "right of the middle"
    down = "above the middle" if y < 0.5 - OFF_MIDDLE else "below the middle"
    level, upright = abs(y - 0.5) <= OFF_MIDDLE, abs(x - 0.5) <= OFF_MIDDLE
    if level and upright:
        return "in the middle"
    if upright:
        return down
    return across if level else f"{across} and {down.replace('the middle', 'it')}"


def _balance(figures: dict[str, Any]) -> Iterator[Fact]:
    x, y = figures["x"], figures["y"]
    place = name_place(x, y)
    text = f"Centre of weight: {place} ({x:.2f} across, {y:.2f} down)"
    yield Fact("centre", place, "", text)
    yield Fact("centre_x", round(x, 4), "share of the width", text)
    yield Fact("centre_y", round(y, 4), "share of the height", text)
    thirds = [round(share, 4) for share in figures["thirds"]]
    yield Fact("thirds", thirds, "share", f"Thirds: {_rows(thirds)} % of the weight")


def _rows(thirds: Sequence[float]) -> str:
    hundredths = [f"{share * 100:.0f}" for share in thirds]
    return " / ".join(" ".join(hundredths[start : start + 3]) for start in (0, 3, 6))


def _symmetry(figures: dict[str, float]) -> Iterator[Fact]:
    across, down = figures["left_right"], figures["top_bottom"]
    found = max(across, down) >= SYMMETRICAL
    axes = [name for name, value in (("left-right", across), ("top-bottom", down)) if value >= SYMMETRICAL]
    answer = f"yes, {' and '.join(axes)}" if found else "no"
    # adding 0 makes a rounded -0.00 plain
    told = [f"{round(value, 2) + 0.0:.2f}" for value in (across, down)]
    text = f"Symmetrical: {answer} (left-right {told[0]}, top-bottom {told[1]} of 1)"
    yield Fact("symmetrical", "yes" if found else "no", "", text)
    yield Fact("symmetry_left_right", round(across, 4), "correlation", text)
    yield Fact("symmetry_top_bottom", round(down, 4), "correlation", text)


def _horizon(figures: dict[str, Any]) -> Fact:
    y = figures["y"]
    if y is None:
        return Fact("horizon", None, "share of the height", "Horizon: none found")
    lighter = "below" if figures["step"] > 0 else "above"
    text = f"Horizon: a level line {y * 100:.0f} % down, lighter {lighter}"
    return Fact("horizon", round(y, 4), "share of the height", text)
