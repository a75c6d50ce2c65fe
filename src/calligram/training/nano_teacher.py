"""The convolutional teacher whose soft answers the built-in model learns from; it never ships."""

from pathlib import Path

import torch
import torch.nn.functional as functional
from torch import nn

from calligram.nano.precision import quick_numbers
from calligram.training.nano_augment import Distortion, distort
from calligram.whole_files import writing_whole

EPOCHS = {"digit": 4, "garment": 7}
"""Passes over the images for the kinds that get a teacher."""


class Teacher(nn.Module):
    """A small convolutional net over whole 28x28 grey images: (N, 28, 28) in 0..1 -> logits (N, classes)."""

    CHANNELS = 128
    """What it says of each place, see :meth:`local`."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        width = self.CHANNELS // 4
        self.body = nn.Sequential(
            *_block(1, width),
            *_block(width, width),
            nn.MaxPool2d(2),
            *_block(width, 2 * width),
            *_block(2 * width, 2 * width),
            nn.MaxPool2d(2),
            *_block(2 * width, 4 * width),
            nn.AdaptiveAvgPool2d(3),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(36 * width, classes),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.answer(self.local(images))

    def local(self, images: torch.Tensor) -> torch.Tensor:
        """Return what it sees at each of 7x7 places, (N, 128, 7, 7)."""
        seen: torch.Tensor = self.body[:-4](images[:, None] - 0.3)
        return seen

    def answer(self, seen: torch.Tensor) -> torch.Tensor:
        """Return the logits (N, classes) for what :meth:`local` saw."""
        logits: torch.Tensor = self.body[-4:](seen)
        return logits


def _block(before: int, after: int) -> list[nn.Module]:
    return [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)]


def train_teacher(
    images: torch.Tensor, labels: torch.Tensor, distortion: Distortion, epochs: int, path: Path, seed: int
) -> Teacher:
    """Return a teacher trained on labelled images, read from ``path`` if it is finished there already.

    Args:
        images: float32 (N, 28, 28) in 0..1.
        labels: int64 (N,), from 0 without gaps.
        distortion: the random changes it is trained under.
        epochs: passes over the images.
        path: where the finished weights are kept.
        seed: starts the weights, the order and the changes.
    """
    torch.manual_seed(seed)
    teacher = Teacher(int(labels.max()) + 1)
    if path.exists():
        teacher.load_state_dict(torch.load(path, weights_only=True))
        return teacher.eval()
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(teacher.parameters(), weight_decay=0.05)
    batch = min(128, len(images))
    steps = epochs * (len(images) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps, pct_start=0.2)
    order = torch.cat([torch.randperm(len(images), generator=generator) for _ in range(epochs + 1)])
    for step in range(steps):
        chosen = order[step * batch : (step + 1) * batch]
        with quick_numbers():
            logits = teacher(distort(images[chosen], distortion, generator))
        loss = functional.cross_entropy(logits.float(), labels[chosen], label_smoothing=0.05)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
    with writing_whole(path) as stream:
        torch.save(teacher.state_dict(), stream)
    return teacher.eval()
