"""A PNG, which knows its dots to the inch."""

import io

from PIL import Image

from calligram.picture.posters.pixels import paint
from calligram.picture.posters.poster import Poster

COMPRESSION = 3
"""zlib's level: a larger one takes much longer for little."""


def render(poster: Poster) -> bytes:
    """Return the file's bytes."""
    content = io.BytesIO()
    dpi = poster.sheet.dpi
    Image.fromarray(paint(poster)).save(content, "PNG", dpi=(dpi, dpi), compress_level=COMPRESSION)
    return content.getvalue()
