"""Labelled images as grids: what a model, a ceiling and a judge are all shown."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from calligram.errors import ImageError, OptionError, SourceError
from calligram.evaluation.framing import Framing, Prepare, reduce_to_frame, settle_framing, spread
from calligram.picture import EncodeOptions, Layout, encode_batch
from calligram.picture.opening import open_pixels
from calligram.sources.base import Batch, open_source

BATCH = 2000
SQUARE = 224
IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"}

GreyImages = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class LabelledGrids:
    """Grids of one split of a source, in one layout.

    Args:
        source: the source's spelling.
        split: the part of it.
        layout: how the images were laid out.
        levels: shape (N, rows, columns), uint8.
        labels: shape (N,), places in ``classes``.
        classes: the names of the classes.
        kind: what an image shows, as ``"digit"``.
        question: the question whose answer is the class.
        names: where each image came from, for a person who has to find it.
        digests: a checksum of each image's content, by which copies of it are known.
    """

    source: str
    split: str
    layout: Layout
    levels: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    classes: tuple[str, ...]
    kind: str
    question: str
    names: tuple[str, ...]
    digests: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, places: npt.NDArray[np.int64]) -> "LabelledGrids":
        """Return the examples at the given places, in the given order."""
        return replace(
            self,
            levels=self.levels[places],
            labels=self.labels[places],
            names=tuple(self.names[place] for place in places),
            digests=tuple(self.digests[place] for place in places),
        )


def load_grids(
    spelling: str, split: str, layout: Layout, limit: int = 0, seed: int = 0, framing: Framing | None = None
) -> LabelledGrids:
    """Return one split of a source as grids.

    Args:
        spelling: the source, as ``"idx:data/mnist"``.
        split: ``"test"``, ``"train[:54000]"``, …
        layout: how images are laid out.
        limit: the most images taken, 0 for all; fewer are chosen by ``seed`` and keep their order.
        seed: chooses them.
        framing: how each image is framed; without it images are taken as they are, and those that come as
            files are cropped to their middle square, since a grid is of one shape.

    Raises:
        SourceError: the source or the split cannot be read.
        ImageError: an image file cannot be read.
    """
    source = open_source(spelling, split)
    places = _choose(len(source), limit, seed)
    parts = [source.take(places[start : start + BATCH]) for start in range(0, len(places), BATCH)]
    return LabelledGrids(
        source=spelling,
        split=split,
        layout=layout,
        levels=np.concatenate(
            [framing.encode(part, layout) if framing else _encode(part, layout) for part in parts]
        ),
        labels=np.concatenate([part.labels for part in parts]),
        classes=source.classes,
        kind=source.kind,
        question=source.question,
        names=tuple(name for part in parts for name in part.names),
        digests=tuple(_digest(image) for part in parts for image in part.images),
    )


def load_images(spelling: str, split: str, limit: int = 0, seed: int = 0) -> list[bytes | GreyImages]:
    """Return the images of one split as they are, the same ones as :func:`load_grids` takes.

    Raises:
        SourceError: the source or the split cannot be read.
    """
    source = open_source(spelling, split)
    return list(source.take(_choose(len(source), limit, seed)).images)


def load_frames(
    spelling: str, split: str, limit: int = 0, seed: int = 0, framing: Framing | None = None
) -> GreyImages:
    """Return the images of one split at 28 x 28 pixels, ``(N, 28, 28)``, the same ones as of the grids.

    Raises:
        SourceError: the source or the split cannot be read.
        ImageError: an image file cannot be read.
    """
    source = open_source(spelling, split)
    places = _choose(len(source), limit, seed)
    parts = [source.take(places[start : start + BATCH]) for start in range(0, len(places), BATCH)]
    return np.concatenate([framing.reduce(part) if framing else _reduce(part) for part in parts])


def choose_framing(spelling: str, split: str, way: str, polarity: str, prepare: Prepare) -> Framing:
    """Return how the images of a source are framed, as its split tells.

    Args:
        spelling: the source.
        split: the part that is looked at.
        way: ``"auto"``, ``"none"``, ``"content"`` or ``"fit"``.
        polarity: ``"auto"``, ``"light-on-dark"`` or ``"dark-on-light"``.
        prepare: frames one image.

    Raises:
        SourceError: the source or the split cannot be read.
    """
    source = open_source(spelling, split)
    return settle_framing(source.take(spread(len(source))), source.kind, way, polarity, prepare)


def check_apart(train: LabelledGrids, test: LabelledGrids) -> None:
    """Raise OptionError where the pictures to be read are among those that are learned from."""
    copies = len(set(train.digests) & set(test.digests))
    if copies or set(train.names) & set(test.names) or "all" in (train.split, test.split):
        told = f" ({copies:,} images are the same)" if copies else ""
        raise OptionError(
            f"the splits {train.split!r} and {test.split!r} of {test.source} share pictures{told}, so that "
            "what is learned from one cannot be tested on the other: choose two splits apart"
        )


def check_same_classes(one: LabelledGrids, other: LabelledGrids) -> None:
    """Raise SourceError unless two splits name the same classes in the same order."""
    if one.classes != other.classes:
        raise SourceError(
            f"the splits {one.split!r} and {other.split!r} of {one.source} have different classes, "
            f"{list(one.classes)} and {list(other.classes)}: give both splits the same classes"
        )


def read_photographs(folder: Path, crops: int = 3) -> tuple[GreyImages, tuple[str, ...]]:
    """Return the photographs of a folder as grey squares, shape (N, 224, 224), and a name for each.

    Of every photograph are taken its middle square and ``crops * crops`` squares of half that side, spread
    evenly over it, so that a few photographs give many pictures.

    Args:
        folder: holds image files, in folders of its own too.
        crops: squares along each side.

    Raises:
        ImageError: the folder is missing, holds no image file, or a file cannot be read.
    """
    images: list[GreyImages] = []
    names: list[str] = []
    for path in find_photographs(folder):
        photograph = open_grey(path, path.name)
        squares = [middle_square(photograph), *_crop_evenly(photograph, crops)]
        images += [_to_array(square) for square in squares]
        names += [f"{path.name}, square {place}" for place in range(len(squares))]
    return np.stack(images), tuple(names)


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


def open_grey(source: bytes | Path, name: str) -> Image.Image:
    """Return an image file as a grey Pillow image, turned as its EXIF says.

    Raises:
        ImageError: it is no image that can be read; the message begins with ``name``.
    """
    try:
        return Image.fromarray(open_pixels(source, EncodeOptions(), (SQUARE, SQUARE)))
    except ImageError as fault:
        raise ImageError(f"{name}: {fault}") from fault


def middle_square(image: Image.Image) -> Image.Image:
    """Return the largest square in the middle of an image."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def _crop_evenly(image: Image.Image, crops: int) -> list[Image.Image]:
    side = max(1, min(image.size) // 2)
    lefts = np.linspace(0, image.width - side, crops).astype(int)
    tops = np.linspace(0, image.height - side, crops).astype(int)
    return [image.crop((left, top, left + side, top + side)) for top in tops for left in lefts]


def _to_array(square: Image.Image) -> GreyImages:
    return np.asarray(square.resize((SQUARE, SQUARE), Image.Resampling.BOX))


def _choose(total: int, limit: int, seed: int) -> npt.NDArray[np.int64]:
    if not limit or limit >= total:
        return np.arange(total)
    return np.sort(np.random.default_rng(seed).permutation(total)[:limit])


def _digest(image: bytes | GreyImages) -> bytes:
    content = image if isinstance(image, bytes) else np.ascontiguousarray(image).data
    return hashlib.blake2b(content, digest_size=16).digest()


def _reduce(batch: Batch) -> GreyImages:
    if isinstance(batch.images, list):
        files = zip(batch.images, batch.names, strict=True)
        squares = [_to_array(middle_square(open_grey(data, name))) for data, name in files]
        return np.stack([reduce_to_frame(square) for square in squares])
    return np.stack([reduce_to_frame(image) for image in batch.images])


def _encode(batch: Batch, layout: Layout) -> npt.NDArray[np.uint8]:
    if isinstance(batch.images, list):
        files = zip(batch.images, batch.names, strict=True)
        squares = np.stack([_to_array(middle_square(open_grey(data, name))) for data, name in files])
        return encode_batch(squares, layout)
    return encode_batch(batch.images, layout)
