"""A small convolutional net over grids, for the ceiling and for the judge. Needs torch.

It sees the levels alone, as one plane of numbers from 0 to 1: the same cells that the model reads as text.
Its settings are fixed here and were not chosen on any test split.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from calligram.errors import MissingExtraError
from calligram.evaluation.examples import LabelledGrids, check_teaches
from calligram.metrics.base import Figures, share, wilson_interval
from calligram.whole_files import make_folder, writing_whole

if TYPE_CHECKING:
    import torch

Progress = Callable[[str, int, int], None]
NETWORK_VERSION = 2
TEST_BATCH = 1000
LEAST_BATCH = 16


@dataclass(frozen=True)
class ConvnetSettings:
    """How the net is trained; the whole of it is part of the cached net's name.

    Args:
        epochs: passes over the training grids.
        batch: most grids a step; a split of fewer than a hundred such steps gets smaller ones.
        peak_rate: highest learning rate of the one-cycle schedule.
        width: channels of the first layer; the later ones have two and four times as many.
        dropout: share of features dropped before each dense layer.
        shift: grids of a step are moved together by up to this many cells, up or down and left or right.
        seed: of weights, order and shifts.
        threads: of torch, 0 leaves its own choice.
    """

    epochs: int = 8
    batch: int = 128
    peak_rate: float = 3e-3
    width: int = 32
    dropout: float = 0.3
    shift: int = 1
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True)
class Convnet:
    """A trained net.

    Args:
        network: the torch module, in evaluation mode.
        top_level: the highest level there can be.
    """

    network: "torch.nn.Module"
    top_level: int

    def predict(self, levels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the probability of each class for each grid, shape (N, classes).

        Args:
            levels: shape (N, rows, columns), of the shape it was trained on.
        """
        torch = import_torch("predicting with the convolutional net")
        parts = []
        with torch.inference_mode():
            for start in range(0, len(levels), TEST_BATCH):
                planes = _to_planes(torch, levels[start : start + TEST_BATCH], self.top_level)
                parts.append(torch.softmax(self.network(planes), dim=1).numpy())
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)


def import_torch(purpose: str) -> Any:
    """Return the module torch.

    Raises:
        MissingExtraError: it is not installed.
    """
    # spinning threads slow every other process on shared cores
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        import torch
    except ImportError as fault:
        raise MissingExtraError("torch", "train", purpose) from fault
    return torch


