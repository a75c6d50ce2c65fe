"""Photographs of a folder, which show none of the classes, as squares."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from calligram.errors import ImageError, InputError
from calligram.evaluation.batches import UNREADABLE, BadImages, refuse_faults
from calligram.evaluation.examples import GreyImages, middle_square, open_grey, to_square

IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"}


def read_photographs(
    folder: Path, crops: int = 3, bad_images: BadImages = "stop"
) -> tuple[GreyImages, tuple[str, ...]]:
    """Return the photographs of a folder as grey squares, shape (N, 224, 224), and a name for each.

    Of every photograph are taken its middle square and ``crops * crops`` squares of half that side, spread
    evenly over it, so that a few photographs give many pictures.

    Args:
        folder: holds image files, in folders of its own too.
        crops: squares along each side.
        bad_images: ``"stop"`` at files that cannot be read, once all are known, or ``"skip"`` them.

    Raises:
        ImageError: the folder is missing or holds no image file; or files cannot be read, and they are not
            to be skipped; or none can be read.
    """
    images: list[GreyImages] = []
    names: list[str] = []
    faults: list[tuple[str, InputError]] = []
    paths = find_photographs(folder)
    for path in paths:
        try:
            photograph = open_grey(path, path.name)
        except UNREADABLE as fault:
            faults.append((path.name, fault))
            continue
        squares = [middle_square(photograph), *_crop_evenly(photograph, crops)]
        images += [to_square(square) for square in squares]
        names += [f"{path.name}, square {place}" for place in range(len(squares))]
    refuse_faults(f"the folder {folder}", len(paths), faults, bad_images)
    return np.stack(images), tuple(names)


def find_readable_photographs(folder: Path, bad_images: BadImages = "stop") -> Sequence[Path]:
    """Return the image files of a folder as :func:`find_photographs`, where asked without unreadable ones."""
    paths = find_photographs(folder)
    return paths if bad_images == "stop" else [path for path in paths if _can_be_opened(path)]


def _can_be_opened(path: Path) -> bool:
    try:
        open_grey(path, path.name)
    except UNREADABLE:
        return False
    return True


def find_photographs(folder: Path) -> Sequence[Path]:
    """Return the image files of a folder and of its folders, in order.

    Raises:
        ImageError: the folder is missing or holds no image file.
    """
    if not folder.is_dir():
        raise ImageError(f"{folder} is no folder: give a folder of photographs with --photos")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)
    if not paths:
        raise ImageError(f"{folder} holds no image file: give a folder of photographs with --photos")
    return paths


def _crop_evenly(image: Image.Image, crops: int) -> list[Image.Image]:
    side = max(1, min(image.size) // 2)
    lefts = np.linspace(0, image.width - side, crops).astype(int)
    tops = np.linspace(0, image.height - side, crops).astype(int)
    return [image.crop((left, top, left + side, top + side)) for top in tops for left in lefts]
