"""Measures how a tokenizer cuts text pictures: tokens, cells that merge or split, and what is lost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from calligram.evaluation.examples import load_images, open_grey
from calligram.evaluation.tokens.splitting import Split, Tokenizer
from calligram.picture import RAMPS, EncodeOptions, Layout, encode, spell
from calligram.picture.framing import frame_content
from calligram.picture.markups.letters import LETTERS
from calligram.picture.spelling import get_markup, header_line

SAMPLES = ("seven", "three", "letter-a", "trousers", "boot")
"""The package's own images that show something."""

MARKUPS = ("rows", "plain", "numbered", "letters")

GreyImage = npt.NDArray[np.uint8]
Levels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Cutting:
    """How a tokenizer cuts cells; the three shares sum to 1.

    Args:
        alone: share of cells that are exactly one token of their own.
        shared: share of cells that lie in one token together with their neighbours.
        split: share of cells that several tokens have a part in.
        torn: share of cells with a character that is cut in its middle; they are among the split ones.
    """

    alone: float
    shared: float
    split: float
    torn: float


@dataclass(frozen=True, eq=False)
class Measure:
    """One spelling under one tokenizer.

    Args:
        layout: ramp, markup and header of the spelling.
        pictures: how many were measured.
        cells: cells a picture, the mean.
        tokens: tokens a picture, the mean.
        most: tokens of the longest.
        cutting: of all cells together.
        ink: of the cells that are not the emptiest level; of all where every cell is.
        levels: the cells' cutting by how the level is spelled; levels that occur in no picture are not in it.
        returned: share of pictures that are the same text again after decoding.
        loss: what is lost where one is not, in words, else empty.
    """

    layout: Layout
    pictures: int
    cells: float
    tokens: float
    most: int
    cutting: Cutting
    ink: Cutting
    levels: dict[str, Cutting]
    returned: float
    loss: str

    @property
    def tokens_per_cell(self) -> float:
        """Tokens divided by cells."""
        return self.tokens / self.cells

    @property
    def spelling(self) -> str:
        """The spelling in words, as ``classic rows``."""
        header = ", header" if self.layout.header else ""
        return f"{shown_ramp(self.layout)} {self.layout.markup}{header}"

    def fits(self, context: int) -> int:
        """Return how many pictures of the longest kind a context holds."""
        return context // self.most

    def left(self, context: int) -> int:
        """Return how many tokens a context has left beside one picture of the longest kind; never below 0."""
        return max(0, context - self.most)

    def cost_per_thousand(self, price: float) -> float:
        """Return what a thousand pictures cost at a price for a million tokens."""
        return self.tokens * price / 1000

    def figures(self, context: int, price: float | None) -> dict[str, Any]:
        """Return everything as JSON can hold it."""
        return {
            "ramp": self.layout.ramp,
            "markup": self.layout.markup,
            "header": self.layout.header,
            "pictures": self.pictures,
            "cells": self.cells,
            "tokens": self.tokens,
            "most": self.most,
            "tokens_per_cell": self.tokens_per_cell,
            "cutting": asdict(self.cutting),
            "ink": asdict(self.ink),
            "levels": {told: asdict(cutting) for told, cutting in self.levels.items()},
            "returned": self.returned,
            "loss": self.loss,
            "fits": self.fits(context),
            "left": self.left(context),
            "cost_per_thousand": None if price is None else self.cost_per_thousand(price),
        }


def shown_ramp(layout: Layout) -> str:
    """Return how a spelling's signs are called: the markup ``letters`` has its own, whatever the ramp."""
    if layout.markup == "letters":
        return f"{LETTERS[0]}-{LETTERS[layout.level_count - 1]}"
    return layout.ramp


def load_pictures(source: str, limit: int, seed: int, columns: int) -> list[GreyImage]:
    """Return grey images, 0 the emptiest: of a source, or the package's own samples where none is named.

    Args:
        source: a source's spelling, or empty.
        limit: the most images.
        seed: chooses them where there are more.
        columns: the samples are cropped to their ink as for so many cells, as ``calligram see`` does.

    Raises:
        SourceError: the source cannot be read.
        ImageError: an image file cannot be read.
    """
    if source:
        images = load_images(source, "all", limit, seed)
        return [
            np.asarray(open_grey(image, f"picture {place}")) if isinstance(image, bytes) else image
            for place, image in enumerate(images, 1)
        ]
    folder = files("calligram") / "samples"
    samples = [open_grey((folder / f"{name}.png").read_bytes(), name) for name in SAMPLES[:limit]]
    return [frame_content(255 - np.asarray(sample), columns) for sample in samples]  # dark ink on light paper


def own_ramps(base: Layout) -> list[str]:
    """Return the ramps that spell a layout's own levels: its own, then digits and letters.

    >>> own_ramps(Layout("mine"))
    ['classic', '012', 'abc']
    """
    count = base.level_count
    others = [signs[:count] for signs in (RAMPS["digits"], RAMPS["letters"]) if count <= len(signs)]
    return list(dict.fromkeys([base.ramp, *(signs for signs in others if signs != base.symbols)]))


