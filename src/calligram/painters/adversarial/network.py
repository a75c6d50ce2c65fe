"""The painter's two networks at work, on onnxruntime alone: one paints, its eye tells what an image shows."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram.errors import ModelError
from calligram.nano.engine import open_session
from calligram.painters.adversarial.kinds import KINDS

PAINTER, EYE = "painter.onnx", "eye.onnx"
SHIPPED = Path(__file__).parent / "weights"
"""The folder of the painter that comes with Calligram."""
SIDE = 64
"""Pixels of a painted image's side."""
CHANCE = 64
"""Length of the vector of chance that one image follows from."""
PAPER = (250, 246, 238)
"""The colour it paints on, sRGB."""
FAINT = 0.06
"""Differences from the paper up to this are wiped off, up to twice as much they fade."""
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """An opened painter.

    Args:
        folder: where it lies.
    """

    folder: Path

    def paint(self, chance: Floats, kinds: Floats, colours: Floats) -> list[Image.Image]:
        """Return one image of 64 by 64 pixels, mode ``RGB``, for each row.

        Args:
            chance: ``(N, CHANCE)``, from a normal distribution.
            kinds: ``(N, kinds)``, how much of each kind, each row of sum 1.
            colours: ``(N, colours)``, likewise.
        """
        given = {"chance": chance, "kinds": kinds, "colours": colours}
        (images,) = _session(self.folder / PAINTER).run(
            ["images"], {name: np.asarray(part, np.float32) for name, part in given.items()}
        )
        levels = (_on_clean_paper(np.clip(images, 0, 1)) * 255).round().astype(np.uint8).transpose(0, 2, 3, 1)
        return [Image.fromarray(image) for image in levels]

    def see(self, image: Image.Image) -> Floats:
        """Return the probability of each kind in an image, ``(kinds,)``, as the eye tells it.

        The eye knows single things on light paper, as the painter makes them, and of all else nothing: it
        always names one of its kinds.

        Args:
            image: any size and mode; it is laid on the painter's paper where it is clear, and scaled down.
        """
        flat = Image.new("RGBA", image.size, (*PAPER, 255))
        flat.alpha_composite(image.convert("RGBA"))
        small = flat.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=None)
        levels = np.asarray(small, np.float32).transpose(2, 0, 1)[None] / 255
        (kinds,) = _session(self.folder / EYE).run(["kinds"], {"images": levels})
        return np.asarray(kinds[0], np.float32)


def _on_clean_paper(images: Floats) -> Floats:
    """Return images, ``(N, 3, side, side)`` of 0 to 1, without the faintest traces beside what is painted."""
    paper = np.array(PAPER, np.float32)[:, None, None] / 255
    apart = images - paper
    seen = np.clip((np.abs(apart).max(axis=1, keepdims=True) - FAINT) / FAINT, 0, 1)
    clean: Floats = paper + apart * seen
    return clean


def open_network(folder: Path = SHIPPED) -> Network:
    """Return the painter of a folder.

    Raises:
        ModelError: a file of it is missing.
    """
    for name in (PAINTER, EYE):
        if not (folder / name).is_file():
            raise ModelError(
                f"there is no {name} in {folder}: name a folder that 'calligram train painter' wrote, or "
                "install calligram again if it was the built-in painter"
            )
    return Network(folder)


def ranked(kinds: Floats) -> list[tuple[str, float]]:
    """Return the kinds and their probabilities, most probable first."""
    return [(KINDS[place], float(kinds[place])) for place in np.argsort(-kinds, kind="stable")]


@lru_cache(maxsize=4)
def _session(path: Path) -> Any:
    return open_session(path)
