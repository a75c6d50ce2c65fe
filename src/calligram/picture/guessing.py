"""Guessing: which layout a text has, from its tags, its symbols and its width."""

from collections import Counter

from calligram import registry
from calligram.errors import LayoutError, PictureError
from calligram.picture.layout import LAYOUTS, Layout
from calligram.picture.ramps import RAMPS
from calligram.picture.spelling import get_markup

MOST = 0.8
"""A ramp is guessed where it has so great a share of the symbols; the others are then faults with a place."""


def guess_layout(body: str, ramp: str | None = None, damaged: bool = False) -> Layout:
    """Return a layout that fits a text: a named one where width and symbols agree, else one of its own.

    Args:
        body: the marked-up rows, perhaps damaged.
        ramp: the ramp where a header tells it.
        damaged: whether a named layout is taken even where some symbols are strange to it.

    Raises:
        LayoutError: the symbols are of no named ramp.
        PictureError: there are no cells.
    """
    lines = [line for line in body.split("\n") if line.strip()] or [line for line in body.split("\n") if line]
    if not lines:
        raise PictureError("the text has no rows: give a text picture")
    markup = _guess_markup(lines)
    cells = [match["cells"] for line in lines if (match := get_markup(markup).LOOSE.fullmatch(line))]
    width = _common_width([len(row) for row in cells])
    if markup == "letters":
        return Layout("custom", columns=max(1, width // 2), ramp=ramp or "letters", markup=markup)
    if not width:
        raise PictureError("the text has no cells: give a text picture", 1)
    ramp = ramp or _guess_ramp(Counter("".join(cells)), markup, (len(cells), width), damaged)
    for layout in LAYOUTS.values():
        if _is_named(layout, markup, (len(cells), width)) and layout.ramp == ramp:
            return layout
    return Layout("custom", columns=width, ramp=ramp, markup=markup)


def _guess_markup(lines: list[str]) -> str:
    signs = {name: get_markup(name).SIGN for name in registry.members("picture.markups")}
    counts = {name: sum(bool(sign.match(line)) for line in lines) for name, sign in signs.items() if sign}
    best = max(counts, key=lambda name: counts[name])
    return best if 2 * counts[best] >= len(lines) else "plain"


def _common_width(lengths: list[int]) -> int:
    """Return the width that most rows have, the greater of equals, 0 where there are none."""
    counts = Counter(lengths)
    return max(counts, key=lambda length: (counts[length], length), default=0)


def _is_named(layout: Layout, markup: str, grid: tuple[int, int]) -> bool:
    """Return whether a text has the markup and the shape that a named layout gives a square image."""
    return layout.markup == markup and layout.grid() == grid


def _guess_ramp(used: Counter[str], markup: str, grid: tuple[int, int], damaged: bool) -> str:
    """Return the first ramp that has every symbol, else nearly all; those of named layouts first."""
    named = [layout.ramp for layout in LAYOUTS.values() if _is_named(layout, markup, grid)]
    names = list(dict.fromkeys([*named, *RAMPS]))
    held = {name: sum(used[symbol] for symbol in set(used) & set(RAMPS[name])) for name in names}
    best = max(names, key=lambda name: (damaged and name in named and _most(held[name], used), held[name]))
    if _most(held[best], used):
        return best
    strange = sorted(set(used) - set(RAMPS[best]))
    raise LayoutError(
        f"the symbols {''.join(strange)[:20]!r} are of no ramp that has a name: "
        "name the layout, or give the ramp's characters"
    )


def _most(held: int, used: Counter[str]) -> bool:
    return held >= MOST * used.total()
