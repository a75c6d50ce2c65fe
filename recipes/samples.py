"""Draws the sample images that come with Calligram: `python recipes/samples.py` writes them anew.

They are our own drawings, made here by code: strokes along smooth curves, pens of uneven pressure, paper
under uneven light, silhouettes of clothes. No picture of any data set is in them.
"""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

FOLDER = Path(__file__).parent.parent / "src" / "calligram" / "samples"
SIDE, FINER = 176, 4
Point = tuple[float, float]
Greys = NDArray[np.float64]

SEVEN = [[(0.27, 0.26), (0.45, 0.23), (0.72, 0.22), (0.66, 0.38), (0.54, 0.60), (0.47, 0.82)]]
THREE = [
    [(0.31, 0.27), (0.44, 0.18), (0.62, 0.22), (0.63, 0.36), (0.47, 0.47)],
    [(0.47, 0.47), (0.66, 0.52), (0.69, 0.70), (0.52, 0.82), (0.32, 0.76)],
]
LETTER_A = [
    [(0.50, 0.18), (0.44, 0.36), (0.36, 0.58), (0.27, 0.82)],
    [(0.50, 0.18), (0.58, 0.38), (0.66, 0.60), (0.74, 0.83)],
    [(0.34, 0.60), (0.50, 0.58), (0.67, 0.60)],
]
TROUSERS = [
    (0.34, 0.10), (0.66, 0.10), (0.69, 0.30), (0.72, 0.60), (0.72, 0.92),
    (0.57, 0.92), (0.54, 0.60), (0.50, 0.36), (0.46, 0.60), (0.43, 0.92),
    (0.28, 0.92), (0.28, 0.60), (0.31, 0.30),
]  # fmt: skip
BOOT = [
    (0.54, 0.16), (0.86, 0.14), (0.87, 0.30), (0.89, 0.48), (0.91, 0.66), (0.91, 0.84),
    (0.76, 0.84), (0.74, 0.77), (0.62, 0.77), (0.52, 0.83), (0.10, 0.84), (0.08, 0.74),
    (0.16, 0.66), (0.32, 0.58), (0.46, 0.48), (0.53, 0.34),
]  # fmt: skip


def smooth(points: Sequence[Point], steps: int = 40) -> list[Point]:
    """Return points along the Catmull-Rom curve through the given ones."""
    knots = np.array([points[0], *points, points[-1]])
    share = np.linspace(0, 1, steps)[:, None]
    parts = []
    for before, start, end, after in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        bend = 2 * before - 5 * start + 4 * end - after
        parts.append(
            0.5
            * (
                2 * start
                + (end - before) * share
                + bend * share**2
                + (3 * start - before - 3 * end + after) * share**3
            )
        )
    return [(float(x), float(y)) for x, y in np.concatenate(parts)]


def pen(strokes: Sequence[Sequence[Point]], width: float, seed: int) -> Greys:
    """Return how much ink lies on each pixel, 0 to 1: strokes of a pen of uneven pressure."""
    rng = np.random.default_rng(seed)
    side = SIDE * FINER
    sheet = Image.new("L", (side, side))
    drawing = ImageDraw.Draw(sheet)
    for stroke in strokes:
        path = smooth(stroke)
        pressure = np.interp(np.arange(len(path)), np.linspace(0, len(path), 7), 1 + rng.normal(0, 0.14, 7))
        for (x, y), press in zip(path, pressure, strict=True):
            radius = width * press * side / 2
            drawing.ellipse(
                (x * side - radius, y * side - radius, x * side + radius, y * side + radius), fill=255
            )
    return np.asarray(sheet.resize((SIDE, SIDE), Image.Resampling.BOX), np.float64) / 255


def silhouette(outline: Sequence[Point]) -> Greys:
    """Return how much of each pixel a filled smooth outline covers, 0 to 1."""
    side = SIDE * FINER
    sheet = Image.new("L", (side, side))
    ImageDraw.Draw(sheet).polygon([(x * side, y * side) for x, y in outline], fill=255)
    sheet = sheet.filter(ImageFilter.GaussianBlur(side / 90)).point(lambda grey: 255 if grey > 127 else 0)
    return np.asarray(sheet.resize((SIDE, SIDE), Image.Resampling.BOX), np.float64) / 255


def paper(light: float, slope: Point, seed: int) -> Greys:
    """Return paper under uneven light, with a faint grain."""
    down, across = np.indices((SIDE, SIDE)) / SIDE - 0.5
    grain = np.random.default_rng(seed).normal(0, 1.0, (SIDE // 2, SIDE // 2)).repeat(2, 0).repeat(2, 1)
    return light + slope[0] * across + slope[1] * down + grain


def cloth(shape: Greys, light: float) -> Greys:
    """Return the grey of cloth: lighter down its middle, with soft folds."""
    down, across = np.indices(shape.shape) / SIDE
    return light + 26 * np.cos((across - 0.5) * 7) + 7 * np.sin(down * 21 + across * 6)


def compose(under: Greys, cover: Greys, ink: Greys | float) -> Image.Image:
    """Return ink laid on paper, as a grey image."""
    mixed = under * (1 - cover) + ink * cover
    return Image.fromarray(np.clip(np.rint(mixed), 0, 255).astype(np.uint8))


def draw_all() -> dict[str, Image.Image]:
    """Return every sample by its name."""
    ones = np.ones((SIDE, SIDE))
    return {
        "seven": compose(paper(206, (-46, 22), 1), pen(SEVEN, 0.078, 1), 52.0),
        "three": compose(paper(188, (30, 40), 2), pen(THREE, 0.084, 2), 70.0),
        "letter-a": compose(paper(214, (18, -30), 3), pen(LETTER_A, 0.076, 3), 44.0),
        "trousers": compose(ones * 250, silhouette(TROUSERS), cloth(ones, 66)),
        "boot": compose(ones * 250, silhouette(BOOT), cloth(ones, 58)),
        "blank": compose(paper(205, (26, -34), 4), np.zeros((SIDE, SIDE)), 0.0),
    }


def main() -> None:
    """Write every sample as a PNG of at most 48 greys, which keeps them small."""
    FOLDER.mkdir(exist_ok=True)
    for name, image in draw_all().items():
        held = io.BytesIO()
        image.quantize(48, dither=Image.Dither.NONE).convert("L").save(held, "PNG", optimize=True)
        (FOLDER / f"{name}.png").write_bytes(held.getvalue())
        print(f"{name}.png {len(held.getvalue())} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
