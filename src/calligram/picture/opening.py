"""Opening: from a file, bytes, a Pillow image or an array to grey or colour pixels, within the limits."""

import io
import os
import struct
import sys
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageColor, ImageOps, UnidentifiedImageError

from calligram.errors import ImageError, LimitError, OptionError, PictureError
from calligram.picture.options import EncodeOptions, Limits

ImageInput: TypeAlias = "str | os.PathLike[str] | bytes | Image.Image | NDArray[Any]"

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    IndexError,
    KeyError,
    TypeError,
)
"""What Pillow's readers raise on damaged files, seen in their sources."""

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)

FIRST_BYTES = 1 << 15
"""A file that comes whole in one read of so many bytes is small."""

UPRIGHT = 1
FIRST_ON_SIDE = 5
"""EXIF orientations from here on have width and height swapped. Source: CIPA DC-008 (EXIF 2.32)."""

_pillow_limit = threading.Lock()


def read_bytes(path: str | os.PathLike[str], limits: Limits, wanted: str = "an image") -> bytes:
    """Return the content of a file, or of standard input where the path is ``-``.

    Args:
        path: the file, or ``-``.
        limits: ``max_file_bytes`` counts.
        wanted: what it should hold, for messages.

    Raises:
        ImageError: there is no such file, it is a folder, it is empty, or it cannot be read.
        LimitError: it is larger than ``max_file_bytes``.
    """
    name = os.fspath(path)
    try:
        if name == "-":
            content = sys.stdin.buffer.read(limits.max_file_bytes + 1)
        else:
            content = _read_file(name, limits)
    except FileNotFoundError as fault:
        raise ImageError(f"there is no file {name!r}: check the path") from fault
    except (IsADirectoryError, PermissionError) as fault:
        if not os.path.isdir(name):  # noqa: PTH112
            raise ImageError(f"{name!r} may not be read: check its permissions") from fault
        raise ImageError(f"{name!r} is a folder: give a file with {wanted}") from fault
    except ValueError as fault:
        raise ImageError(f"{name!r} is no path ({fault}): check the path") from fault
    except OSError as fault:
        raise ImageError(f"{name!r} cannot be read ({fault.strerror}): check the file") from fault
    if len(content) > limits.max_file_bytes:
        raise _too_large(name, len(content), limits)
    if not content:
        raise ImageError(f"{describe(name)} is empty (0 bytes): give {wanted}")
    return content


def _read_file(name: str, limits: Limits) -> bytes:
    with Path(name).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > limits.max_file_bytes:
            raise _too_large(name, size, limits)
        return file.read() if size else file.read(limits.max_file_bytes + 1)


def read_small(name: str) -> bytes | None:
    """Return the bytes of a small file by the bare calls, in half the time of a file object.

    Returns:
        None where the file has ``FIRST_BYTES`` or more, cannot be read, or is a pipe, which can be read only
        once: :func:`read_bytes` reads it, or says why not.
    """
    try:
        handle = os.open(name, _READ)
    except (OSError, ValueError):
        return None
    try:
        os.lseek(handle, 0, os.SEEK_CUR)  # a pipe refuses that, for a fifth of the time that asking it takes
        content = os.read(handle, FIRST_BYTES)
    except OSError:
        return None
    finally:
        os.close(handle)
    return content if len(content) < FIRST_BYTES else None


def _too_large(name: str, size: int, limits: Limits) -> LimitError:
    return LimitError(
        f"{describe(name)} has {size} bytes or more, but max_file_bytes is {limits.max_file_bytes}: "
        "give a smaller file or raise max_file_bytes"
    )


def describe(source: object) -> str:
    """Return how an input is called in a message.

    Raises:
        ImageError: it is of no kind that an image can be.
    """
    if isinstance(source, bytes):
        return f"the given {len(source)} bytes"
    if isinstance(source, Image.Image):
        return "the given Pillow image"
    if isinstance(source, np.ndarray):
        return f"the given array of shape {source.shape}"
    if isinstance(source, str | os.PathLike):
        return "standard input" if os.fspath(source) == "-" else repr(os.fspath(source))
    raise ImageError(
        f"{source!r:.80} ({type(source).__name__}) is no image: "
        "give a path, bytes, a Pillow image or an array"
    )


