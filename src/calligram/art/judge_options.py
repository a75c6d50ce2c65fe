"""The options of judging: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.settings import option


@dataclass(frozen=True)
class JudgeOptions:
    """How works are judged."""

    GROUP: ClassVar[str] = "judge"

    most_pairs: int = option(30, "compare at most so many pairs of works", minimum=1)
    show_images: bool = option(False, "give the images themselves to judges that take them")
    seed: int = option(0, "seed of the judges' answers and of the choice of pairs", minimum=0)
    workers: int = option(1, "measure with so many processes", minimum=1, maximum=256)
