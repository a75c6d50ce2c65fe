"""How a writer is taught; loads no torch, so that the command line can show its help at once."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.settings import option


@dataclass(frozen=True)
class WriterTraining:
    """How a writer is taught."""

    GROUP: ClassVar[str] = "writing"

    start: str = option(
        "builtin", "a writer's folder whose weights training starts from, or 'builtin'; 'none' starts anew"
    )
    steps: int = option(0, "training steps; 0 leaves it to epochs", minimum=0)
    epochs: float = option(3.0, "times that the texts are gone through", minimum=0.01, maximum=10_000)
    rows: int = option(4, "rows of 512 tokens in one step", minimum=1, maximum=4096)
    rate: float = option(0.0, "highest learning rate; 0 is 0.0005 from weights, 0.005 anew", minimum=0)
    weight_decay: float = option(0.1, "how strongly weights are drawn to zero", minimum=0, maximum=10)
    dropout: float = option(0.0, "share of what passes on that is dropped", minimum=0, maximum=0.9)
    filtered: bool = option(
        False,
        "leave out sentences with catalogue numbers, loans and references, captions that name people",
    )
    teachers: int = option(
        0,
        "larger networks trained first, whose answers it learns; anew after an interruption",
        minimum=0,
        maximum=8,
    )
    teacher_steps: int = option(1500, "training steps of each teacher", minimum=1)
    vocabulary: int = option(8192, "subwords of a writer begun anew", minimum=300, maximum=32_000)
    width: int = option(384, "width of a network begun anew; a multiple of 64", minimum=64, maximum=1024)
    layers: int = option(9, "layers of a network begun anew", minimum=1, maximum=32)
    valid_share: float = option(
        0.05,
        "share of the works kept for validation; begun anew it is 2 in 100, and 3 for tests; 0 keeps none",
        minimum=0,
        maximum=0.5,
    )
    save_every_s: float = option(120, "seconds between two checkpoints", minimum=0)
    seed: int = option(1, "seed of weights and order", minimum=0)