def open_pixels(
    source: ImageInput,
    options: EncodeOptions,
    cells: tuple[int, int],
    colour: bool = False,
    name: str | None = None,
) -> NDArray[np.uint8]:
    """Return an image as upright bytes, ``(H, W)`` grey or ``(H, W, 3)`` colour.

    Args:
        source: a path, ``-`` for standard input, bytes, a Pillow image, or an array ``(H, W[, 3 or 4])``.
        options: background, frame, draft and the limits.
        cells: columns and rows wanted at the end; a large JPEG is decoded at three times that, or more.
        colour: whether colour is wanted.
        name: what the source is called in messages; None describes it.

    Raises:
        ImageError: the source is no image.
        LimitError: it is over a limit.
    """
    name = name or describe(source)
    if isinstance(source, np.ndarray):
        image = _from_array(source)
        check_shape(image, name, options)
    elif isinstance(source, Image.Image):
        check_shape(source, name, options)
        image = source
    else:
        content = source if isinstance(source, bytes) else read_bytes(source, options)
        image = _decode(content, name, options, cells, colour)
    try:
        if _orientation(image) != UPRIGHT:
            image = ImageOps.exif_transpose(image)
        return np.asarray(_flatten(image, options.background, "RGB" if colour else "L"))
    except _BROKEN as fault:
        raise _damaged(name, fault) from fault


def _decode(
    content: bytes, name: str, options: EncodeOptions, cells: tuple[int, int], colour: bool
) -> Image.Image:
    if not content:
        raise ImageError(f"{name} is empty (0 bytes): give an image")
    image = _open(content, name)
    check_shape(image, name, options)
    _choose_frame(image, name, options)
    try:
        if options.draft and image.format == "JPEG":
            _draft(image, cells, colour)
        image.load()
    except _BROKEN as fault:
        raise _damaged(name, fault) from fault
    return image


def _open(content: bytes, name: str) -> Image.Image:
    with without_pillow_limit():
        try:
            return Image.open(io.BytesIO(content))
        except UnidentifiedImageError as fault:
            raise ImageError(
                f"{name} is no image that can be opened (it begins with {content[:12]!r}): "
                "give PNG, JPEG, GIF, WebP, TIFF, …"
            ) from fault
        except _BROKEN as fault:
            raise _damaged(name, fault) from fault


def is_image(content: bytes) -> bool:
    """Return whether some bytes begin as an image does, which may be damaged further on."""
    try:
        _open(content, "")
    except ImageError as fault:
        return not isinstance(fault.__cause__, UnidentifiedImageError)
    return True


def _orientation(image: Image.Image) -> int:
    orientation = image.getexif().get(ExifTags.Base.Orientation, UPRIGHT)
    return orientation if isinstance(orientation, int) else UPRIGHT


def _draft(image: Image.Image, cells: tuple[int, int], colour: bool) -> None:
    """Let libjpeg decode at a half, a quarter or an eighth where three pixels a cell are left each way."""
    columns, rows = cells[::-1] if _orientation(image) >= FIRST_ON_SIDE else cells
    if image.width >= 6 * columns and image.height >= 6 * rows:
        image.draft(image.mode if colour or image.mode != "RGB" else "L", (3 * columns, 3 * rows))


def check_shape(image: Image.Image, name: str, limits: Limits) -> None:
    """Raise LimitError where an image has too many pixels or is too long, ImageError where it has none."""
    width, height = image.size
    if not width or not height:
        raise ImageError(f"{name} has {width} x {height} pixels: give an image with pixels")
    if width * height > limits.max_pixels:
        raise LimitError(
            f"{name} has {width} x {height} pixels, but max_pixels is {limits.max_pixels}: "
            "give a smaller image or raise max_pixels"
        )
    if max(width, height) > limits.max_aspect * min(width, height):
        raise LimitError(
            f"{name} is {width} x {height} pixels, longer than {limits.max_aspect:g}:1, and would be a line: "
            "crop it or raise max_aspect"
        )


def _choose_frame(image: Image.Image, name: str, options: EncodeOptions) -> None:
    if not options.frame:
        return
    if options.frame >= options.max_frames:
        raise LimitError(
            f"frame {options.frame} was asked for, but max_frames is {options.max_frames}: "
            "choose an earlier frame or raise max_frames"
        )
    try:
        image.seek(options.frame)
    except EOFError as fault:
        raise ImageError(
            f"{name} has no frame {options.frame}: frames are counted from 0, choose one of "
            f"{getattr(image, 'n_frames', 1)}"
        ) from fault
    except _BROKEN as fault:
        raise _damaged(name, fault) from fault
    check_shape(image, name, options)


