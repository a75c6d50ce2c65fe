"""Makes training images of kept pictures: turned, shifted, inked in a colour, on cream paper. Needs torch."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from calligram.painters.adversarial.kinds import COLOURS, DIGITS, KINDS
from calligram.painters.adversarial.network import PAPER, SIDE
from calligram.training.painter_pictures import Stock

INKS = {
    "black": (34, 32, 36),
    "red": (196, 48, 43),
    "orange": (226, 120, 38),
    "yellow": (230, 180, 34),
    "green": (52, 128, 76),
    "blue": (38, 84, 164),
    "purple": (112, 62, 146),
    "pink": (222, 104, 148),
    "brown": (122, 78, 48),
    "grey": (128, 128, 130),
}
"""The ink of each colour that words can name, sRGB."""
UNNAMED = COLOURS.index("")
COLOUR_TOLD = 0.5
"""So often the colour of an inked picture is told to the network; else it has to choose one."""


@dataclass(frozen=True)
class Inked:
    """Training images and what they show.

    Args:
        images: ``(B, 3, 64, 64)``, -1 to 1.
        kinds: ``(B,)``.
        colours: ``(B,)``, what is told of the colour.
    """

    images: torch.Tensor
    kinds: torch.Tensor
    colours: torch.Tensor


class Inker:
    """Draws training images from a stock, each kind as often as every other.

    Args:
        stock: real pictures.
        seed: from which everything follows.
        worn: how far a picture is turned and shifted; 0 leaves it as it is.
    """

    def __init__(self, stock: Stock, seed: int, worn: float = 1.0) -> None:
        self.stock, self.worn = stock, worn
        self.chance = torch.Generator().manual_seed(seed)
        self.random = np.random.default_rng(seed)
        self.ink = torch.from_numpy(stock.ink)
        alpha = stock.ink[stock.own >= 0][..., None] / 255
        # each colour times how opaque it is there, so that turning does not draw in what cannot be seen
        self.premultiplied = torch.from_numpy((stock.colours * alpha).round().astype(np.uint8))
        self.of_kind = [np.flatnonzero(stock.kinds == kind) for kind in range(len(KINDS))]
        self.known = [kind for kind in range(len(KINDS)) if len(self.of_kind[kind])]
        inks = torch.tensor([INKS[name] for name in COLOURS if name], dtype=torch.float32)
        self.inks, self.paper = inks / 255, torch.tensor(PAPER, dtype=torch.float32)[:, None, None] / 255

    def batch(self, count: int) -> Inked:
        """Return so many images of kinds taken at random."""
        kinds = self.random.choice(self.known, count)
        return self.images(np.array([self.random.choice(self.of_kind[kind]) for kind in kinds]))

    def images(self, places: np.ndarray) -> Inked:
        """Return the images of the pictures at such places of the stock."""
        kinds = torch.from_numpy(self.stock.kinds[places])
        grid = self._grid(kinds)
        ink = _moved(self.ink[places][:, None], grid)
        shades = torch.randint(len(self.inks), (len(places),), generator=self.chance)
        jitter = torch.randn(len(places), 3, generator=self.chance) * 0.03 * self.worn
        colour = (self.inks[shades] + jitter).clamp(0, 1)
        images = self.paper * (1 - ink) + colour[..., None, None] * ink
        own = torch.from_numpy(self.stock.own[places])
        if len(coloured := torch.nonzero(own >= 0)[:, 0]):
            pigments = self.premultiplied[own[coloured]].permute(0, 3, 1, 2)
            images[coloured] = self.paper * (1 - ink[coloured]) + _moved(pigments, grid[coloured])
        told = (torch.rand(len(places), generator=self.chance) < COLOUR_TOLD) & (own < 0)
        colours = torch.where(told, shades, torch.full_like(shades, UNNAMED))
        return Inked(images.clamp(0, 1) * 2 - 1, kinds, colours)

    def _grid(self, kinds: torch.Tensor) -> torch.Tensor:
        """Return where each pixel of the images is taken from; digits are never mirrored."""
        count = len(kinds)

        def within(reach: float) -> torch.Tensor:
            return (torch.rand(count, generator=self.chance) * 2 - 1) * reach * self.worn

        turn, shear = within(math.radians(9)), within(0.08)
        wide, high = 1 + within(0.08), 1 + within(0.08)
        mirrored = (torch.rand(count, generator=self.chance) < 0.5) & (kinds >= len(DIGITS)) & (self.worn > 0)
        wide = torch.where(mirrored, -wide, wide)
        rows = torch.stack([wide * turn.cos(), -high * turn.sin() + shear, within(0.06)], dim=-1)
        columns = torch.stack([wide * turn.sin(), high * turn.cos(), within(0.06)], dim=-1)
        matrix = torch.stack([rows, columns], dim=1)
        return functional.affine_grid(matrix, [count, 1, SIDE, SIDE], align_corners=False)


def _moved(planes: torch.Tensor, grid: torch.Tensor) -> torch.Tensor:
    return functional.grid_sample(planes.float() / 255, grid, align_corners=False)
