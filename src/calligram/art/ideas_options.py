"""The options of ideas: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.settings import option

NO_MODEL = "none"
"""The name of the model that adds nothing."""


@dataclass(frozen=True)
class IdeasOptions:
    """How ideas are found."""

    GROUP: ClassVar[str] = "ideas"

    count: int = option(5, "how many ideas", minimum=1, maximum=500, flag="-n")
    seed: int | None = option(None, "the same seed gives the same ideas; fresh where not given", minimum=0)
    model: str = option("builtin:writer", "the model that adds to each idea; none adds nothing")
    base_url: str = option("", "address of the endpoint, for a model behind one")
    spread: float = option(
        0.6, "0 takes the ideas that fit best, 1 those that differ most", minimum=0, maximum=1
    )
    oversample: int = option(8, "make so many times more, and choose among them", minimum=1, maximum=50)
    words_folder: str = option(
        "", "a folder of your own word lists, beside and before those that ship", flag="--words"
    )
    temperature: float = option(
        0.8, "the model's sampling temperature; 0 always takes the likeliest", minimum=0, maximum=10
    )
    top_p: float = option(
        0.9, "let the model choose among the likeliest tokens that reach this share", minimum=0, maximum=1
    )
    most_tokens: int = option(24, "the longest that the model adds, in tokens", minimum=1, maximum=400)
