"""Contact sheets: images of any sizes side by side in one, each above a caption."""

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

MARGIN = 12
CAPTION = 16
PAPER, WORDS = (24, 24, 28), (150, 150, 158)
LEAST_WIDTH = 96
"""Narrower images leave their captions so much room."""


def lay_out(images: Sequence[Image.Image], captions: Sequence[str]) -> Image.Image:
    """Return images in rows, about twice as wide as high, each above its caption.

    Args:
        images: at least one, of any modes and sizes; none is resized.
        captions: as many, in few words.

    Returns:
        An image in mode ``RGB``.
    """
    tiles = [_opaque(image) for image in images]
    width = max(LEAST_WIDTH, *(tile.width for tile in tiles)) + MARGIN
    height = max(tile.height for tile in tiles) + MARGIN + CAPTION
    across = min(len(tiles), max(1, math.ceil(math.sqrt(2 * len(tiles) * height / width))))
    down = -(-len(tiles) // across)
    sheet = Image.new("RGB", (across * width + MARGIN, down * height + MARGIN), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default()
    for place, (tile, caption) in enumerate(zip(tiles, captions, strict=True)):
        left, top = MARGIN + place % across * width, MARGIN + place // across * height
        sheet.paste(tile, (left, top))
        pen.text((left, top + tile.height + 3), caption, fill=WORDS, font=font)
    return sheet


def _opaque(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    under = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(under, image.convert("RGBA")).convert("RGB")
