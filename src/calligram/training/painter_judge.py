"""A network that tells of which kind an image is, learned from real pictures alone. Needs torch.

One such network ships as the built-in painter's eye; another, of other widths and another seed, judges for
the report. Neither ever sees a painted image while it learns.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from calligram.painters.adversarial.kinds import KINDS
from calligram.training.painter_inking import Inker
from calligram.training.painter_network import quick
from calligram.training.painter_pictures import Stock

WORN = 1.6
"""Pictures are turned and shifted so much more than the painter's: a judge must know kinds, not pictures."""


@dataclass(frozen=True)
class JudgeSettings:
    """How a judge is made.

    Args:
        widths: channels at 32, 16, 8 and 4 pixels.
        steps: of training.
        batch: images of a step.
        peak_rate: highest learning rate of a one-cycle schedule.
        dropout: share of features dropped before the answer.
        hidden: side in pixels of the square that is covered at random, so that no single place decides.
        seed: of weights, order and chance.
    """

    widths: tuple[int, int, int, int] = (24, 48, 96, 160)
    steps: int = 2000
    batch: int = 64
    peak_rate: float = 4e-3
    dropout: float = 0.3
    hidden: int = 20
    seed: int = 1


EYE = JudgeSettings()
REPORTING = JudgeSettings(widths=(32, 56, 104, 176), steps=2500, hidden=24, seed=2)


class Judge(nn.Module):
    """Logits of the kinds, ``(B, kinds)``, from images ``(B, 3, 64, 64)`` of -1 to 1."""

    def __init__(self, settings: JudgeSettings) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.PixelUnshuffle(2)]
        given = 12
        for width in settings.widths:
            layers += [_folded(given, width), _folded(width, width)]
            layers += [nn.MaxPool2d(2)] if width != settings.widths[-1] else []
            given = width
        self.trunk = nn.Sequential(*layers)
        self.answer = nn.Sequential(nn.Dropout(settings.dropout), nn.Linear(given, len(KINDS)))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = self.trunk(images)
        told: torch.Tensor = self.answer(features.mean((2, 3)))
        return told


def _folded(given: int, made: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(given, made, 3, padding=1, bias=False), nn.BatchNorm2d(made), nn.ReLU(inplace=True)
    )


def train_judge(
    stock: Stock, settings: JudgeSettings, told: Callable[[dict[str, float]], None] | None = None
) -> Judge:
    """Return a judge that learned from a stock of real pictures; told of its loss every 100 steps."""
    torch.manual_seed(settings.seed)
    inker, judge = (
        Inker(stock, 1000 + settings.seed, WORN),
        quick(Judge(settings)),
    )
    optimizer = torch.optim.AdamW(judge.parameters(), settings.peak_rate, weight_decay=0.05, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.peak_rate, total_steps=settings.steps)
    begun, losses = time.perf_counter(), []
    for step in range(settings.steps):
        real = inker.batch(settings.batch)
        images = _covered(real.images, settings.hidden, inker.chance)
        loss = functional.cross_entropy(judge(images), real.kinds, label_smoothing=0.1)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if told and (step + 1) % 100 == 0:
            told(
                {
                    "step": step + 1,
                    "loss": float(np.mean(losses[-100:])),
                    "seconds": time.perf_counter() - begun,
                }
            )
    judge.eval()
    return judge


def _covered(images: torch.Tensor, side: int, chance: torch.Generator) -> torch.Tensor:
    """Return images half of which have a square of one grey laid over them."""
    images = images.clone()
    tops = torch.randint(-side // 2, images.shape[2] - side // 2, (len(images), 2), generator=chance)
    for number in range(0, len(images), 2):
        top, left = (max(0, int(place)) for place in tops[number])
        images[number, :, top : top + side, left : left + side] = 0
    return images


@torch.no_grad()
def judged(judge: Judge, images: torch.Tensor, batch: int = 256) -> NDArray[np.float32]:
    """Return the probability of each kind, ``(N, kinds)``."""
    told = [judge(part).softmax(1) for part in torch.split(images, batch)]
    probabilities: NDArray[np.float32] = torch.cat(told).numpy()
    return probabilities


def accuracy(judge: Judge, stock: Stock, most_per_kind: int = 100) -> NDArray[np.float64]:
    """Return the share of a stock's unturned pictures told right, for each kind; NaN where there is none."""
    inker = Inker(stock, 7, worn=0.0)
    shares = np.full(len(KINDS), np.nan)
    for kind in inker.known:
        places = inker.of_kind[kind][:most_per_kind]
        told = judged(judge, inker.images(places).images).argmax(1)
        shares[kind] = float((told == kind).mean())
    return shares
