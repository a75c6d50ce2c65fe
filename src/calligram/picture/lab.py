"""CIELAB: colours as the eye spaces them, and how far apart two colours look."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""Linear sRGB to CIE XYZ. Source: IEC 61966-2-1, to seven decimals."""

_WHITE = _TO_XYZ.sum(axis=1)
"""D65 as this matrix has it, so that every grey has no chroma at all."""

_BEND = (6 / 29) ** 3
"""Below this share of white the cube root is replaced by a line. Source: CIE 15:2004."""


def _unbend(values: FloatArray) -> FloatArray:
    """Return sRGB values 0 to 1 as linear light. Source: IEC 61966-2-1."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


_LINEAR = _unbend(np.arange(256) / 255)


def to_lab(rgb: NDArray[np.uint8]) -> FloatArray:
    """Return sRGB bytes in CIELAB under D65.

    Args:
        rgb: shape (…, 3), sRGB.

    Returns:
        Shape (…, 3): L* from 0 (black) to 100 (white), a* (green to red) and b* (blue to yellow), each
        within about -110 to 110.

    Source: CIE 15:2004 and IEC 61966-2-1; 2 degree observer.

    >>> to_lab(np.array([255, 0, 0], np.uint8)).round(1)
    array([53.2, 80.1, 67.2])
    """
    light = _LINEAR[rgb] @ (_TO_XYZ.T / _WHITE)
    bent = np.where(light > _BEND, np.cbrt(light), light * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = bent[..., 0], bent[..., 1], bent[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def to_rgb(lab: FloatArray) -> NDArray[np.uint8]:
    """Return CIELAB colours under D65 as sRGB bytes, shape (…, 3); what sRGB has not is cut to its edge."""
    y = (lab[..., 0] + 16) / 116
    bent = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], axis=-1)
    light = np.where(bent > 6 / 29, bent**3, (bent - 4 / 29) * 3 * (6 / 29) ** 2) * _WHITE
    linear = np.clip(light @ np.linalg.inv(_TO_XYZ).T, 0, 1)
    values = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.floor(values * 255 + 0.5).clip(0, 255), np.uint8)


def chroma(lab: FloatArray) -> FloatArray:
    """Return how far colours are from grey, shape (…): 0 for greys, about 130 at most in sRGB."""
    made: FloatArray = np.hypot(lab[..., 1], lab[..., 2])
    return made


def difference(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return how far colours look apart: the CIEDE2000 difference, 0 for equal ones, about 1 just seen.

    Args:
        one: CIELAB, shape (…, 3).
        other: likewise; the two are broadcast.

    Source: G. Sharma, W. Wu, E. N. Dalal, The CIEDE2000 color-difference formula: implementation notes,
        supplementary test data, and mathematical observations, 2005; weights kL = kC = kH = 1.
    """
    lightness, chroma_, hue, gap = _corrected(one, other)
    mean_lightness, mean_chroma = lightness[2], chroma_[2]
    mean_hue = np.where(
        gap <= 180,
        hue[0] + hue[1],
        np.where(hue[0] + hue[1] < 360, hue[0] + hue[1] + 360, hue[0] + hue[1] - 360),
    )
    mean_hue = np.where(chroma_[0] * chroma_[1] == 0, hue[0] + hue[1], mean_hue / 2)
    turn = 1 - 0.17 * _cosine(mean_hue - 30) + 0.24 * _cosine(2 * mean_hue)
    turn = turn + 0.32 * _cosine(3 * mean_hue + 6) - 0.2 * _cosine(4 * mean_hue - 63)
    scale_lightness = 1 + 0.015 * (mean_lightness - 50) ** 2 / np.sqrt(20 + (mean_lightness - 50) ** 2)
    scale_chroma, scale_hue = 1 + 0.045 * mean_chroma, 1 + 0.015 * mean_chroma * turn
    twist = 60 * np.exp(-(((mean_hue - 275) / 25) ** 2))
    rotation = -np.sin(np.radians(twist)) * 2 * np.sqrt(_seventh(mean_chroma))
    by_lightness = (lightness[1] - lightness[0]) / scale_lightness
    by_chroma = (chroma_[1] - chroma_[0]) / scale_chroma
    by_hue = _hue_difference(chroma_, hue) / scale_hue
    squares = by_lightness**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue
    return np.asarray(np.sqrt(np.maximum(squares, 0)))


def _corrected(one: FloatArray, other: FloatArray) -> tuple[Any, Any, Any, FloatArray]:
    """Return L, C' (each of both and their mean), h' of both in degrees, and how far the hues are apart."""
    mean = (chroma(one) + chroma(other)) / 2
    stretch = 1 + 0.5 * (1 - np.sqrt(_seventh(mean)))
    first, second = (np.hypot(lab[..., 1] * stretch, lab[..., 2]) for lab in (one, other))
    hues = [np.degrees(np.arctan2(lab[..., 2], lab[..., 1] * stretch)) % 360 for lab in (one, other)]
    lightness = (one[..., 0], other[..., 0], (one[..., 0] + other[..., 0]) / 2)
    return lightness, (first, second, (first + second) / 2), hues, np.abs(hues[0] - hues[1])


def _hue_difference(chroma_: Any, hue: Any) -> FloatArray:
    apart = (hue[1] - hue[0] + 180) % 360 - 180
    # the paper keeps +180 where hues are opposite; the sign matters nowhere but in the rotation's product
    apart = np.where(np.abs(hue[1] - hue[0]) <= 180, hue[1] - hue[0], apart)
    made: FloatArray = 2 * np.sqrt(chroma_[0] * chroma_[1]) * np.sin(np.radians(apart / 2))
    return made


def _seventh(mean: FloatArray) -> FloatArray:
    return np.asarray(mean**7 / (mean**7 + 25.0**7))


def _cosine(degrees: FloatArray) -> FloatArray:
    return np.cos(np.radians(degrees))
