"""What a training of the built-in model has to remember, so that it can be stopped and go on."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from calligram.errors import TrainingError
from calligram.nano.network import Network
from calligram.training.nano_examples import ExampleMaker
from calligram.training.nano_losses import Helper
from calligram.training.nano_options import NanoOptions
from calligram.whole_files import writing_whole

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
        legs: the options of each stretch of steps, with the step at which it began.
    """

    network: Network
    helper: Helper
    optimizers: Sequence[torch.optim.Optimizer]
    maker: ExampleMaker
    step: int = 0
    legs: list[dict[str, Any]] = field(default_factory=list)
    _saved_at: float = field(default_factory=time.monotonic)

    def save(self, folder: Path) -> None:
        """Write the checkpoint, whole or not at all."""
        kept = {
            "step": self.step,
            "network": self.network.state_dict(),
            "helper": self.helper.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "maker": self.maker.state(),
            "legs": self.legs,
            "taught": self._taught(),
        }
        with writing_whole(folder / CHECKPOINT) as stream:
            torch.save(kept, stream)
        self._saved_at = time.monotonic()

    def save_now_and_then(self, folder: Path, seconds: float) -> None:
        """Write the checkpoint where the last one is older than some seconds."""
        if time.monotonic() - self._saved_at > seconds:
            self.save(folder)

    def resume(self, folder: Path, options: NanoOptions) -> None:
        """Go on from the folder's checkpoint, if it has one.

        Args:
            folder: of an earlier training.
            options: of this stretch of steps; where they differ from the last stretch's, a new leg begins.

        Raises:
            TrainingError: the checkpoint is of another network or was taught other things.
        """
        if (folder / CHECKPOINT).exists():
            kept = torch.load(folder / CHECKPOINT, weights_only=True)
            if kept.get("taught") != self._taught():
                raise TrainingError(
                    f"{folder} holds the checkpoint of another training, of other sources, layouts, width or "
                    "layers: give the same ones to go on, or another --output to begin anew"
                )
            self.network.load_state_dict(kept["network"])
            self.helper.load_state_dict(kept["helper"])
            for optimizer, state in zip(self.optimizers, kept["optimizers"], strict=True):
                optimizer.load_state_dict(state)
            self.maker.restore(kept["maker"])
            self.step, self.legs = int(kept["step"]), list(kept["legs"])
        leg = asdict(options)
        if self.step < options.steps and (
            not self.legs or {**self.legs[-1], "from_step": 0} != {**leg, "from_step": 0}
        ):
            self.legs.append({**leg, "from_step": self.step})

    def _taught(self) -> list[object]:
        digest = hashlib.blake2b("".join(self.maker.vocabulary.tokens).encode(), digest_size=16).hexdigest()
        counts = [len(subject.images) for subject in self.maker.subjects]
        return [digest, counts, *asdict(self.network.shape).values()]

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
