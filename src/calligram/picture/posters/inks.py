"""Inks: the colours of paper and characters, so that each cell looks as the picture does there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

from calligram.errors import OptionError
from calligram.picture.lab import chroma, to_lab, to_rgb
from calligram.picture.posters.sampling import FloatArray, luminance, to_bytes, to_lightness, to_linear

Colour = tuple[int, int, int]

LIGHT_PAPER: Colour = (245, 240, 230)
DARK_PAPER: Colour = (17, 17, 20)
LIGHT_INK: Colour = (243, 236, 222)
DARK_INK: Colour = (28, 26, 30)

STEPS = 16
"""Strengths that one ink comes in."""


LEAST_DENSITY = 0.12
"""Paper is made up for as if a character had at least so much ink."""

LEARNT_CELLS = 8000
"""Inks are found from about so many cells."""

SEEN_AT, MOST_CHROMA = 0.6, 75.0
"""A colour is given at least so much lightness for each unit of its chroma, and no more chroma than that."""


@dataclass(frozen=True, eq=False)
class Inks:
    """The inks of a picture.

    Args:
        colours: ``(inks, 3)``, sRGB.
        places: which of them each cell has, ``(rows, columns)``.
    """

    colours: NDArray[np.uint8]
    places: NDArray[np.intp]


def parse_colour(text: str, told: str) -> Colour:
    """Return a colour.

    Raises:
        OptionError: it is none.
    """
    try:
        red, green, blue = ImageColor.getrgb(text)[:3]
    except ValueError as fault:
        raise OptionError(f"{told} is {text!r}, but must be auto, a colour's name, or #rrggbb") from fault
    return red, green, blue


def choose_paper(paper: str, ink: str, dark: bool) -> tuple[Colour, Colour]:
    """Return the colours of paper and ink.

    Args:
        paper: as the options give it.
        ink: likewise.
        dark: whether the image is.

    Raises:
        OptionError: one is no colour, or both look the same.
    """
    given_ink = None if ink == "auto" else parse_colour(ink, "ink")
    if paper != "auto":
        sheet = parse_colour(paper, "paper")
    elif given_ink is not None:
        sheet = DARK_PAPER if _light(given_ink) > 0.2 else LIGHT_PAPER
    else:
        sheet = DARK_PAPER if dark else LIGHT_PAPER
    colour = given_ink or (LIGHT_INK if _light(sheet) < 0.2 else DARK_INK)
    if abs(_light(colour) - _light(sheet)) < 0.02:
        raise OptionError(
            f"paper is {paper!r} and ink is {ink!r}, which look the same: "
            "choose one much lighter than the other"
        )
    return sheet, colour


def _light(colour: Colour) -> float:
    return float(luminance(to_linear(np.array(colour, np.uint8))))


def thin(strengths: FloatArray, ink: Colour, paper: Colour) -> Inks:
    """Return one ink, thinned with paper in each cell.

    Args:
        strengths: 0 (paper) to 1 (ink), ``(rows, columns)``.
        ink: its colour.
        paper: the paper's.
    """
    places = np.rint(strengths * STEPS).astype(np.intp).clip(1, STEPS)
    used, places = np.unique(places, return_inverse=True)
    ends = to_linear(np.array([paper, ink], np.uint8))
    colours = to_bytes(ends[0] + (used / STEPS)[:, None] * (ends[1] - ends[0]))
    return Inks(colours, places.reshape(strengths.shape))


def mix(
    light: FloatArray, luminances: FloatArray, densities: FloatArray, paper: Colour, saturation: float
) -> NDArray[np.uint8]:
    """Return the ink with which a cell and its paper together look about as wanted, ``(rows, columns, 3)``.

    Hue is the picture's. Lightness makes up for the paper between the strokes, so far as the hue can be seen
    at it; chroma is raised for the same reason.

    Args:
        light: the picture's linear light in each cell, ``(rows, columns, 3)``.
        luminances: how light each cell shall look, ``(rows, columns)``.
        densities: the share of ink that each has, ``(rows, columns)``.
        paper: the paper's colour.
        saturation: of the picture's colours.
    """
    share = np.maximum(densities, LEAST_DENSITY)
    wanted = ((luminances - (1 - share) * _light(paper)) / share).clip(0, 1)
    lab = to_lab(to_bytes(light))
    lab[..., 1:] *= (saturation * share**-0.5)[..., None]
    chromas = chroma(lab)
    lab[..., 1:] *= np.minimum(1, MOST_CHROMA / np.maximum(chromas, 1e-9))[..., None]
    room = SEEN_AT * np.minimum(chromas, MOST_CHROMA)
    lab[..., 0] = (100 * to_lightness(wanted)).clip(room, 100 - room / 2)
    return to_rgb(lab)


def limit(colours: NDArray[np.uint8], inked: NDArray[np.bool_], most: int) -> Inks:
    """Return the colours of cells as so many inks at most.

    Args:
        colours: sRGB, ``(rows, columns, 3)``.
        inked: which cells have ink; the others' colours do not count.
        most: inks at most.
    """
    places = np.zeros(inked.shape, np.intp)
    if not inked.any():
        return Inks(colours[:1, 0], places)
    seen = colours[inked]
    some = Image.fromarray(np.ascontiguousarray(seen[None, :: max(1, len(seen) // LEARNT_CELLS)]))
    palette = some.quantize(most, Image.Quantize.MEDIANCUT, kmeans=1)
    found = np.array(palette.getpalette(), np.uint8).reshape(-1, 3)
    line = Image.fromarray(np.ascontiguousarray(seen[None]))
    reduced = line.quantize(palette=palette, dither=Image.Dither.NONE)
    used, numbers = np.unique(np.asarray(reduced)[0], return_inverse=True)
    places[inked] = numbers
    return Inks(found[used], places)