def _damaged(name: str, fault: BaseException) -> ImageError:
    return ImageError(f"{name} is a damaged image ({fault}): fetch or save it again")


@contextmanager
def without_pillow_limit() -> Iterator[None]:
    """Switch Pillow's own limit off, since ``max_pixels`` stands in its place; it is a global of Pillow."""
    with _pillow_limit, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


def _from_array(array: NDArray[Any]) -> Image.Image:
    """Return a Pillow image of an array ``(H, W)`` or ``(H, W, 3 or 4)``."""
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)) or 0 in array.shape:
        raise ImageError(
            f"an array of shape {array.shape} is no image: give (H, W), (H, W, 3) or (H, W, 4), "
            "or many of one size to encode_batch"
        )
    return Image.fromarray(np.ascontiguousarray(_array_bytes(array)))


def _array_bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    if array.dtype.kind not in "buif":
        raise ImageError(f"an array of kind {array.dtype} is no image: give one of numbers")
    if array.dtype == np.uint8:
        return np.asarray(array, np.uint8)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype == np.uint16:
        return to_bytes(array, 65535)
    if np.issubdtype(array.dtype, np.floating) and float(array.min()) >= 0 and float(array.max()) <= 1:
        return to_bytes(array, 1)
    if array.min() >= 0 and array.max() <= 255:
        return np.rint(array.astype(np.float64)).astype(np.uint8)
    raise ImageError(
        f"an array of kind {array.dtype} with values {array.min()} to {array.max()} is no image: "
        "give bytes, uint16, or floats from 0 to 1 or to 255"
    )


def to_bytes(values: NDArray[Any], full: float) -> NDArray[np.uint8]:
    """Return values from 0 to ``full`` as bytes, rounded to the nearest."""
    made: NDArray[np.uint8] = (
        np.floor(values.astype(np.float64) * (255 / full) + 0.5).clip(0, 255).astype(np.uint8)
    )
    return made


def _flatten(image: Image.Image, background: str, mode: str) -> Image.Image:
    """Return an image of any mode as ``L`` or ``RGB``, transparent parts over the background."""
    if image.mode == mode:
        return image if "transparency" not in image.info else _over(image, background).convert(mode)
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_deep_bytes(np.asarray(image))).convert(mode)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return _over(image, background).convert(mode)
    if image.mode in ("LAB", "HSV"):
        return image.convert("RGB").convert(mode)
    return image.convert(mode)


def _deep_bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Return deep greys as bytes: 16 bits are divided, others stretched from least to greatest."""
    if values.dtype.itemsize == 2 or (
        np.issubdtype(values.dtype, np.integer) and values.min() >= 0 and values.max() <= 65535
    ):
        return to_bytes(values, 65535)
    values = np.nan_to_num(values.astype(np.float64))
    low, high = float(values.min()), float(values.max())
    return to_bytes(values - low, high - low if high > low else 1)


def _over(image: Image.Image, background: str) -> Image.Image:
    """Lay an image over a colour; ``auto`` is black, or white where what is seen is dark."""
    layered = image.convert("RGBA")
    if background == "auto":
        alpha = np.asarray(layered.getchannel("A"), np.float64)
        grey = np.asarray(layered.convert("RGB").convert("L"), np.float64)
        colour: tuple[int, ...] = (255,) * 3 if (alpha * (grey - 127.5)).sum() < 0 else (0,) * 3
    else:
        try:
            colour = ImageColor.getcolor(background, "RGB")  # type: ignore[assignment]
        except ValueError as fault:
            raise OptionError(
                f"background is {background!r}, but must be auto, a colour's name, or #rrggbb"
            ) from fault
    under = Image.new("RGBA", layered.size, (*colour[:3], 255))
    return Image.alpha_composite(under, layered)


def read_text(path: str | os.PathLike[str], limits: Limits) -> str:
    """Return the text of a UTF-8 file, or of standard input where the path is ``-``.

    Raises:
        ImageError: the file cannot be read or is empty.
        PictureError: it is no UTF-8 text.
        LimitError: it is larger than ``max_file_bytes``.
    """
    content = read_bytes(path, limits, "a text picture")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise PictureError(
            f"{describe(path)} is no text picture (byte {fault.start} is no UTF-8): "
            "give the text, not an image"
        ) from fault
