"""The options of encoding, and the named limits: each default, range and help line stated once."""

import dataclasses
import math
from dataclasses import dataclass
from typing import Literal

from calligram.errors import LimitError, OptionError
from calligram.picture.layout import Layout
from calligram.settings import option


@dataclass(frozen=True)
class Limits:
    """How much is taken in before it is refused; each can be changed."""

    max_pixels: int = option(100_000_000, "refuse images of more pixels", minimum=1)
    max_aspect: float = option(1000.0, "refuse images longer than so many to one", minimum=1)
    max_cells: int = option(1_000_000, "refuse text pictures of more cells", minimum=1)
    max_frames: int = option(10_000, "refuse frame numbers from here on", minimum=1)
    max_file_bytes: int = option(1 << 28, "refuse files of more bytes", minimum=1)


@dataclass(frozen=True)
class Appearance:
    """How an image becomes a text picture; what is not given is as the layout says."""

    size: str | None = option(None, "columns x rows in cells, as in 80x40")
    width: int | None = option(None, "columns; rows follow from the image", minimum=1, maximum=100_000)
    height: int | None = option(None, "rows; columns follow unless given", minimum=1, maximum=100_000)
    font_ratio: float | None = option(None, "width of a cell over its height", minimum=0.01, maximum=100)
    symbols: str | None = option(None, "a ramp's name, or its characters, emptiest first", flag="--chars")
    markup: str | None = option(None, "how the grid is spelled: rows, plain, numbered, letters")
    resampler: str | None = option(None, "from pixels to cells: area, bicubic, bilinear, box, lanczos")
    header: bool = option(False, "begin with a line that tells shape and ramp")
    colors: Literal["none", "16", "256", "full"] = option("none", "colour for people: none, 16, 256, full")
    invert: bool = option(False, "swap light and dark")
    polarity: Literal["light-on-dark", "dark-on-light", "auto"] = option(
        "light-on-dark", "what the ink is: light-on-dark, dark-on-light, or auto to look at the edge"
    )
    auto_levels: bool = option(False, "stretch the darkest and lightest 1 % to the ends")
    contrast: float = option(1.0, "contrast around middle grey, 1 changes nothing", minimum=0, maximum=100)
    gamma: float = option(1.0, "gamma, above 1 lightens the middle", minimum=0.01, maximum=100)
    framing: Literal["none", "content"] = option(
        "none", "none, or content to crop to the ink and centre it by mass, as MNIST was made"
    )
    dither: Literal["none", "floyd-steinberg", "ordered"] = option(
        "none", "trade cells for greys: none, floyd-steinberg, ordered"
    )
    background: str = option("auto", "colour behind transparent parts, auto for black or white by contrast")
    frame: int = option(0, "which frame of an animation, counted from 0", minimum=0)
    draft: bool = option(True, "decode large JPEGs at a reduced size, which is several times faster")

    def laid_out(self, layout: Layout) -> Layout:
        """Return the layout with what these options change; unchanged options leave it as it is.

        Another ramp, size or shape of cells takes no boundaries and no resampler from the old layout: it gets
        even levels of means.

        Raises:
            OptionError: the size is no ``WxH``, or is given twice; or two options do not go together.
            LayoutError: the changed layout is impossible.
        """
        self._check_together()
        changes = self._new_grid(layout)
        if changes or self.height is not None:
            changes |= {"boundaries": None, "resampler": "area"}
        for name in ("markup", "resampler"):
            if (value := getattr(self, name)) is not None:
                changes[name] = value
        if self.header:
            changes["header"] = True
        return dataclasses.replace(layout, name="custom", **changes) if changes else layout  # type: ignore[arg-type]

    def _new_grid(self, layout: Layout) -> dict[str, object]:
        """Return what is asked for of ramp, size and shape of cells that the layout has not."""
        asked = {"ramp": self.symbols, "font_ratio": self.font_ratio}
        changes: dict[str, object] = {
            name: value
            for name, value in asked.items()
            if value is not None and value != getattr(layout, name)
        }
        columns, rows = self._cells()
        if columns is not None and (columns, rows) != (layout.columns, layout.rows):
            changes |= {"columns": columns, "rows": rows}
        return changes

    def _check_together(self) -> None:
        if self.colors != "none" and self.framing == "content":
            raise OptionError(
                f"colors is {self.colors!r} and framing is 'content', but ink that is cropped and centred "
                "has no colours: leave one of them out"
            )

    def _cells(self) -> tuple[int | None, int | None]:
        if self.size is None:
            return self.width, self.height
        if self.width is not None or self.height is not None:
            raise OptionError("size is given together with width or height: give one or the other")
        columns, cross, rows = self.size.lower().partition("x")
        if not (cross and columns.isdecimal() and rows.isdecimal() and int(columns) and int(rows)):
            raise OptionError(f"size is {self.size!r}, but must be columns x rows, as in 80x40")
        return int(columns), int(rows)


@dataclass(frozen=True)
class EncodeOptions(Limits, Appearance):
    """Everything about encoding: how it looks, and how much is taken in."""

    def grid(self, layout: Layout, height: int, width: int) -> tuple[Layout, int, int]:
        """Return the layout, rows and columns for an image of that height and width, within the limits.

        Raises:
            LimitError: there would be more than ``max_cells`` cells.
        """
        if self.height is not None and self.width is None:
            columns = max(1, math.floor(self.height * width / (height * layout.font_ratio) + 0.5))
            layout = dataclasses.replace(layout, name="custom", columns=columns, rows=self.height)
        rows, columns = layout.grid(height, width)
        if rows * columns > self.max_cells:
            raise LimitError(
                f"the text picture would have {columns} x {rows} = {columns * rows} cells, "
                f"but max_cells is {self.max_cells}: ask for fewer columns or raise max_cells"
            )
        return layout, rows, columns
