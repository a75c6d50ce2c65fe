"""How a painter is trained; loads no torch, so that the command line can show its help at once."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.settings import option


@dataclass(frozen=True)
class PainterTraining:
    """How a painter is trained."""

    GROUP: ClassVar[str] = "painter"

    digits: str = option("", "folder of MNIST's idx files")
    garments: str = option("", "folder of Fashion-MNIST's idx files")
    emoji: str = option("", "zip of emoji as PNG with metadata.json, as Noto Emoji's")
    icons: str = option("", "packed JSON lines of SVG icons, as game-icons.net's")
    copying_steps: int = option(500, "steps as an autoencoder, before the duel", minimum=1)
    steps: int = option(6200, "steps of painter against critic", minimum=0)
    eye_steps: int = option(2000, "steps of the eye, which tells what an image shows", minimum=1)
    save_every: int = option(200, "steps between two checkpoints", minimum=1)
    threads: int = option(2, "threads that compute", minimum=1)
    seed: int = option(1, "seed of weights, chance and order", minimum=0)
