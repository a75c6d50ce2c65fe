"""The text picture: a grid of levels together with its layout."""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calligram.picture.layout import Layout
from calligram.picture.spelling import spell

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, eq=False)
class TextPicture:
    """A grid of levels drawn with a ramp.

    Args:
        levels: ``(rows, columns)``, bytes, 0 the emptiest.
        layout: how it is drawn and spelled.
        mends: what was mended while decoding, one sentence each.
        colours: ``(rows, columns, 3)``, bytes, for people only; a model never reads them. None is no colour.
        colour_kind: ``16``, ``256`` or ``full``: how many colours are shown.
    """

    levels: NDArray[np.uint8]
    layout: Layout
    mends: tuple[str, ...] = ()
    colours: NDArray[np.uint8] | None = None
    colour_kind: str = "full"

    @cached_property
    def text(self) -> str:
        """The marked-up text, as a model reads it."""
        return spell(self.levels, self.layout)

    @property
    def rows(self) -> int:
        """Cells in a column."""
        return int(self.levels.shape[0])

    @property
    def columns(self) -> int:
        """Cells in a row."""
        return int(self.levels.shape[1])

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TextPicture):
            return NotImplemented
        return self.layout == other.layout and np.array_equal(self.levels, other.levels)

    def __hash__(self) -> int:
        return hash((self.layout, self.levels.tobytes(), self.levels.shape))

    def shown_colours(self) -> NDArray[np.uint8] | None:
        """Return the colours as they are shown, those of the palette where there is one."""
        from calligram.picture.colours import limited

        return None if self.colours is None else limited(self.colours, self.colour_kind)

    def image(self, cell_width: int = 12) -> "Image.Image":
        """Return the picture drawn in greys, the emptiest level black; in colour where it has colours.

        Args:
            cell_width: pixels a cell is wide; its height follows from the layout's font ratio.

        Returns:
            An image in mode ``L`` or ``RGB``.
        """
        from calligram.picture.painting import paint

        return paint(self.levels, self.layout, self.shown_colours(), cell_width)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture, whole or not at all; the ending says how: .png, .svg, .html, .ans or .txt.

        Raises:
            OutputError: the ending is unknown, or the file cannot be written.
        """
        from calligram.picture.saving import save

        save(self, path)
