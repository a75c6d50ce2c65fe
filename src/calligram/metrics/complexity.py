"""How much there is to tell of an image."""

import io

from PIL import Image

from calligram.metrics.base import Figures, Pixels

TITLE = "Complexity"
MEANING = (
    "How many bits a pixel takes when it is compressed: below 0.5 is plain, above 2 is full of detail. "
    "People rate pictures as complex by about the same order."
)
SUBJECT = Pixels

QUALITY = 75


def measure(pixels: Pixels) -> Figures:
    """Return the size of an image's lightness as a JPEG of quality 75.

    Args:
        pixels: the image; a smaller copy of the same picture takes more for each pixel.

    Returns:
        ``bits``: bits a pixel, above 0; 4.4 for grey noise. The head of the file is left out.

    Source: P. Machado et al., Computerized measures of visual complexity, 2015, who find JPEG sizes among the
        best guesses of what people rate as complex.
    """
    grey = Image.fromarray(pixels.rgb).convert("L")
    nothing = Image.new("L", (1, 1))
    return {"bits": max(0, _size(grey) - _size(nothing)) * 8 / (grey.width * grey.height)}


def _size(grey: Image.Image) -> int:
    stream = io.BytesIO()
    grey.save(stream, "JPEG", quality=QUALITY)
    return stream.tell()
