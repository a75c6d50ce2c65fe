"""Encoding: from an image to a text picture."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from calligram.picture.batch import encode_batch
from calligram.picture.layout import Layout, get_layout
from calligram.picture.text_picture import TextPicture

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True)
class EncodeOptions:
    """How an image becomes a text picture."""


def encode(
    image: "str | Path | bytes | Image.Image | np.ndarray[Any, Any]",
    layout: str | Layout = "classic",
    options: EncodeOptions | None = None,
) -> TextPicture:
    """Return the text picture of one image."""
    from PIL import Image

    layout = get_layout(layout)
    if isinstance(image, str | Path):
        image = Image.open(image)
    pixels = np.asarray(image.convert("L") if isinstance(image, Image.Image) else image)
    return TextPicture(encode_batch(pixels[None], layout)[0], layout)
