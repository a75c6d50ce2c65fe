"""Pictures of nothing that the model is taught: blanks, noise, gradients, stripes, clouds, scenes, scribbles.

They teach the answer "none". All are made here, from no photograph, so that real photographs stay unseen.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from calligram.picture.framing import FRAME_SIDE, fit_to_frame, frame_content
from calligram.picture.paper import lift_off

Pixels = npt.NDArray[np.float64]


FRAMED_SHARE = 0.5
"""So many are made larger, lifted off their paper and framed, as any image is that is looked at."""


def strangers(count: int, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return uint8 (count, 28, 28) images, each of a kind drawn at random."""
    return np.stack([_stranger(random) for _ in range(count)])


def _stranger(random: np.random.Generator) -> npt.NDArray[np.uint8]:
    framed = random.random() < FRAMED_SHARE
    made = _KINDS[random.integers(len(_KINDS))](2 * FRAME_SIDE if framed else FRAME_SIDE, random)
    image = np.clip(made * 255, 0, 255).astype(np.uint8)
    if not framed:
        return image
    ink = lift_off(image)
    return frame_content(ink, FRAME_SIDE) if random.random() < 0.5 else fit_to_frame(ink)


def _blank(side: int, random: np.random.Generator) -> Pixels:
    level = 0.0 if random.random() < 0.3 else random.random()
    return np.full((side, side), level) + random.normal(0, random.choice([0, 0.02]), (side, side))


def _noise(side: int, random: np.random.Generator) -> Pixels:
    grain = random.choice([1, 1, 2, 4])
    coarse = random.random((-(-side // grain),) * 2) ** random.choice([0.5, 1, 3])
    return np.kron(coarse, np.ones((grain, grain)))[:side, :side] * random.uniform(0.3, 1)


def _specks(side: int, random: np.random.Generator) -> Pixels:
    return (random.random((side, side)) < random.uniform(0.01, 0.5)).astype(float)


def _gradient(side: int, random: np.random.Generator) -> Pixels:
    across, down = np.meshgrid(np.linspace(-1, 1, side), np.linspace(-1, 1, side))
    angle = random.uniform(0, 2 * np.pi)
    ramp = (
        (np.cos(angle) * across + np.sin(angle) * down) if random.random() < 0.6 else np.hypot(across, down)
    )
    return random.random() + random.uniform(-0.7, 0.7) * ramp


def _stripes(side: int, random: np.random.Generator) -> Pixels:
    across, down = np.meshgrid(np.arange(side), np.arange(side))
    angle, rate = random.uniform(0, np.pi), random.uniform(0.3, 2.5)
    wave = np.sin(rate * (np.cos(angle) * across + np.sin(angle) * down))
    if random.random() < 0.3:
        wave = wave * np.sin(rate * (np.sin(angle) * across - np.cos(angle) * down))
    striped: Pixels = (wave > 0).astype(float) if random.random() < 0.5 else 0.5 + 0.5 * wave
    return striped


def _cloud(side: int, random: np.random.Generator) -> Pixels:
    """Noise whose power falls with frequency as in photographs (power about 1/f^2)."""
    rates = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side)[None])
    rates[0, 0] = 1
    spectrum = np.fft.fft2(random.normal(size=(side, side))) / rates ** random.uniform(0.7, 2)
    field: Pixels = np.fft.ifft2(spectrum).real
    field = (field - field.mean()) / (field.std() + 1e-9)
    if random.random() < 0.3:
        field = (field > random.uniform(-1, 1)).astype(float)
    else:
        field = random.uniform(0.2, 0.8) + random.uniform(0.1, 0.4) * field
    return field


def _scene(side: int, random: np.random.Generator) -> Pixels:
    """Overlapping rectangles and discs over a cloud, as in a photograph of things."""
    image = _cloud(side, random) * 0.5 + random.uniform(0, 0.5)
    across, down = np.meshgrid(np.arange(side), np.arange(side))
    for _ in range(random.integers(2, 9)):
        x, y, wide, high = random.uniform(0, side, 2).tolist() + random.uniform(2, side * 0.7, 2).tolist()
        if random.random() < 0.5:
            inside = (abs(across - x) < wide / 2) & (abs(down - y) < high / 2)
        else:
            inside = ((across - x) / wide) ** 2 + ((down - y) / high) ** 2 < 0.25
        image = np.where(inside, random.random() + random.normal(0, 0.05, image.shape), image)
    return image


def _scribble(side: int, random: np.random.Generator) -> Pixels:
    """A few straight strokes at random: ink as a pen makes it, but no sign."""
    across, down = np.meshgrid(np.arange(side), np.arange(side))
    image = np.zeros((side, side))
    for _ in range(random.integers(3, 9)):
        (x0, y0), (x1, y1) = random.uniform(2, side - 2, (2, 2))
        length = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-6)
        along = np.clip(((across - x0) * (x1 - x0) + (down - y0) * (y1 - y0)) / length, 0, 1)
        away = np.hypot(across - x0 - along * (x1 - x0), down - y0 - along * (y1 - y0))
        image = np.maximum(image, np.clip(1.8 - away, 0, 1))
    return image


_KINDS: tuple[Callable[[int, np.random.Generator], Pixels], ...] = (
    _blank,
    _noise,
    _specks,
    _gradient,
    _stripes,
    _cloud,
    _cloud,
    _scene,
    _scene,
    _scribble,
)