def spellings(base: Layout) -> list[Layout]:
    """Return the layouts to compare: first those with the base's number of levels, then every other ramp.

    Another ramp than the base's has even levels of means, as ``calligram encode --chars`` makes them. The
    markup ``letters`` spells levels whatever the ramp's signs are, so that one ramp of the first stands for
    all of them.

    Args:
        base: gives columns, rows and shape of the cells.
    """
    own = own_ramps(base)
    first = [EncodeOptions(symbols=ramp).laid_out(base) for ramp in own]
    symbols = {layout.symbols for layout in first}
    rest = [
        EncodeOptions(symbols=ramp).laid_out(base) for ramp, signs in RAMPS.items() if signs not in symbols
    ]
    return [
        replace(layout, name="custom", markup=markup, header=header)
        for layout in [*first, *rest]
        for markup in MARKUPS
        if markup != "letters" or (layout.level_count <= len(LETTERS) and layout.ramp not in own[1:])
        for header in (False, True)
    ]


def measure(tokenizer: Tokenizer, grids: Sequence[Levels], layout: Layout) -> Measure:
    """Return how a tokenizer cuts pictures in one spelling.

    Args:
        tokenizer: what cuts them.
        grids: levels of each picture, of any shape.
        layout: how they are spelled.
    """
    counts: list[int] = []
    kinds: dict[str, Counter[str]] = {}
    signs = get_markup(layout.markup).cells(layout.symbols)
    cells, returned, loss = 0, 0, ""
    for levels in grids:
        text = spell(levels, layout)
        split = tokenizer.split(text)
        counts.append(len(split.ids))
        for level, kind in zip(levels.ravel().tolist(), cell_kinds(split, levels.shape, layout), strict=True):
            kinds.setdefault(signs[level], Counter())[kind] += 1
        cells += levels.size
        back = tokenizer.decode(split.ids)
        returned += back == text
        loss = loss or describe_loss(text, back)
    every = sum(kinds.values(), Counter())
    inked = sum((counted for sign, counted in kinds.items() if sign != signs[0]), Counter())
    return Measure(
        layout=layout,
        pictures=len(grids),
        cells=cells / len(grids),
        tokens=sum(counts) / len(grids),
        most=max(counts),
        cutting=_cutting(every),
        ink=_cutting(inked or every),
        levels={told: _cutting(kinds[told]) for told in sorted(kinds)},
        returned=returned / len(grids),
        loss=loss,
    )


def _cutting(kinds: Counter[str]) -> Cutting:
    total = kinds.total()
    shares = {kind: kinds[kind] / total for kind in ("alone", "shared", "split", "torn")}
    return Cutting(shares["alone"], shares["shared"], shares["split"] + shares["torn"], shares["torn"])


def cell_spans(shape: tuple[int, int], layout: Layout) -> list[tuple[int, int]]:
    """Return which characters of a picture's text each cell is, row by row."""
    (rows, columns), markup = shape, get_markup(layout.markup)
    width = len(markup.cells(layout.symbols)[0])
    place = len(header_line(layout, rows, columns))
    spans: list[tuple[int, int]] = []
    for row in range(1, rows + 1):
        place += len(markup.before(row, rows))
        spans += [(start, start + width) for start in range(place, place + columns * width, width)]
        place += columns * width + len(markup.after(row, rows))
    return spans


def cell_kinds(split: Split, shape: tuple[int, int], layout: Layout) -> list[str]:
    """Return for each cell, row by row, whether it is ``alone``, ``shared``, ``split`` or ``torn``."""
    owners = owners_of(split)
    kinds = []
    for start, end in cell_spans(shape, layout):
        touching = {token for place in range(start, end) for token in owners.get(place, ())}
        if any(len(owners.get(place, ())) > 1 for place in range(start, end)):
            kinds.append("torn")
        elif len(touching) != 1:
            kinds.append("split")
        else:
            kinds.append("alone" if split.spans[touching.pop()] == (start, end) else "shared")
    return kinds


def owners_of(split: Split) -> dict[int, list[int]]:
    """Return which tokens have a part in each character."""
    owners: dict[int, list[int]] = {}
    for token, (start, end) in enumerate(split.spans):
        for place in range(start, end):
            owners.setdefault(place, []).append(token)
    return owners


def describe_loss(text: str, back: str) -> str:
    """Return in words what a text lost on its way through a tokenizer; nothing where it came back.

    >>> describe_loss("  a\\nb", "a b")
    'line breaks are lost'
    """
    if text == back:
        return ""
    missing = "".join(sorted({sign for sign in set(text) - set(back) if not sign.isspace()}))
    if missing:
        return f"{missing!r} becomes unknown" if len(missing) < 12 else f"{len(missing)} signs become unknown"
    if "".join(text.split()) != "".join(back.split()):
        return "signs are changed"
    if text.strip() == back.strip():
        return "blanks at the ends are stripped" if len(back) < len(text) else "blanks are put at the ends"
    if back.count("\n") < text.count("\n"):
        return "line breaks are lost"
    return "runs of blanks are shortened" if len(back) < len(text) else "blanks are put in"


def encode_pictures(images: Sequence[GreyImage], layout: Layout) -> list[Levels]:
    """Return the grids of images in one layout, each of the shape that its image asks for."""
    return [encode(image, layout, EncodeOptions()).levels for image in images]
