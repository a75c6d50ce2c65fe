"""Encoding: from an image to a text picture."""

import dataclasses

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram import settings
from calligram.picture.batch import choose_levels
from calligram.picture.dithering import dither
from calligram.picture.forms import DOT_FORMS, join_dots, parts
from calligram.picture.framing import frame_content
from calligram.picture.layout import Layout, get_layout
from calligram.picture.opening import ImageInput, open_pixels
from calligram.picture.options import EncodeOptions
from calligram.picture.resampling import resample_image
from calligram.picture.text_picture import TextPicture
from calligram.picture.tone import adjust_tone

FRAMING_CELLS = 170
"""Before its ink is cropped, an image is decoded as if for so many cells each way."""


def encode(
    image: ImageInput, layout: str | Layout = "classic", options: EncodeOptions | None = None
) -> TextPicture:
    """Return the text picture of one image.

    Args:
        image: a path, ``-`` for standard input, bytes of a file, a Pillow image, or an array ``(H, W)``,
            ``(H, W, 3)`` or ``(H, W, 4)``; many arrays of one size go to :func:`encode_batch`.
        layout: a layout or its name.
        options: tone, framing, size, limits and so on; None changes nothing.

    Returns:
        The grid of levels with its layout; grey values within a level are lost.

    Raises:
        ImageError: the image cannot be read.
        LimitError: the image or the text picture is over a limit.
        LayoutError: the layout is unknown or impossible.
        OptionError: an option is out of its range, or two do not go together.

    >>> print(encode(np.eye(2, dtype=bool), Layout("tiny", columns=4, font_ratio=0.5, markup="plain")))
    ██
      ██
    """
    options = options or EncodeOptions()
    settings.check(options)
    layout = options.laid_out(get_layout(layout))
    colour = options.colors != "none"
    pixels = open_pixels(image, options, _wanted(layout, options), colour)
    grey = np.asarray(Image.fromarray(pixels).convert("L")) if colour else pixels
    grey = adjust_tone(grey, options)
    if options.framing == "content":
        options.grid(layout, 1, 1)  # the frame is square, and as large as the grid is fine: limits first
        grey = frame_content(grey, layout.columns)
    layout, rows, columns = options.grid(layout, *grey.shape)
    picture = TextPicture(_levels(grey, layout, rows, columns, options.dither), layout)
    if not colour:
        return picture
    colours = _cell_colours(pixels, rows, columns)
    return dataclasses.replace(picture, colours=colours, colour_kind=options.colors)


def _wanted(layout: Layout, options: EncodeOptions) -> tuple[int, int]:
    """Return how many parts of cells there will be, columns and rows, so far as is known before opening."""
    if options.framing == "content":
        return FRAMING_CELLS, FRAMING_CELLS
    down, across = parts(layout.ramp)
    rows = options.height or layout.rows or 1
    columns = 1 if options.height and not options.width else layout.columns
    return columns * across, rows * down


def _levels(
    grey: NDArray[np.uint8], layout: Layout, rows: int, columns: int, dithering: str
) -> NDArray[np.uint8]:
    down, across = parts(layout.ramp)
    sums = resample_image(grey, rows * down, columns * across, layout.resampler)
    if dithering == "none" or layout.ramp == "shape":
        return choose_levels(sums, layout).reshape(rows, columns)
    greys = sums.greys()[0]
    if layout.ramp in DOT_FORMS:
        return join_dots(dither(greys, 2, dithering)[None] > 0, layout.ramp).reshape(rows, columns)
    return dither(greys, layout.level_count, dithering)


def _cell_colours(pixels: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """Return the exact mean colour of each cell, ``(rows, columns, 3)``."""
    channels = [np.ascontiguousarray(pixels[:, :, channel]) for channel in range(3)]
    means = [resample_image(channel, rows, columns, "area").greys()[0] for channel in channels]
    return np.floor(np.stack(means, axis=-1) + 0.5).astype(np.uint8)
