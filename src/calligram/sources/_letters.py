"""Draws one letter of a font, bends it, and frames it as MNIST frames its digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageFont

from calligram.sources._framing import frame_ink

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
