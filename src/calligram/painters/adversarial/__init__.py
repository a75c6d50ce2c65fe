"""The built-in painter: a small adversarial network that paints single things in ink, from words.

What the words mean is told by our own writer: its representation of them says how probable each kind and each
colour is (:mod:`calligram.painters.adversarial.understanding`), and the network paints from these and from
chance. It knows the kinds in :mod:`calligram.painters.adversarial.kinds`; other words are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PIL import Image

from calligram.errors import RequestError
from calligram.painters.adversarial.kinds import COLOURS, DIGITS, GARMENTS, ICONS
from calligram.painters.adversarial.network import CHANCE, PAPER, SHIPPED, SIDE, Floats, Network, open_network
from calligram.painters.base import Order, Painted, Painter
from calligram.settings import option

if TYPE_CHECKING:
    from calligram.painters.adversarial.understanding import Understood

SPELLING = "adversarial, or adversarial:FOLDER of one that you trained"
VERSION = "1"
"""Of the shipped weights."""
BATCH = 32
"""Images painted together."""


@dataclass(frozen=True)
class Options:
    """How the built-in painter paints."""

    GROUP: ClassVar[str] = "adversarial"

    side: int = option(256, "side of the image in pixels, enlarged from 64", minimum=16, maximum=4096)
    boldness: float = option(
        0.9, "how far from the usual an image may be; 0 paints the same from every seed", minimum=0, maximum=2
    )


def load(place: str, options: Options) -> Painter:
    """Return the built-in painter, or that of a folder.

    Raises:
        ModelError: a file of it is missing or damaged.
    """
    return Adversarial(open_network(Path(place) if place else SHIPPED), options)


class Adversarial(Painter):
    """Paints single things in ink.

    Args:
        network: opened.
        options: how to paint.
    """

    def __init__(self, network: Network, options: Options) -> None:
        self.network, self.options = network, options

    def paint(self, order: Order, count: int = 1) -> Sequence[Painted]:
        """Return so many images; number k follows from the words and the seed plus k alone.

        Raises:
            RequestError: the words name none of the kinds that it knows.
        """
        from calligram.painters.adversarial.understanding import understand

        heard = understand(order.words)
        if not heard.known:
            raise RequestError(
                f"the painter adversarial knows no picture of {order.words!r}, the nearest that it knows is "
                f"{heard.nearest}: ask for a digit, {', '.join(GARMENTS + ICONS[:-1])} or {ICONS[-1]}, in "
                f"one of the colours {', '.join(COLOURS[:-1])} if you like, or choose another painter"
            )
        remarks = self._remarks(order, heard)
        settings: dict[str, str | float] = {"boldness": self.options.boldness, "heard": heard.told()}
        painted = []
        for begun in range(0, count, BATCH):
            seeds = range(order.seed + begun, order.seed + min(begun + BATCH, count))
            for seed, small in zip(seeds, self._small(heard, seeds), strict=True):
                image = _sized(small, order, self.options.side)
                painted.append(Painted(image, seed, "calligram adversarial", VERSION, settings, remarks))
        return painted

    def _small(self, heard: "Understood", seeds: Sequence[int]) -> list[Image.Image]:
        """Return the images of some seeds at the network's own size."""
        chance = np.stack([np.random.default_rng(seed).standard_normal(CHANCE) for seed in seeds])
        return self.network.paint(
            (chance * self.options.boldness).astype(np.float32),
            _repeated(heard.kinds, len(seeds)),
            _repeated(heard.colours, len(seeds)),
        )

    def _remarks(self, order: Order, heard: "Understood") -> tuple[str, ...]:
        remarks = [f"heard {heard.told()}"]
        if order.avoid:
            remarks.append(f"this painter cannot be told what to avoid, so {order.avoid!r} was left aside")
        return tuple(remarks)


def _repeated(row: Floats, count: int) -> Floats:
    return np.repeat(row[None], count, axis=0)


def _sized(image: Image.Image, order: Order, side: int) -> Image.Image:
    """Return an image enlarged to what is asked for, in the middle of paper where that is no square."""
    width, height = order.width or order.height or side, order.height or order.width or side
    side = min(width, height)
    large = image if side == SIDE else image.resize((side, side), Image.Resampling.LANCZOS)
    if width == height:
        return large
    paper = Image.new("RGB", (width, height), PAPER)
    paper.paste(large, ((width - side) // 2, (height - side) // 2))
    return paper


__all__ = ["DIGITS", "GARMENTS", "ICONS", "SPELLING", "Adversarial", "Options", "load"]
