"""How an image was made, as a guess with its evidence: line art, photograph, painting or flat graphic.

The marks are simple and speak clearly only for some images; where they do not, the guess is ``unsure``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calligram.art.views import View
from calligram.picture.lab import chroma

UNSURE = "unsure", "no clear signs"

FLAT_SHARE = 0.4
FLAT_COLOURS, FLAT_COVER = 8, 0.75
INK_SHARE, THICK_SHARE = 0.35, 0.3
"""Of line art: at most so much is ink, and at most so much of the ink is more than three pixels thick."""
GREY_CHROMA = 12.0

CLIPPED_LIGHT, CLIPPED_DARK, SMOOTH = 94.0, 4.0, 1.0
"""A photograph's lights and darks reach the ends, and a quarter of it or more is smooth."""
ROUGH, NO_LIGHT, MANY_COLOURS = 1.2, 88.0, 50
"""A painting is rough nearly everywhere, ground and varnish keep it from white, and its tones are many."""


@dataclass(frozen=True)
class Marks:
    """What a guess rests on.

    Args:
        equal: share of pixels that equal their right and lower neighbours exactly, 0 to 1.
        cover: share of the picture that its 8 most frequent colours cover, in 16 steps a channel, 0 to 1.
        colours: how many such colours cover 95 % of it.
        coloured: 99th percentile of chroma.
        dark: first percentile of L*.
        light: 99th percentile of L*.
        ink: share of the rarer tone where two are told apart at L* 50, 0 to 0.5.
        thick: share of that ink that has ink all around it at two pixels' distance, 0 to 1.
        grain: a quarter of the pixels has a smaller Laplacian of L* than this.
    """

    equal: float
    cover: float
    colours: int
    coloured: float
    dark: float
    light: float
    ink: float
    thick: float
    grain: float


def guess_make(view: View) -> tuple[str, str]:
    """Return how an image was made, and what speaks for it; ``unsure`` where nothing does.

    Args:
        view: the image.

    Returns:
        ``line art``, ``photograph``, ``painting``, ``flat graphic`` or ``unsure``, and a line of evidence.

    Source: the bounds are ours, set on public-domain paintings, emoji and a few photographs. F. Cutzu et al.,
        Distinguishing paintings from photographs, 2005, show that the two differ in colours and edges, and
        need many more marks to tell nine of ten.
    """
    if view.head.camera:
        return "photograph", f"the file names the camera {view.head.camera} and its exposure"
    marks = measure_marks(view)
    return next(_guesses(marks), UNSURE)


def measure_marks(view: View) -> Marks:
    """Return what a guess rests on."""
    plane = view.pixels.lightness
    dark, light = np.percentile(plane, (1, 99))
    counts = _counts(view.rgb)
    ink, thick = _ink(plane < 50)
    return Marks(
        equal=_equal_share(view.rgb),
        cover=float(counts[:FLAT_COLOURS].sum()),
        colours=int((np.cumsum(counts) < 0.95).sum()) + 1,
        coloured=float(np.percentile(chroma(view.pixels.lab), 99)),
        dark=float(dark),
        light=float(light),
        ink=ink,
        thick=thick,
        grain=_grain(plane),
    )


def _guesses(marks: Marks) -> Iterator[tuple[str, str]]:
    flat = marks.equal >= FLAT_SHARE and marks.cover >= FLAT_COVER
    grey = marks.coloured < GREY_CHROMA
    two = marks.light - marks.dark >= 60
    if flat and grey and two and marks.ink <= INK_SHARE and marks.thick <= THICK_SHARE:
        yield "line art", f"thin strokes cover {marks.ink * 100:.0f} % of a plain ground, without colour"
    if flat:
        told = f"{marks.equal * 100:.0f} % of the pixels equal their neighbours"
        yield "flat graphic", f"{told}, and {FLAT_COLOURS} colours cover {marks.cover * 100:.0f} %"
    if grey:
        return
    if marks.light >= CLIPPED_LIGHT and marks.dark <= CLIPPED_DARK and marks.grain < SMOOTH:
        yield "photograph", "tones from black to white, smooth parts"
    if marks.grain >= ROUGH and marks.light < NO_LIGHT and marks.colours >= MANY_COLOURS:
        yield "painting", "rough nearly everywhere, many mixed colours, nowhere quite white"


def _equal_share(rgb: npt.NDArray[np.uint8]) -> float:
    if min(rgb.shape[:2]) < 2:
        return 0.0
    right = (rgb[:-1, :-1] == rgb[:-1, 1:]).all(axis=-1)
    below = (rgb[:-1, :-1] == rgb[1:, :-1]).all(axis=-1)
    return float((right & below).mean())


def _counts(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return the share of each colour in 16 steps a channel, the largest first."""
    steps = (rgb >> 4).astype(np.int64) @ np.array([256, 16, 1])
    counts: npt.NDArray[np.float64] = np.sort(np.bincount(steps.ravel()))[::-1] / steps.size
    return counts


def _ink(dark: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return the share of the rarer of two tones, and how much of it is thick."""
    ink = dark if dark.mean() <= 0.5 else ~dark
    if min(ink.shape) < 5 or not ink.any():
        return float(ink.mean()), 1.0
    inner = ink[2:-2, 2:-2]
    thick = inner & ink[:-4, 2:-2] & ink[4:, 2:-2] & ink[2:-2, :-4] & ink[2:-2, 4:]
    return float(ink.mean()), float(thick.sum() / ink.sum())


def _grain(plane: npt.NDArray[np.float64]) -> float:
    if min(plane.shape) < 3:
        return 0.0
    middle = 4 * plane[1:-1, 1:-1]
    around = plane[:-2, 1:-1] + plane[2:, 1:-1] + plane[1:-1, :-2] + plane[1:-1, 2:]
    return float(np.percentile(np.abs(middle - around), 25))
