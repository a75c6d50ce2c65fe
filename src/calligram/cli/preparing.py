"""Lends evaluation what frames an image as ``calligram see`` does: the two rooms meet at the door."""

from functools import cache
from typing import TYPE_CHECKING

from calligram import settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from calligram.evaluation.framing import Prepare


def preparing() -> "Prepare":
    """Return what frames an image as ``calligram see`` does; of two ways to frame an open kind, the first."""
    from calligram.seeing.options import SeeOptions
    from calligram.seeing.preparing import frame_image

    @cache
    def resolved(framing: str, polarity: str) -> SeeOptions:
        return settings.resolve(SeeOptions, {"framing": framing, "polarity": polarity})

    def prepare(
        image: "bytes | NDArray[np.uint8]", kind: str, framing: str, polarity: str, name: str
    ) -> "NDArray[np.uint8]":
        return frame_image(image, kind, resolved(framing, polarity), name)[0]

    return prepare
