"""Damage to the text itself: cells of another glyph, rows that are lost, rows that run together."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from calligram.evaluation.corruptions import Chance, chance_for
from calligram.picture import LAYOUTS, RAMPS, Layout

Levels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class TextCurve:
    """One kind of damage to grids, at growing amounts.

    Args:
        unit: what an amount is.
        amounts: from the least damage to the most.
        damage: grids ``(N, rows, columns)``, amount, levels of the ramp and chance in, damaged grids out.
    """

    unit: str
    amounts: tuple[float, ...]
    damage: Callable[[Levels, float, int, Chance], Levels]

    def apply(self, levels: Levels, name: str, amount: float, level_count: int, seed: int = 0) -> Levels:
        """Return damaged copies of grids; lost and merged rows leave fewer rows."""
        return self.damage(levels, amount, level_count, chance_for(name, seed))

    def amounts_for(self, rows: int) -> tuple[float, ...]:
        """Return the amounts that leave at least one of so many rows."""
        return tuple(amount for amount in self.amounts if self.unit != "rows" or amount < rows)


def _substitute(levels: Levels, share: float, level_count: int, chance: Chance) -> Levels:
    """Give each cell another level, with that probability and even chance among the others."""
    other = (levels + chance.integers(1, level_count, levels.shape, np.uint8)) % level_count
    return np.where(chance.random(levels.shape) < share, other, levels).astype(np.uint8)


def _drop(levels: Levels, count: float, level_count: int, chance: Chance) -> Levels:
    """Take so many rows away from each grid, by chance."""
    pictures, rows, _ = levels.shape
    order = np.argsort(chance.random((pictures, rows)), axis=1)
    kept = np.sort(order[:, int(count) :], axis=1)
    return np.take_along_axis(levels, kept[:, :, None], axis=1)


def _merge(levels: Levels, count: float, level_count: int, chance: Chance) -> Levels:
    """Lay so many rows of each grid onto the row below; the greater level of each cell stays."""
    for _ in range(int(count)):
        pictures, rows, _ = levels.shape
        upper = chance.integers(0, rows - 1, (pictures, 1))
        places = np.arange(rows - 1) + (np.arange(rows - 1) > upper)
        kept = np.take_along_axis(levels, places[:, :, None], axis=1)
        below = np.take_along_axis(levels, upper[:, :, None] + 1, axis=1)
        merged = np.arange(rows - 1)[:, None] == upper[:, :, None]
        levels = np.where(merged, np.maximum(kept, below), kept)
    return levels


TEXT_CURVES: dict[str, TextCurve] = {
    "substituted cells": TextCurve("share of cells", (0.01, 0.02, 0.05, 0.1, 0.2), _substitute),
    "dropped rows": TextCurve("rows", (1, 2, 3), _drop),
    "merged rows": TextCurve("rows", (1, 2, 3), _merge),
}
"""Damage to text, by name."""

OTHER_RAMPS = ("classic", "blocks", "grey8", "ascii10")
OTHER_SIZES = (0.7, 0.85, 1.2, 1.4)
"""Columns of other sizes, as shares of the layout's own."""


def other_layouts(layout: Layout) -> dict[str, Layout]:
    """Return layouts that differ from one in ramp or in size, and the named ones, by what sets them apart."""
    sizes = {round(layout.columns * share) for share in OTHER_SIZES}
    made = {name: named for name, named in LAYOUTS.items() if name != layout.name}
    for ramp in OTHER_RAMPS:
        if RAMPS[ramp] != layout.symbols:
            made[f"ramp {ramp}"] = replace(
                layout, name=f"{layout.name} in {ramp}", ramp=ramp, boundaries=None
            )
    for columns in sorted(sizes):
        made[f"{columns} columns"] = replace(
            layout, name=f"{layout.name} at {columns}", columns=columns, rows=None
        )
    return made
