"""Maps for the eye: the image with its thirds and centre of weight, what stands out, and where it mirrors."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from calligram.art.fact import Facts
from calligram.art.views import View
from calligram.picture.planes import salience, shrink

FINER = 2
"""Maps are drawn so many times finer, and then reduced, so that lines are smooth."""
LIGHT, DARK, MARK = (255, 255, 255), (30, 30, 30), (226, 74, 51)
HEAT = ((0.0, (16, 12, 40)), (0.35, (104, 34, 98)), (0.65, (222, 92, 60)), (1.0, (255, 236, 160)))
"""Colours of what stands out, least first."""
APART = ((0.0, (250, 249, 246)), (0.5, (238, 170, 140)), (1.0, (176, 32, 38)))
"""Colours of what differs from its mirror image."""
MOST_APART = 50.0
"""In L*, where the mirror image is as far apart as is shown."""

Size = tuple[int, int]
Stops = tuple[tuple[float, tuple[int, int, int]], ...]


def plain_map(view: View, size: Size) -> Image.Image:
    """Return the image itself at a size in pixels."""
    return Image.fromarray(view.rgb).resize(size, Image.Resampling.LANCZOS)


def weight_map(view: View, facts: Facts, size: Size) -> Image.Image:
    """Return the image with thirds, the share of weight in each, the centre of weight, and its horizon."""
    width, height = size[0] * FINER, size[1] * FINER
    image = plain_map(view, (width, height)).convert("L").convert("RGB")
    image = Image.blend(image, Image.new("RGB", image.size, (128, 128, 128)), 0.35)
    pen = ImageDraw.Draw(image)
    for place in (1, 2):
        _line(pen, (width * place / 3, 0), (width * place / 3, height))
        _line(pen, (0, height * place / 3), (width, height * place / 3))
    if facts["horizon"] is not None:
        level = height * facts["horizon"]
        pen.line([(0, level), (width, level)], MARK, 3 * FINER)
    x, y, radius = width * facts["centre_x"], height * facts["centre_y"], 9 * FINER
    pen.circle((x, y), radius + 2 * FINER, outline=DARK, width=6 * FINER)
    pen.circle((x, y), radius, outline=LIGHT, width=3 * FINER)
    pen.circle((x, y), 2.5 * FINER, fill=LIGHT)
    return image.resize(size, Image.Resampling.LANCZOS)


def salience_map(view: View, size: Size) -> Image.Image:
    """Return how much each place stands out from the whole, light where most."""
    plane = salience(view.pixels.lab)
    top = float(np.percentile(plane, 99.5))
    return _shade(plane / top if top > 0 else plane, HEAT).resize(size, Image.Resampling.LANCZOS)


def mirror_map(view: View, facts: Facts, size: Size) -> Image.Image:
    """Return where the image differs from its mirror image, red where most, along the better axis."""
    across = facts["symmetry_left_right"] >= facts["symmetry_top_bottom"]
    plane = shrink(view.pixels.lightness, 128)
    apart = np.abs(plane - (plane[:, ::-1] if across else plane[::-1]))
    width, height = size[0] * FINER, size[1] * FINER
    image = _shade(apart / MOST_APART, APART).resize((width, height), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)
    middle = [(width / 2, 0), (width / 2, height)] if across else [(0, height / 2), (width, height / 2)]
    pen.line(middle, DARK, 2 * FINER)
    return image.resize(size, Image.Resampling.LANCZOS)


def _line(pen: ImageDraw.ImageDraw, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw a light line with a dark edge, which shows on light and on dark."""
    pen.line([start, end], DARK, 3 * FINER)
    pen.line([start, end], LIGHT, FINER)


def _shade(plane: npt.NDArray[np.float64], stops: Stops) -> Image.Image:
    """Return a plane of 0 to 1 in colours between stops."""
    at = [place for place, _ in stops]
    channels = [np.interp(plane, at, [colour[channel] for _, colour in stops]) for channel in range(3)]
    return Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8))
