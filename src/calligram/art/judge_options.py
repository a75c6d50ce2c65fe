"""The options of judging: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.art.asking import AskingOptions
from calligram.settings import option, option_of


@dataclass(frozen=True)
class JudgeOptions(AskingOptions):
    """How works are judged."""

    GROUP: ClassVar[str] = "judge"

    temperature: float = option_of(AskingOptions, "temperature", 0.0)
    most_pairs: int = option(30, "compare at most so many pairs of works", minimum=1)
    show_images: bool = option(False, "give the images themselves to judges that take them")
    workers: int = option(1, "measure with so many processes", minimum=1, maximum=256)