def obtain_convnet(
    train: LabelledGrids,
    settings: ConvnetSettings,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Convnet:
    """Return a net trained on these grids, from the cache where one of the same name lies there.

    Args:
        train: what the net learns from.
        settings: how it is trained.
        cache: the folder where trained nets are kept, each under a checksum of its grids, labels, settings
            and the kind of numbers it is trained in; None neither reads nor writes one.
        progress: called with what is done, steps done and steps in all.

    Raises:
        MissingExtraError: torch is not installed.
    """
    torch = import_torch("training the convolutional net")
    network = _build(torch, train.levels.shape[1:], len(train.classes), settings)
    path = cache / f"convnet-{_checksum(train, settings)}.pt" if cache else None
    if path and path.is_file():
        network.load_state_dict(torch.load(path, weights_only=True))
    else:
        _train(torch, network, train, settings, progress)
        if path:
            _keep(torch, network, path)
    return Convnet(network.eval(), train.layout.level_count - 1)


def obtain_tested(
    train: LabelledGrids,
    test: LabelledGrids,
    settings: ConvnetSettings,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Convnet, Figures]:
    """Return a net as :func:`obtain_convnet` does, tested once on another split.

    Returns:
        The net, and its ``accuracy``, 95 % Wilson ``interval``, ``n`` and ``n_train``.

    Raises:
        MissingExtraError: torch is not installed.
        SourceError: the two splits have different classes, or there is but one to learn.
    """
    check_teaches(train, test)
    net = obtain_convnet(train, settings, cache, progress)
    correct = int((net.predict(test.levels).argmax(axis=1) == test.labels).sum())
    return net, {
        "accuracy": share(correct, len(test)),
        "interval": wilson_interval(correct, len(test)),
        "n": len(test),
        "n_train": len(train),
    }


def _build(torch: Any, shape: tuple[int, ...], class_count: int, settings: ConvnetSettings) -> Any:
    """Return an untrained net: two blocks of two convolutions, one more, and two dense layers."""
    torch.manual_seed(settings.seed)
    nn, width = torch.nn, settings.width
    rows, columns = (-(-size // 4) for size in shape)
    return nn.Sequential(
        *_convolve(nn, 1, width),
        *_convolve(nn, width, width),
        nn.MaxPool2d(2, ceil_mode=True),
        *_convolve(nn, width, 2 * width),
        *_convolve(nn, 2 * width, 2 * width),
        nn.MaxPool2d(2, ceil_mode=True),
        *_convolve(nn, 2 * width, 4 * width),
        nn.Flatten(),
        nn.Dropout(settings.dropout),
        nn.Linear(4 * width * rows * columns, 4 * width),
        nn.ReLU(),
        nn.Dropout(settings.dropout),
        nn.Linear(4 * width, class_count),
    )


def _convolve(nn: Any, channels: int, wanted: int) -> list[Any]:
    return [nn.Conv2d(channels, wanted, 3, padding=1, bias=False), nn.BatchNorm2d(wanted), nn.ReLU()]


def _train(
    torch: Any, network: Any, train: LabelledGrids, settings: ConvnetSettings, progress: Progress | None
) -> None:
    if settings.threads:
        torch.set_num_threads(settings.threads)
    from calligram.nano.precision import quick_numbers

    rng, top_level = np.random.default_rng(settings.seed), train.layout.level_count - 1
    # a small split is cut finer, so that a pass over it still takes about a hundred steps
    batch = min(settings.batch, max(LEAST_BATCH, len(train) // 100), len(train))
    steps = settings.epochs * (len(train) // batch)
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.peak_rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.peak_rate, total_steps=steps)
    network.train()
    for step, places in enumerate(_batches(rng, len(train), batch, settings.epochs), start=1):
        planes = _to_planes(torch, _shift(train.levels[places], rng, settings.shift), top_level)
        with quick_numbers():
            logits = network(planes)
        loss = torch.nn.functional.cross_entropy(logits.float(), torch.from_numpy(train.labels[places]))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        if progress and (step % 20 == 0 or step == steps):
            progress("training a convolutional net", step, steps)


def _batches(rng: np.random.Generator, total: int, batch: int, epochs: int) -> Any:
    """Yield the places of each step; the last grids of an epoch that fill no batch are left out of it."""
    for _ in range(epochs):
        order = rng.permutation(total)
        for start in range(0, total - batch + 1, batch):
            yield order[start : start + batch]


def _shift(levels: npt.NDArray[np.uint8], rng: np.random.Generator, most: int) -> npt.NDArray[np.uint8]:
    if not most:
        return levels
    padded = np.pad(levels, ((0, 0), (most, most), (most, most)))
    top, left = rng.integers(0, 2 * most + 1, 2)
    return padded[:, top : top + levels.shape[1], left : left + levels.shape[2]]


def _to_planes(torch: Any, levels: npt.NDArray[np.uint8], top_level: int) -> Any:
    return torch.from_numpy(levels.astype(np.float32) / top_level).unsqueeze(1)


def _checksum(train: LabelledGrids, settings: ConvnetSettings) -> str:
    from calligram.nano.precision import processor_has_bfloat16

    numbers = "bfloat16" if processor_has_bfloat16() else "float32"
    told = (NETWORK_VERSION, train.levels.shape, train.classes, train.layout.level_count, settings, numbers)
    made = hashlib.blake2b(repr(told).encode(), digest_size=16)
    made.update(np.ascontiguousarray(train.levels).tobytes())
    made.update(np.ascontiguousarray(train.labels).tobytes())
    return made.hexdigest()


def _keep(torch: Any, network: Any, path: Path) -> None:
    make_folder(path.parent)
    with writing_whole(path) as stream:
        torch.save(network.state_dict(), stream)
