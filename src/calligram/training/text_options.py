"""How a Hugging Face model is taught; loads no torch, so that the command line can show its help at once."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

from calligram.settings import option

RATES = {"full": 5e-5, "lora": 2e-4}
"""Highest learning rate where none is given."""

CHECKS = 10
"""So often a training is looked at where no number of steps is given."""


@dataclass(frozen=True)
class DataOptions:
    """What is learnt from."""

    valid: str = option("", "validation file or folder; empty takes the data set's own, or a share of train")
    valid_share: float = option(
        0.05, "share of train kept for validation where there is none", minimum=0, maximum=0.9
    )
    valid_limit: int = option(1000, "validation examples looked at, 0 for all", minimum=0)
    limit: int = option(0, "training examples taken, 0 for all; fewer are a part of more", minimum=0)
    format: str = option("", "format of the training files; empty is told from the file")
    column: str = option("", "plain texts in CSV, TSV or JSON lines: the column that holds the text")
    question: str = option("", "question asked where the format keeps none; empty takes the manifest's")


@dataclass(frozen=True)
class LoraOptions:
    """How adapters are made."""

    lora_rank: int = option(16, "rank of the adapters", minimum=1, maximum=1024)
    lora_alpha: int = option(32, "scale of the adapters, as a multiple of 1 / rank", minimum=1)
    lora_dropout: float = option(0.05, "share of the adapters' input dropped", minimum=0, maximum=0.9)
    lora_targets: str = option("", "layers adapted, commas between; empty is every linear one")
    merge: bool = option(False, "put the adapters into the weights at the end, for a model that stands alone")


@dataclass(frozen=True)
class TextOptions(DataOptions, LoraOptions):
    """How a Hugging Face model is taught."""

    GROUP: ClassVar[str] = "teach"

    method: Literal["full", "lora"] = option("full", "train all weights, or small adapters beside them")
    loss: Literal["answer", "all"] = option("answer", "learn the answers alone, or the pictures too")
    epochs: float = option(3.0, "times that the examples are gone through", minimum=0.001, maximum=10_000)
    steps: int = option(0, "training steps in place of epochs; 0 leaves it to epochs", minimum=0)
    batch: int = option(16, "texts in one batch on one device", minimum=1)
    accumulate: int = option(1, "batches gathered into one step", minimum=1)
    context: int = option(0, "tokens in one text at most; 0 is what the model takes, up to 2048", minimum=0)
    pack: bool = option(False, "put several texts into one row, so that no place stays empty")
    rate: float = option(0.0, "highest learning rate; 0 is 0.00005 for full, 0.0002 for lora", minimum=0)
    schedule: Literal["cosine", "linear", "constant"] = option("cosine", "how the rate falls after its rise")
    warmup: float = option(0.05, "share of the steps over which the rate rises", minimum=0, maximum=1)
    weight_decay: float = option(0.01, "how strongly weights are drawn to zero", minimum=0, maximum=1)
    precision: Literal["auto", "float32", "bfloat16"] = option(
        "auto", "numbers to compute with; auto is bfloat16 where the hardware computes in it"
    )
    device: Literal["auto", "cpu"] = option("auto", "where to compute; auto takes a graphics card")
    recompute: bool = option(False, "compute activations twice: much less memory, a third slower")
    add_tokens: bool = option(False, "give row tags and the ramp's symbols tokens of their own")
    check_every: int = option(0, "steps between checkpoints, each with a look at validation; 0: ten in all")
    patience: int = option(3, "looks without a better validation loss before the end; 0: never", minimum=0)
    samples: int = option(4, "readings and drawings shown at every look", minimum=0, maximum=100)
    tensorboard: bool = option(False, "write the figures for TensorBoard too")
    seed: int = option(1, "seed of order, dropout and splits", minimum=0)

    @property
    def highest_rate(self) -> float:
        """The learning rate given, or the method's own."""
        return self.rate or RATES[self.method]

    def recipe(self) -> dict[str, Any]:
        """Return the options that the taught weights follow from."""
        return {name: value for name, value in asdict(self).items() if name not in {"samples", "tensorboard"}}
