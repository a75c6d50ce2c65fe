"""Preparing: from any image to the grids of levels that a model was taught on.

The built-in model was taught on light ink on dark paper: digits and letters with the ink's longer side at
20/28 of a square frame and its mass in the middle, garments filling the frame. An image of exactly that
size and look is taken as it is; every other is turned, cropped and centred to look like it.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram.picture import EncodeOptions, Layout, encode_batch
from calligram.picture.framing import (
    FRAME_SIDE,
    clean_polarity,
    fit_to_frame,
    frame_content,
    squared,
    stands_as_taught,
)
from calligram.picture.opening import ImageInput, open_pixels
from calligram.picture.paper import lift_off
from calligram.picture.tone import is_dark_on_light
from calligram.seeing.options import SeeOptions

DECODED_CELLS = 170
"""A large JPEG is decoded as if for so many cells each way, since the ink may be a small part of it."""

FRAMINGS = {"digit": ("content",), "letter": ("content",), "garment": ("fit",)}
"""How things of a kind stand in their frame; where the kind is open, each way is tried."""

WORKING_SIDE = 320
"""Larger images are reduced to so many pixels before their ink is looked for."""

SOLID_WIDTH = 0.235
"""Strokes wider than this share of the ink's longer side are no digit or letter, but a solid thing.

None of MNIST's digits is as wide, five in a thousand letters from fonts, and half of Fashion-MNIST's
pullovers.
"""

Pixels = NDArray[np.uint8]


def prepare(
    image: ImageInput, layout: Layout, kind: str | None, options: SeeOptions, name: str | None = None
) -> NDArray[np.uint8]:
    """Return one grid for each way the image may have to be framed.

    Args:
        image: a path, ``-``, bytes, a Pillow image or an array ``(H, W[, 3 or 4])``.
        layout: what the model reads.
        kind: what is asked for, or None where that is open.
        options: polarity, framing, background, frame and limits.
        name: what the image is called in messages; None describes it.

    Returns:
        Levels ``(N, rows, columns)``, N at least 1, as of a square image.

    Raises:
        ImageError: the image cannot be read.
        LimitError: it is over a limit.
    """
    return np.concatenate(
        [encode_batch(frame[None], layout) for frame in frame_image(image, kind, options, name)]
    )


def frame_image(
    image: ImageInput, kind: str | None, options: SeeOptions, name: str | None = None
) -> list[Pixels]:
    """Return the image as light ink on dark in a square, once for each way it may have to be framed.

    Args:
        image: a path, ``-``, bytes, a Pillow image or an array ``(H, W[, 3 or 4])``.
        kind: what is asked for, or None where that is open.
        options: polarity, framing, background, frame and limits.
        name: what the image is called in messages; None describes it.

    Returns:
        At least one array ``(side, side)``; the side is 28 unless the image is taken as it is.

    Raises:
        ImageError: the image cannot be read.
        LimitError: it is over a limit.
    """
    opening = EncodeOptions(
        background=options.background,
        frame=options.frame,
        max_pixels=options.max_pixels,
        max_aspect=options.max_aspect,
        max_frames=options.max_frames,
        max_file_bytes=options.max_file_bytes,
    )
    pixels = open_pixels(image, opening, (DECODED_CELLS, DECODED_CELLS), name=name)
    frames = {way: _frame(pixels, way, options.polarity) for way in choose_framings(pixels, kind, options)}
    if len(frames) > 1 and stroke_width(frames["fit"]) > SOLID_WIDTH:
        del frames["content"]
    return list(frames.values())


def choose_framings(pixels: Pixels, kind: str | None, options: SeeOptions) -> tuple[str, ...]:
    """Return the ways to frame an image: what was asked for, else what the evidence says.

    A picture of 28 x 28 pixels with clean corners and ink as large as the kind has it is taken as it is.
    """
    if options.framing != "auto":
        return (options.framing,)
    if stands_as_taught(pixels, kind):
        return ("none",)
    return FRAMINGS.get(kind or "", ("content", "fit"))


def stroke_width(frame: Pixels) -> float:
    """Return the mean width of what stands in a frame, as a share of its longer side; 0 for a blank frame.

    Twice the area over the length of the outline, which for a long stroke is its width.
    """
    mask = frame > frame.max() / 4
    if not mask.any():
        return 0.0
    around = np.pad(mask, 1)
    outline = (around[1:] != around[:-1]).sum() + (around[:, 1:] != around[:, :-1]).sum()
    longest = max(np.ptp(np.flatnonzero(mask.any(axis=axis))) + 1 for axis in (0, 1))
    return float(2 * mask.sum() / outline / longest)


def _frame(pixels: Pixels, way: str, polarity: str) -> Pixels:
    if way == "none":
        if polarity == "auto":
            polarity = clean_polarity(pixels) or ("dark-on-light" if is_dark_on_light(pixels) else polarity)
        return squared(255 - pixels if polarity == "dark-on-light" else pixels)
    if max(pixels.shape) < FRAME_SIDE and clean_polarity(pixels):
        polarity = clean_polarity(pixels) or polarity if polarity == "auto" else polarity
        pixels = _enlarged(pixels)
    ink = lift_off(_reduced(pixels), polarity)
    return frame_content(ink, FRAME_SIDE) if way == "content" else fit_to_frame(ink)


def _reduced(pixels: Pixels) -> Pixels:
    longest = max(pixels.shape)
    if longest <= WORKING_SIDE:
        return pixels
    height, width = (max(1, round(side * WORKING_SIDE / longest)) for side in pixels.shape)
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BOX))


def _enlarged(pixels: Pixels) -> Pixels:
    """Return a tiny image enlarged smoothly, with a margin of its paper, since its ink may fill it."""
    scale = -(-FRAME_SIDE // max(pixels.shape))
    height, width = (side * scale for side in pixels.shape)
    large = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC))
    paper = np.median(pixels[[0, 0, -1, -1], [0, -1, 0, -1]])
    return np.pad(large, FRAME_SIDE // 4, constant_values=np.uint8(paper))
