"""Framing: how the images of a source come to stand as a model was taught, decided once for a source.

A source's images were made in one way. Where most of them already are small pictures on clean paper, as
MNIST's are, all are taken as they are, turned light on dark where most are not, and with their greys spread
where paper is grey or ink faint. Where they are not, each is prepared by itself, as ``calligram see``
prepares a person's own image.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from calligram.picture import Layout, encode_batch
from calligram.picture.framing import FRAME_SIDE, clean_polarity, squared, stands_as_taught
from calligram.sources.base import Batch

GreyImages = npt.NDArray[np.uint8]
Prepare = Callable[[bytes | GreyImages, str, str, str, str], GreyImages]
"""Frames one image as ``calligram see`` does: image, kind, framing, polarity and name in, a square out."""

SAMPLE = 400
"""So many images of a source are looked at to tell how all of them stand."""
LEAST_SHARE = 0.5
"""Images are taken as they are where more than this share of those looked at stands on clean paper, and of
these more than this share stands as large as the kind does."""
MOST_PAPER, LEAST_INK, LEAST_CONTRAST = 16, 192, 16
"""Paper up to the first grey and ink from the second count as black and white, if they are so far apart."""
MIXED_SHARE = 0.1
"""Where more than this share of the clean ones is of the rarer polarity, each image tells its own."""


@dataclass(frozen=True)
class Framing:
    """How every image of a source is framed.

    Args:
        way: ``"none"`` to take them as they are, or ``"auto"``, ``"content"``, ``"fit"``.
        polarity: ``"light-on-dark"``, ``"dark-on-light"``, or ``"auto"`` to look at each image.
        kind: what an image shows.
        prepare: frames one image that is not taken as it is.
        paper: the grey of the paper of images that are taken as they are, ink being light.
        ink: the grey of their ink; paper becomes 0 and ink 255.
    """

    way: str
    polarity: str
    kind: str
    prepare: Prepare
    paper: int = 0
    ink: int = 255

    def describe(self) -> dict[str, str | int]:
        """Return how images are framed, ready for JSON."""
        return {"way": self.way, "polarity": self.polarity, "paper": self.paper, "ink": self.ink}

    def frame(self, batch: Batch) -> GreyImages | list[GreyImages]:
        """Return the images of a batch, framed: an array, or a list where they may be of several sizes."""
        if self.way == "none" and isinstance(batch.images, np.ndarray) and self.polarity != "auto":
            turned = 255 - batch.images if self.polarity == "dark-on-light" else batch.images
            return np.stack([squared(image) for image in self._spread(turned)])
        pairs = zip(batch.images, batch.names, strict=True)
        return [self.prepare(image, self.kind, self.way, self.polarity, name) for image, name in pairs]

    def _spread(self, images: GreyImages) -> GreyImages:
        if (self.paper, self.ink) == (0, 255):
            return images
        table = (np.arange(256) - self.paper) * (255 / (self.ink - self.paper))
        spread: GreyImages = np.clip(np.rint(table), 0, 255).astype(np.uint8)[images]
        return spread

    def encode(self, batch: Batch, layout: Layout) -> npt.NDArray[np.uint8]:
        """Return the grids of a batch, each from its framed image, ``(N, rows, columns)``."""
        framed = self.frame(batch)
        if isinstance(framed, np.ndarray):
            return encode_batch(framed, layout)
        return np.concatenate([encode_batch(image[None], layout) for image in framed])

    def reduce(self, batch: Batch) -> GreyImages:
        """Return the framed images of a batch at 28 x 28 pixels."""
        return np.stack([reduce_to_frame(image) for image in self.frame(batch)])


def settle_framing(sample: Batch, kind: str, way: str, polarity: str, prepare: Prepare) -> Framing:
    """Return how all images of a source are framed, from a sample of them.

    Args:
        sample: images spread over the source.
        kind: what an image shows.
        way: as asked for: ``"auto"``, ``"none"``, ``"content"`` or ``"fit"``.
        polarity: as asked for.
        prepare: frames one image.
    """
    if not isinstance(sample.images, np.ndarray) or way not in ("auto", "none"):
        return Framing(way, polarity, kind, prepare)
    told = Counter(clean_polarity(image) for image in sample.images)
    clean = len(sample) - told.pop(None, 0)
    standing = sum(stands_as_taught(image, kind) for image in sample.images)
    framed = clean > LEAST_SHARE * len(sample) and standing > LEAST_SHARE * clean
    if way == "auto" and not framed:
        return Framing("auto", polarity, kind, prepare)
    polarity = _polarity_of_all(told) if polarity == "auto" else polarity
    greys = _greys_of_all(sample.images, polarity) if way == "auto" and polarity != "auto" else (0, 255)
    return Framing("none", polarity, kind, prepare, *greys)


def _greys_of_all(images: GreyImages, polarity: str) -> tuple[int, int]:
    """Return paper and ink as most images have them; 0 and 255 where near enough, or nearly alike."""
    turned = 255 - images if polarity == "dark-on-light" else images
    paper = int(np.median(turned[:, [0, 0, -1, -1], [0, -1, 0, -1]]))
    ink = int(np.median(turned.max(axis=(1, 2))))
    usual = paper <= MOST_PAPER and ink >= LEAST_INK
    return (0, 255) if usual or ink - paper < LEAST_CONTRAST else (paper, ink)


def _polarity_of_all(told: "Counter[str | None]") -> str:
    (polarity, most), *_ = told.most_common() or [("light-on-dark", 0)]
    assert polarity
    return "auto" if told.total() - most > MIXED_SHARE * told.total() else polarity


def reduce_to_frame(image: GreyImages) -> GreyImages:
    """Return a grey square at 28 x 28 pixels, each the mean of what it covers."""
    if image.shape == (FRAME_SIDE, FRAME_SIDE):
        return image
    small = Image.fromarray(squared(image)).resize((FRAME_SIDE, FRAME_SIDE), Image.Resampling.BOX)
    return np.asarray(small)


def spread(total: int) -> Sequence[int]:
    """Return the places of a sample that is spread evenly over so many images."""
    return [int(place) for place in np.unique(np.linspace(0, total - 1, min(total, SAMPLE)).round())]
