"""Painting: from words to images, by any painter.

::

    for painted in paint("a red cat", number=4, seed=1):
        painted.image, painted.seed, painted.settings
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from calligram import settings
from calligram.errors import InputError
from calligram.painters.base import Order, Painted, Painter, open_painter
from calligram.settings import option

USUAL_PAINTER = "adversarial"


@dataclass(frozen=True)
class PaintOptions:
    """What paints, and what is asked of it besides the words."""

    GROUP: ClassVar[str] = "paint"

    painter: str = option(
        USUAL_PAINTER, "what paints, as adversarial, nano, diffusers:FOLDER or openai:NAME; see --list"
    )
    number: int = option(
        1, "how many images; with --refine in each round", minimum=1, maximum=1000, flag="-n"
    )
    avoid: str = option("", "what the images should not show, for painters that can be told")
    width: int | None = option(
        None, "width of the images in pixels; else the painter's own", minimum=1, maximum=16_384
    )
    height: int | None = option(
        None, "height of the images in pixels; else the painter's own", minimum=1, maximum=16_384
    )
    seed: int | None = option(None, "seed of the first image; a fresh one where none is given", minimum=0)

    def seeded(self) -> "PaintOptions":
        """Return these options with a seed: the given one, or a fresh one where there is none."""
        return self if self.seed is not None else replace(self, seed=secrets.randbelow(2**31))

    def order(self, words: str) -> Order:
        """Return what a painter is asked for.

        Raises:
            InputError: there are no words.
        """
        bare = " ".join(words.split())
        if not bare:
            raise InputError(
                "there are no words to paint from: say what the image should show, or see "
                "'calligram paint --help'"
            )
        return Order(bare, " ".join(self.avoid.split()), self.width, self.height, self.seeded().seed or 0)


def paint(
    words: str,
    number: int | None = None,
    seed: int | None = None,
    painter: str | Painter | None = None,
    options: PaintOptions | None = None,
) -> Sequence[Painted]:
    """Return images of what words ask for.

    Args:
        words: what the images should show.
        number: how many; None is the options' own.
        seed: of the first image, each next one adds 1; None is the options' own, or a fresh one.
        painter: a painter or its spelling; None is the options' own.
        options: what to avoid, and the size.

    Raises:
        InputError: there are no words.
        RequestError: the painter cannot paint that.
        NameInFamilyError: no such painter.
        MissingExtraError: what it needs is not installed.
        ModelError: its model is missing, failed or refused.
        OptionError: an option is out of its range.
    """
    options = options or PaintOptions()
    options = replace(
        options,
        number=options.number if number is None else number,
        seed=options.seed if seed is None else seed,
    )
    settings.check(options)
    order = options.order(words)
    opened = painter if isinstance(painter, Painter) else open_painter(painter or options.painter)
    return opened.paint(order, options.number)
