"""Labelled images as grids: what a model, a ceiling and a judge are all shown."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from calligram.errors import ImageError, OptionError, SourceError
from calligram.evaluation.batches import BadImages, read_one, take_readable
from calligram.evaluation.framing import Framing, Prepare, reduce_to_frame, settle_framing, spread
from calligram.picture import EncodeOptions, Layout, encode_batch
from calligram.picture.opening import open_pixels
from calligram.sources.base import Batch, open_source

SHOWN_PAIRS = 3
SQUARE = 224

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
        skipped: the names of images that could not be read and are left out.
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
    skipped: tuple[str, ...] = ()

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
    spelling: str,
    split: str,
    layout: Layout,
    limit: int = 0,
    seed: int = 0,
    framing: Framing | None = None,
    bad_images: BadImages = "stop",
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
        bad_images: ``"stop"`` at images that cannot be read, once all are known, or ``"skip"`` them.

    Raises:
        SourceError: the source or the split cannot be read.
        ImageError: images cannot be read, and they are not to be skipped; or none can be read.
    """
    source = open_source(spelling, split)

    def encode(batch: Batch) -> npt.NDArray[np.uint8]:
        return framing.encode(batch, layout) if framing else _encode(batch, layout)

    taken = take_readable(source, _choose(len(source), limit, seed), encode, bad_images)
    return LabelledGrids(
        source=spelling,
        split=split,
        layout=layout,
        levels=taken.made,
        labels=taken.labels,
        classes=source.classes,
        kind=source.kind,
        question=source.question,
        names=taken.names,
        digests=taken.digests,
        skipped=taken.skipped,
    )


def load_images(
    spelling: str, split: str, limit: int = 0, seed: int = 0, bad_images: BadImages = "stop"
) -> list[bytes | GreyImages]:
    """Return the images of one split as they are, the same ones as :func:`load_grids` takes.

    With ``bad_images="skip"`` each file is opened, and left out where it cannot be.

    Raises:
        SourceError: the source or the split cannot be read.
        ImageError: none can be read.
    """
    source = open_source(spelling, split)
    places = _choose(len(source), limit, seed)
    if bad_images == "stop":
        return list(source.take(places).images)
    images: list[bytes | GreyImages] = []

    def keep(batch: Batch) -> GreyImages:
        made = _reduce(batch)
        images.extend(batch.images)
        return made

    take_readable(source, places, keep, bad_images)
    return images


def load_frames(
    spelling: str,
    split: str,
    limit: int = 0,
    seed: int = 0,
    framing: Framing | None = None,
    bad_images: BadImages = "stop",
) -> GreyImages:
    """Return the images of one split at 28 x 28 pixels, ``(N, 28, 28)``, the same ones as of the grids.

    Raises:
        SourceError: the source or the split cannot be read.
        ImageError: images cannot be read, and they are not to be skipped; or none can be read.
    """
    source = open_source(spelling, split)
    places = _choose(len(source), limit, seed)
    return take_readable(source, places, framing.reduce if framing else _reduce, bad_images).made


def choose_framing(spelling: str, split: str, way: str, polarity: str, prepare: Prepare) -> Framing:
    """Return how the images of a source are framed, as a sample of its split tells where they are arrays.

    Images that are files may be of any size, so each of them tells by itself and none is looked at here.

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
    first = read_one(source, range(len(source)))
    sample = source.take(spread(len(source))) if isinstance(first.images, np.ndarray) else first
    return settle_framing(sample, source.kind, way, polarity, prepare)


def check_apart(train: LabelledGrids, test: LabelledGrids) -> None:
    """Raise OptionError where the pictures to be read are among those that are learned from."""
    if set(train.names) & set(test.names) or "all" in (train.split, test.split):
        raise OptionError(
            f"the splits {train.split!r} and {test.split!r} of {test.source} share pictures, so that "
            "what is learned from one cannot be tested on the other: choose two splits apart"
        )
    pairs = find_copies(train, test)
    if pairs:
        shown = "; ".join(f"{one} and {other}" for one, other in pairs[:SHOWN_PAIRS])
        more = ", …" if len(pairs) > SHOWN_PAIRS else ""
        raise OptionError(
            f"the splits {train.split!r} and {test.split!r} of {test.source} share pictures "
            f"({len(pairs):,} the same: {shown}{more}), so that what is learned from one cannot be tested "
            "on the other: delete one image of each pair, or choose two splits apart"
        )


def find_copies(train: LabelledGrids, test: LabelledGrids) -> list[tuple[str, str]]:
    """Return the names of test images that are train images too, each with that of the first such one."""
    first = dict(zip(reversed(train.digests), reversed(train.names), strict=True))
    pairs = zip(test.digests, test.names, strict=True)
    return [(first[digest], name) for digest, name in pairs if digest in first]


def check_apart_at_once(spelling: str, train_split: str, split: str) -> None:
    """Raise OptionError where two splits overlap by their names alone, before any image is read."""
    train, test = open_source(spelling, train_split), open_source(spelling, split)
    if train.shares_images_with(test):
        raise OptionError(
            f"the splits {train_split!r} and {split!r} of {spelling} share pictures, so that what is "
            "learned from one cannot be tested on the other: choose two splits apart"
        )


def check_same_classes(one: LabelledGrids, other: LabelledGrids) -> None:
    """Raise SourceError unless two splits name the same classes in the same order."""
    if one.classes != other.classes:
        raise SourceError(
            f"the splits {one.split!r} and {other.split!r} of {one.source} have different classes, "
            f"{list(one.classes)} and {list(other.classes)}: give both splits the same classes"
        )


def check_teaches(train: LabelledGrids, test: LabelledGrids) -> None:
    """Raise SourceError unless what is learned from one split can be tested on another.

    Both have to name the same classes, and the first has to show two of them at least.
    """
    check_same_classes(train, test)
    shown = [train.classes[place] for place in np.unique(train.labels)]
    if len(shown) < 2:
        raise SourceError(
            f"the split {train.split!r} of {train.source} shows {len(shown)} class, "
            f"{', '.join(map(repr, shown)) or 'none'}, but a ceiling and a judge learn to tell two or more "
            "apart: give a source with more classes, or leave out --ceiling and --drawing"
        )


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


def to_square(square: Image.Image) -> GreyImages:
    """Return a square image at 224 x 224 pixels."""
    return np.asarray(square.resize((SQUARE, SQUARE), Image.Resampling.BOX))


def _choose(total: int, limit: int, seed: int) -> npt.NDArray[np.int64]:
    if not limit or limit >= total:
        return np.arange(total)
    return np.sort(np.random.default_rng(seed).permutation(total)[:limit])


def _reduce(batch: Batch) -> GreyImages:
    if isinstance(batch.images, list):
        files = zip(batch.images, batch.names, strict=True)
        squares = [to_square(middle_square(open_grey(data, name))) for data, name in files]
        return np.stack([reduce_to_frame(square) for square in squares])
    return np.stack([reduce_to_frame(image) for image in batch.images])


def _encode(batch: Batch, layout: Layout) -> npt.NDArray[np.uint8]:
    if isinstance(batch.images, list):
        files = zip(batch.images, batch.names, strict=True)
        squares = np.stack([to_square(middle_square(open_grey(data, name))) for data, name in files])
        return encode_batch(squares, layout)
    return encode_batch(batch.images, layout)
