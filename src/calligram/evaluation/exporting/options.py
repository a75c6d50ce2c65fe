"""What a task is exported from: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from calligram.evaluation.options import EvaluationOptions
from calligram.settings import option, option_of


@dataclass(frozen=True)
class ExportOptions:
    """The pictures of a task, chosen and laid out as ``calligram evaluate`` does by the same options."""

    GROUP: ClassVar[str] = "export"

    split: str = option_of(EvaluationOptions, "split", "test")
    layout: str = option_of(EvaluationOptions, "layout", "classic")
    framing: Literal["auto", "none", "content", "fit"] = option_of(EvaluationOptions, "framing", "auto")
    polarity: Literal["auto", "light-on-dark", "dark-on-light"] = option_of(
        EvaluationOptions, "polarity", "auto"
    )
    bad_images: Literal["stop", "skip"] = option_of(EvaluationOptions, "bad_images", "stop")
    limit: int = option_of(EvaluationOptions, "limit", 0)
    seed: int = option_of(EvaluationOptions, "seed", 0)
    question: str = option_of(EvaluationOptions, "question", "")
    name: str = option("", "name of the task; empty makes one of kind and layout, as calligram_digit_classic")
