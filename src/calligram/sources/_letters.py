"""Draws one letter of a font, bends it, and frames it as MNIST frames its digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageFont

SIDE = 28
INK_SIDE = 20
FONT_SIZE = 64


@dataclass(frozen=True)
class Bend:
    """How a letter differs from the font's own form.

    Args:
        rotation_degrees: counter-clockwise.
        shear: how far the top leans to the right, as a share of the height.
        stretch: width times this, height divided by it.
        stroke_pixels: added to the thickness at a font size of 64 pixels; negative makes it thinner.
    """

    rotation_degrees: float = 0.0
    shear: float = 0.0
    stretch: float = 1.0
    stroke_pixels: float = 0.0


def draw_letter(font: ImageFont.FreeTypeFont, letter: str, bend: Bend) -> NDArray[np.uint8]:
    """Return a letter as ``(28, 28)`` uint8, light on dark, its ink fitted to 20 x 20 and centred by mass.

    Args:
        font: opened at 64 pixels.
        letter: one character that the font has.
        bend: how to distort it.
    """
    ink = _ink(font, letter, bend.stroke_pixels)
    return frame_ink(_bent(ink, bend))


def _ink(font: ImageFont.FreeTypeFont, letter: str, stroke_pixels: float) -> Image.Image:
    thicker = max(stroke_pixels, 0.0) / 2
    mask, _ = font.getmask2(letter, "L", stroke_width=thicker, stroke_filled=True)
    image = Image.frombytes("L", mask.size, bytes(mask))
    if stroke_pixels >= 0:
        return image
    # thinner: blend towards the form with one pixel taken off each edge
    return Image.blend(image, image.filter(ImageFilter.MinFilter(3)), min(1.0, -stroke_pixels / 2))


def _bent(ink: Image.Image, bend: Bend) -> Image.Image:
    if bend == Bend(stroke_pixels=bend.stroke_pixels):
        return ink
    turn = np.deg2rad(bend.rotation_degrees)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    lean = np.array([[1.0, -bend.shear], [0.0, 1.0]])
    forward = rotation @ lean @ np.diag([bend.stretch, 1 / bend.stretch])
    half = np.array(ink.size) / 2
    corners = np.abs(forward) @ half
    size = np.ceil(2 * corners).astype(int) + 2
    back = np.linalg.inv(forward)
    shift = half - back @ (size / 2)
    matrix = (back[0, 0], back[0, 1], shift[0], back[1, 0], back[1, 1], shift[1])
    return ink.transform(tuple(size.tolist()), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)


def frame_ink(ink: Image.Image) -> NDArray[np.uint8]:
    """Return light ink on dark as ``(28, 28)`` uint8: fitted to 20 x 20, then centred by its mass.

    Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database": aspect kept, grey by anti-aliasing,
    centre of mass in the middle of a 28 x 28 field. Blank ink gives a blank field.
    """
    box = ink.getbbox()
    field = np.zeros((SIDE, SIDE), np.uint8)
    if box is None:
        return field
    width, height = box[2] - box[0], box[3] - box[1]
    scale = INK_SIDE / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(ink.crop(box).resize(size, Image.Resampling.BILINEAR))
    # hair strokes would fade when made small; MNIST's brightest grey is always near white
    small = np.rint(small * (255.0 / max(int(small.max()), 1))).astype(np.uint8)
    top, left = _corner(small, axis=1), _corner(small, axis=0)
    field[top : top + size[1], left : left + size[0]] = small
    return field


def _corner(small: NDArray[np.uint8], axis: int) -> int:
    """Return where the ink begins so that its mass is in the middle, kept inside the field."""
    weights = small.sum(axis=axis, dtype=np.float64)
    centre = (weights * (np.arange(len(weights)) + 0.5)).sum() / max(weights.sum(), 1.0)
    return int(np.clip(round(SIDE / 2 - centre), 0, SIDE - len(weights)))
