"""Distorted copies of images: turned, sheared, scaled and shifted by chance, always the same for one seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True)
class Distortion:
    """How far a copy may be changed; each amount is the largest to either side, drawn evenly up to it."""

    turn_degrees: float
    shear: float
    scale: float
    shift: float


def distort(
    image: NDArray[np.uint8], distortion: Distortion, chance: np.random.Generator
) -> NDArray[np.uint8]:
    """Return a changed copy of a grey image, of the same size; what comes in at the edge has the edge's grey.

    Args:
        image: shape ``(height, width)``, uint8.
        distortion: the largest changes.
        chance: the same state gives the same copy.
    """
    height, width = image.shape
    turn, lean, across, down, right, below = chance.uniform(-1, 1, 6)
    angle = np.deg2rad(turn * distortion.turn_degrees)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shear = np.array([[1.0, lean * distortion.shear], [0.0, 1.0]])
    back = np.linalg.inv(
        rotation @ shear @ np.diag([1 + across * distortion.scale, 1 + down * distortion.scale])
    )
    middle = np.array([width, height]) / 2
    moved = middle + np.array([right * width, below * height]) * distortion.shift
    start = middle - back @ moved
    matrix = (back[0, 0], back[0, 1], start[0], back[1, 0], back[1, 1], start[1])
    made = Image.fromarray(image).transform(
        (width, height),
        Image.Transform.AFFINE,
        matrix,
        Image.Resampling.BILINEAR,
        fillcolor=_edge_grey(image),
    )
    return np.asarray(made)


def _edge_grey(image: NDArray[np.uint8]) -> int:
    edges = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    return int(np.median(edges))
