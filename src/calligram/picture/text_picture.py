"""The text picture: a grid of levels together with its layout."""

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
    """

    levels: NDArray[np.uint8]
    layout: Layout
    mends: tuple[str, ...] = ()
    colours: NDArray[np.uint8] | None = None

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

    def image(self, cell_width: int = 11) -> "Image.Image":
        """Return the picture as a grey Pillow image, the emptiest level black.

        Args:
            cell_width: pixels a cell is wide; its height follows from the layout's font ratio.
        """
        from PIL import Image

        height = max(1, round(cell_width / self.layout.font_ratio))
        greys = np.rint(np.arange(self.layout.level_count) * 255 / (self.layout.level_count - 1)).astype(
            np.uint8
        )
        pixels = greys[self.levels].repeat(height, axis=0).repeat(cell_width, axis=1)
        return Image.fromarray(pixels)
