"""Views: an image at working size, with what its file says of itself."""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image

from calligram.art.facts_options import FactsOptions
from calligram.errors import LimitError
from calligram.metrics.base import Pixels
from calligram.picture.opening import ImageInput, describe, open_pixels, read_bytes, without_pillow_limit
from calligram.picture.options import EncodeOptions
from calligram.picture.planes import shrink

__all__ = ["FactsOptions", "Head", "View", "open_view"]

ON_SIDE = (5, 6, 7, 8)
"""EXIF orientations that swap width and height. Source: CIPA DC-008 (EXIF 2.32)."""

LONGEST_CAMERA = 40

_CAMERA = (ExifTags.Base.Make, ExifTags.Base.Model)
_EXPOSURE = (ExifTags.Base.ExposureTime, ExifTags.Base.FNumber, ExifTags.Base.FocalLength)


@dataclass(frozen=True)
class Head:
    """What a file says of its image.

    Args:
        width_px: pixels across, as it is to be looked at.
        height_px: pixels down.
        format: as ``"JPEG"``; empty for pixels that come of no file.
        camera: the camera that the EXIF data name, with the exposure where told; empty for none.
    """

    width_px: int
    height_px: int
    format: str = ""
    camera: str = ""


@dataclass(frozen=True, eq=False)
class View:
    """An image at working size.

    Args:
        pixels: the image, upright, at most ``longest_px`` a side.
        head: what its file says.
        name: how it is called in messages.
    """

    pixels: Pixels
    head: Head
    name: str

    @property
    def rgb(self) -> npt.NDArray[np.uint8]:
        """Its pixels, shape (H, W, 3), sRGB."""
        return self.pixels.rgb


def open_view(image: ImageInput, options: FactsOptions | None = None) -> View:
    """Return an image at working size.

    Args:
        image: a path, ``-`` for standard input, bytes of a file, a Pillow image or an array.
        options: how far it is reduced, and the limits.

    Raises:
        ImageError: it cannot be read.
        LimitError: it is over a limit.
    """
    options = options or FactsOptions()
    name = describe(image)
    if not isinstance(image, np.ndarray | Image.Image | bytes):
        image = read_bytes(image, options)
    try:
        rgb = open_pixels(image, _opening(options), _cells(options), colour=True, name=name)
        head = _read_head(image) or Head(rgb.shape[1], rgb.shape[0])
    except Image.DecompressionBombError as fault:
        raise LimitError(
            f"{name} has more pixels than Pillow opens, whatever max_pixels is: give a smaller image"
        ) from fault
    return View(Pixels(_reduce(rgb, options.longest_px)), head, name)


def _opening(options: FactsOptions) -> EncodeOptions:
    limits = ("max_pixels", "max_aspect", "max_cells", "max_frames", "max_file_bytes")
    return EncodeOptions(background=options.background, **{name: getattr(options, name) for name in limits})


def _cells(options: FactsOptions) -> tuple[int, int]:
    """Return the cells for which a JPEG is drafted so that its longer side keeps ``longest_px``."""
    cells = -(-options.longest_px // 3)
    return cells, cells


def _read_head(image: ImageInput) -> Head | None:
    """Return what a file or a Pillow image says; None for an array. It was opened before, without fault."""
    if isinstance(image, Image.Image):
        return _head_of(image)
    if not isinstance(image, bytes):
        return None
    with without_pillow_limit():  # max_pixels was checked
        opened = Image.open(io.BytesIO(image))
    with opened:
        return _head_of(opened)


def _head_of(image: Image.Image) -> Head:
    exif = image.getexif()
    width, height = image.size
    if exif.get(ExifTags.Base.Orientation) in ON_SIDE:
        width, height = height, width
    return Head(width, height, image.format or "", _camera(exif))


def _camera(exif: Image.Exif) -> str:
    named = [_clean(str(exif[tag])) for tag in _CAMERA if exif.get(tag)]
    exposed = exif.get_ifd(ExifTags.IFD.Exif)
    if not any(named) or not any(tag in exposed for tag in _EXPOSURE):
        return ""
    make, model = (named * 2)[:2]
    return (model if model.lower().startswith(make.lower()) else f"{make} {model}")[:LONGEST_CAMERA].strip()


def _clean(name: str) -> str:
    """Return a name from a file as plain signs in one line: it may say anything, and goes into prompts."""
    return " ".join("".join(sign if sign.isalnum() or sign in "-+./" else " " for sign in name).split())


def _reduce(rgb: npt.NDArray[np.uint8], longest: int) -> npt.NDArray[np.uint8]:
    """Return an image with at most ``longest`` pixels a side, by means over areas."""
    factor = max(rgb.shape[:2]) // longest
    if factor > 1:  # most of the way by whole pixels, which is many times faster
        rgb = np.asarray(Image.fromarray(rgb).reduce(factor))
    if max(rgb.shape[:2]) <= longest:
        return rgb
    return np.asarray(np.floor(shrink(rgb.astype(np.float64), longest) + 0.5), np.uint8)
