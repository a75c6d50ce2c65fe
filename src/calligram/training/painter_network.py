"""The built-in painter's two networks: one paints, the other tells its images from real ones. Needs torch.

Source: a conditional generative adversarial network (Goodfellow et al. 2014) whose critic weighs the
condition by projection (Miyato and Koyama 2018) and tells kind and colour too (Odena et al. 2017); in the
painter the condition and chance scale the features (Brock et al. 2019).
"""

from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import nn

from calligram.painters.adversarial.kinds import COLOURS, KINDS
from calligram.painters.adversarial.network import CHANCE

Network = TypeVar("Network", bound=nn.Module)


def quick(network: Network) -> Network:
    """Lay out a network's filters as processors convolve fastest, and return it."""
    for weight in network.parameters():
        if weight.dim() == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return network


@dataclass(frozen=True)
class NetworkSettings:
    """Widths of both networks.

    Args:
        painter: channels of the painter at 4, 8, 16 and 32 pixels.
        critic: channels of the critic at 16, 8 and 4 pixels.
        kind: length of a kind's learned vector.
        colour: length of a colour's learned vector.
    """

    painter: tuple[int, int, int, int] = (256, 128, 64, 32)
    critic: tuple[int, int, int] = (48, 96, 192)
    kind: int = 64
    colour: int = 16


class Painter(nn.Module):
    """Images from chance and from how probable each kind and colour is."""

    def __init__(self, settings: NetworkSettings) -> None:
        super().__init__()
        self.kind = nn.Linear(len(KINDS), settings.kind, bias=False)
        self.colour = nn.Linear(len(COLOURS), settings.colour, bias=False)
        asked = CHANCE + settings.kind + settings.colour
        self.style = nn.Sequential(
            nn.Linear(asked, 128), nn.LeakyReLU(0.2), nn.Linear(128, 128), nn.LeakyReLU(0.2)
        )
        self.first = settings.painter[0]
        self.begin = nn.Linear(asked, 16 * self.first)
        pairs = zip(settings.painter, settings.painter[1:], strict=False)
        self.rises = nn.ModuleList(Rise(narrow, wide) for narrow, wide in pairs)
        self.end = nn.Conv2d(settings.painter[-1], 12, 3, padding=1)
        for embedding in (self.kind, self.colour):
            nn.init.normal_(embedding.weight)
        # the four pixels that one place becomes begin alike, else a chequered pattern has to be unlearnt
        self.end.weight.data = self.end.weight.data[::4].repeat_interleave(4, dim=0)

    def forward(self, chance: torch.Tensor, kinds: torch.Tensor, colours: torch.Tensor) -> torch.Tensor:
        """Return ``(B, 3, 64, 64)``, -1 to 1, from ``(B, CHANCE)``, ``(B, kinds)`` and ``(B, colours)``."""
        asked = torch.cat([chance, self.kind(kinds), self.colour(colours)], dim=1)
        style = self.style(asked)
        features = self.begin(asked).view(-1, self.first, 4, 4)
        for rise in self.rises:
            features = rise(features, style)
        return torch.tanh(nn.functional.pixel_shuffle(self.end(features), 2))


class Rise(nn.Module):
    """Twice as many pixels a side, in two convolutions that the style scales."""

    def __init__(self, given: int, made: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(given, made, 4, stride=2, padding=1, bias=False)
        self.on = nn.Conv2d(made, made, 3, padding=1, bias=False)
        self.up_scaled, self.on_scaled = Scaled(made), Scaled(made)

    def forward(self, features: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        features = torch.relu(self.up_scaled(self.up(features), style))
        return torch.relu(features + self.on_scaled(self.on(features), style))


class Scaled(nn.Module):
    """Normalised features, scaled and shifted as the style says."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(width, affine=False)
        self.by = nn.Linear(128, 2 * width)
        nn.init.normal_(self.by.weight, std=0.02)
        nn.init.zeros_(self.by.bias)

    def forward(self, features: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        scale, shift = self.by(style)[..., None, None].chunk(2, dim=1)
        scaled: torch.Tensor = self.norm(features) * (1 + scale) + shift
        return scaled


@dataclass(frozen=True)
class Opinion:
    """What the critic says of images.

    Args:
        real: ``(B,)``, how real under what was asked; higher is more so.
        kinds: ``(B, kinds)``, logits.
        colours: ``(B, colours)``, logits.
        chance: ``(B, CHANCE)``, from which chance it seems to come.
        spread: ``(B, CHANCE)``, logarithm of the variance of that.
    """

    real: torch.Tensor
    kinds: torch.Tensor
    colours: torch.Tensor
    chance: torch.Tensor
    spread: torch.Tensor


class Critic(nn.Module):
    """Tells real images from painted ones, given what was asked."""

    def __init__(self, settings: NetworkSettings) -> None:
        super().__init__()
        steps: list[nn.Module] = [nn.PixelUnshuffle(2)]
        given = 12
        for width in settings.critic:
            steps += [nn.Conv2d(given, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
            if width != settings.critic[-1]:
                steps += [nn.Conv2d(width, width, 3, padding=1), nn.LeakyReLU(0.2)]
            given = width
        self.trunk = nn.Sequential(*steps)
        flat = 16 * given
        self.gather = nn.Sequential(nn.Flatten(), nn.Linear(flat, 256), nn.LeakyReLU(0.2))
        self.real = nn.Linear(256, 1)
        self.kind = nn.Linear(len(KINDS), 256, bias=False)
        self.colour = nn.Linear(len(COLOURS), 256, bias=False)
        self.tell_kind, self.tell_colour = nn.Linear(256, len(KINDS)), nn.Linear(256, len(COLOURS))
        self.tell_chance = nn.Linear(256, 2 * CHANCE)

    def forward(self, images: torch.Tensor, kinds: torch.Tensor, colours: torch.Tensor) -> Opinion:
        seen = self.gather(self.trunk(images))
        fits = ((self.kind(kinds) + self.colour(colours)) * seen).sum(1)
        chance, spread = self.tell_chance(seen).chunk(2, dim=1)
        return Opinion(
            self.real(seen)[:, 0] + fits, self.tell_kind(seen), self.tell_colour(seen), chance, spread
        )
