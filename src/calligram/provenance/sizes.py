"""Sizes of images in pixels, told by the head of a file alone."""

import io

from PIL import Image

from calligram.picture.opening import without_pillow_limit


def size_in_pixels(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels as the head of a file tells them, or None where it tells none."""
    with without_pillow_limit():
        try:
            return Image.open(io.BytesIO(content)).size
        except Exception:  # Pillow's readers raise much, and a label needs no size
            return None
