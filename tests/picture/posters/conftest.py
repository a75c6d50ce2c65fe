"""What tests of posters share: a small painting, and posters of few cells."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from calligram.picture.posters.making import make_poster
from calligram.picture.posters.options import PosterOptions
from calligram.picture.posters.poster import Poster

MakePoster = Callable[..., Poster]


@pytest.fixture(scope="session")
def painting() -> Image.Image:
    """A dark sea under a light sky, with a red sun and a black mast."""
    down, across = np.mgrid[:90, :120]
    pixels = np.zeros((90, 120, 3), np.uint8)
    pixels[:] = (170, 200, 235)
    pixels[50:] = (20, 40, 90)
    pixels[(down - 25) ** 2 + (across - 80) ** 2 < 144] = (215, 40, 30)
    pixels[15:75, 28:34] = (5, 5, 5)
    return Image.fromarray(pixels)


@pytest.fixture
def small(painting: Image.Image) -> MakePoster:
    """Makes posters of the painting, of few cells and pixels unless asked."""

    def make(source: object = None, **options: object) -> Poster:
        usual = {"columns": 24, "size": "A6", "dpi": 75}
        return make_poster(painting if source is None else source, PosterOptions(**{**usual, **options}))  # type: ignore[arg-type]

    return make
