"""The pictures that are converted: made here from a seed, so that nothing has to be fetched."""

import gzip
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Greys = npt.NDArray[np.uint8]
JPEG_SIZE = (4000, 3000)
MNIST_TRAIN = 60_000


@dataclass(frozen=True)
class Samples:
    """Where the samples lie.

    Args:
        folder: the working folder.
        small: PNG files of 28 x 28 pixels.
        jpeg: one JPEG.
        jpeg_size: its width and height in pixels, 4000 x 3000 unless benchmarks are only tried out.
        idx: a folder of idx files of training pictures.
        train: how many training pictures ``idx`` has.
        real: whether ``idx`` is a given data set, not made here.
    """

    folder: Path
    small: tuple[Path, ...]
    jpeg: Path
    jpeg_size: tuple[int, int]
    idx: Path
    train: int
    real: bool


def make_samples(
    folder: Path,
    mnist: Path | None,
    small: int = 2000,
    train: int = MNIST_TRAIN,
    size: tuple[int, int] = JPEG_SIZE,
) -> Samples:
    """Make the samples in a folder and return where they are.

    Args:
        folder: an empty folder.
        mnist: a folder of MNIST's idx files; without it pictures much like them are made.
        small: how many small PNG files are written.
        train: how many training pictures are made where ``mnist`` is not given.
        size: of the JPEG, width and height in pixels.
    """
    rng = np.random.default_rng(0)
    pictures = draw_strokes(rng, small)
    (folder / "small").mkdir(parents=True)
    paths = tuple(folder / "small" / f"{place:05d}.png" for place in range(small))
    for path, picture in zip(paths, pictures, strict=True):
        Image.fromarray(picture).save(path)
    jpeg = folder / "large.jpg"
    paint_scene(rng, size).save(jpeg, quality=90)
    if mnist is None:
        write_idx(folder / "idx", draw_strokes(rng, train), rng.integers(0, 10, train))
    idx = mnist or folder / "idx"
    return Samples(folder, paths, jpeg, size, idx, MNIST_TRAIN if mnist else train, mnist is not None)


def draw_strokes(rng: np.random.Generator, count: int) -> Greys:
    """Return pictures of 28 x 28 with soft white strokes on black, with about the ink of a digit."""
    pictures = np.zeros((count, 28, 28), np.float32)
    places = rng.uniform(6, 22, (count, 2))
    turns = rng.uniform(0, 2 * np.pi, count)
    rows, columns = np.mgrid[:28, :28]
    for _ in range(24):
        turns += rng.normal(0, 0.5, count)
        places = np.clip(places + np.stack([np.sin(turns), np.cos(turns)], 1), 5, 23)
        gaps = (rows - places[:, :1, None]) ** 2 + (columns - places[:, 1:, None]) ** 2
        np.maximum(pictures, np.exp(-gaps / 2, dtype=np.float32), out=pictures)
    return (pictures * 255).astype(np.uint8)


def paint_scene(rng: np.random.Generator, size: tuple[int, int] = JPEG_SIZE) -> Image.Image:
    """Return a colour image with large forms and fine grain, as a photograph has."""
    width, height = size
    scene = np.zeros((height, width, 3), np.float32)
    for cells, strength in ((4, 90), (24, 50), (160, 25)):
        coarse = rng.normal(128, strength, (cells * 3 // 4, cells, 3)).clip(0, 255).astype(np.uint8)
        layer = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
        scene += np.asarray(layer, np.float32) - 128
    scene += rng.normal(0, 6, (height, width, 1)).astype(np.float32)
    return Image.fromarray((scene + 128).clip(0, 255).astype(np.uint8)).filter(ImageFilter.SMOOTH)


def write_idx(folder: Path, pictures: Greys, labels: npt.NDArray[np.int64]) -> None:
    """Write pictures and labels as the idx files of a train split, packed with gzip."""
    folder.mkdir()
    for name, values in (("images", pictures), ("labels", labels.astype(np.uint8))):
        header = struct.pack(f">4B{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
        path = folder / f"train-{name}-idx{values.ndim}-ubyte.gz"
        path.write_bytes(gzip.compress(header + values.tobytes(), 1))
