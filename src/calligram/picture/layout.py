"""Layouts: columns, rows, ramp and markup together, and how grey values become levels."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from calligram import registry
from calligram.errors import LayoutError
from calligram.picture.ramps import get_ramp

SQUARE_FONT_RATIO = 0.55
"""Width of a cell over its height, so that a square image gives 20 columns and 11 rows."""

RESAMPLERS = ("area", "bicubic", "bilinear", "box", "lanczos")
"""``area`` is the exact mean of each cell; the others are Pillow's resize with that filter, bit for bit."""


@dataclass(frozen=True)
class Layout:
    """Says how an image is laid out as text.

    Args:
        name: what the layout is called.
        columns: cells in a row.
        rows: cells in a column; None follows from the image's aspect and ``font_ratio``.
        font_ratio: width of a cell divided by its height.
        ramp: a name in :data:`calligram.picture.ramps.RAMPS`, or the symbols themselves, emptiest first.
        markup: how the grid is spelled; a member of :mod:`calligram.picture.markups`.
        resampler: one of :data:`RESAMPLERS`.
        boundaries: lowest grey value (0 to 256) of level 1, 2, …; None: level k begins at 256 k / n.
        header: whether a first line tells the shape and the ramp.

    Raises:
        LayoutError: a part is unknown, or the parts do not go together.
    """

    name: str
    columns: int = 20
    rows: int | None = None
    font_ratio: float = SQUARE_FONT_RATIO
    ramp: str = "classic"
    markup: str = "rows"
    resampler: str = "area"
    boundaries: tuple[float, ...] | None = None
    header: bool = False

    def __post_init__(self) -> None:
        if self.columns < 1 or (self.rows is not None and self.rows < 1):
            raise LayoutError(
                f"layout {self.name!r} is {self.columns} x {self.rows} cells, but needs at least 1 x 1"
            )
        if not 0.01 <= self.font_ratio <= 100:
            raise LayoutError(
                f"layout {self.name!r} has font ratio {self.font_ratio}, but it must be 0.01 to 100"
            )
        if self.resampler not in RESAMPLERS:
            raise LayoutError(
                f"layout {self.name!r} names the resampler {self.resampler!r}: "
                f"choose one of {', '.join(RESAMPLERS)}"
            )
        if self.markup not in registry.members("picture.markups"):
            raise LayoutError(
                f"layout {self.name!r} names the markup {self.markup!r}: "
                f"choose one of {', '.join(registry.members('picture.markups'))}"
            )
        self._check_boundaries()

    def _check_boundaries(self) -> None:
        wanted, edges = len(self.symbols) - 1, self.boundaries
        if edges is None:
            return
        if len(edges) != wanted or any(low >= high for low, high in pairwise(edges)):
            raise LayoutError(
                f"layout {self.name!r} has the boundaries {edges}, "
                f"but {wanted + 1} levels need {wanted} growing grey values"
            )

    @cached_property
    def symbols(self) -> str:
        """The ramp's characters, emptiest first."""
        return get_ramp(self.ramp)

    @property
    def level_count(self) -> int:
        """How many levels there are."""
        return len(self.symbols)

    @cached_property
    def edges(self) -> tuple[Fraction, ...]:
        """The exact lowest grey value of level 1, 2, …"""
        if self.boundaries is not None:
            return tuple(Fraction(edge) for edge in self.boundaries)
        return tuple(Fraction(256 * level, self.level_count) for level in range(1, self.level_count))

    def grid(self, height: int = 1, width: int = 1) -> tuple[int, int]:
        """Return rows and columns for an image of that height and width; without arguments, for a square.

        >>> get_layout("classic").grid()
        (11, 20)
        >>> get_layout("classic").grid(height=480, width=640)
        (8, 20)
        """
        if self.rows is not None:
            return self.rows, self.columns
        return max(1, math.floor(self.columns * self.font_ratio * height / width + 0.5)), self.columns


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout("classic", columns=20, resampler="bicubic", boundaries=(87, 174)),
        Layout("fine", columns=28, font_ratio=0.5, ramp="grey8"),
        Layout("full", columns=28, font_ratio=1.0, ramp="grey8"),
    )
}
"""The layouts with a name: those the built-in model reads."""


def get_layout(name: str | Layout) -> Layout:
    """Return the named layout; a layout comes back as it is.

    Raises:
        LayoutError: no layout has that name.
    """
    if isinstance(name, Layout):
        return name
    if name not in LAYOUTS:
        raise LayoutError(f"there is no layout {name!r}: choose one of {', '.join(LAYOUTS)}")
    return LAYOUTS[name]
