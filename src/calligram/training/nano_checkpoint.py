"""What a training of the built-in model has to remember, so that it can be stopped and go on."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

from calligram.errors import TrainingError
from calligram.nano.network import Network
from calligram.training.nano_examples import ExampleMaker

CHECKPOINT = "checkpoint.pt"


@dataclass
class Run:
    """A training under way.

    Args:
        network: what is trained.
        helper: the training aid beside it.
        optimizers: of both.
        maker: the source of examples, with its randomness.
        step: steps done.
    """

    network: Network
    helper: nn.Linear
    optimizers: Sequence[torch.optim.Optimizer]
    maker: ExampleMaker
    step: int = 0
    _saved_at: float = field(default_factory=time.monotonic)

    def save(self, folder: Path) -> None:
        """Write the checkpoint, whole or not at all."""
        kept = {
            "step": self.step,
            "network": self.network.state_dict(),
            "helper": self.helper.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "maker": self.maker.state(),
        }
        beside = folder / f"{CHECKPOINT}.part"
        torch.save(kept, beside)
        beside.replace(folder / CHECKPOINT)
        self._saved_at = time.monotonic()

    def save_now_and_then(self, folder: Path, seconds: float) -> None:
        """Write the checkpoint where the last one is older than some seconds."""
        if time.monotonic() - self._saved_at > seconds:
            self.save(folder)

    def resume(self, folder: Path) -> None:
        """Go on from the folder's checkpoint, if it has one."""
        if not (folder / CHECKPOINT).exists():
            return
        kept = torch.load(folder / CHECKPOINT, weights_only=False)
        self.network.load_state_dict(kept["network"])
        self.helper.load_state_dict(kept["helper"])
        for optimizer, state in zip(self.optimizers, kept["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        self.maker.restore(kept["maker"])
        self.step = int(kept["step"])

    @contextmanager
    def saved_when_stopped(self, folder: Path) -> Iterator[None]:
        """Save when a person stops the training, and say how it goes on.

        Raises:
            TrainingError: the training was interrupted.
        """
        try:
            yield
        except KeyboardInterrupt as stop:
            self.save(folder)
            raise TrainingError(
                f"training was stopped at step {self.step} and saved in {folder}: "
                "the same command goes on from there"
            ) from stop
