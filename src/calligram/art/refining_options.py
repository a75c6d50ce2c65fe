"""The options of refining: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.art.asking import AskingOptions
from calligram.settings import option

NO_MODEL = "none"


@dataclass(frozen=True)
class RefineOptions:
    """How images are painted, looked at and painted again."""

    GROUP: ClassVar[str] = "refine"

    rounds: int = option(
        0, "paint, look and paint again, in so many rounds at most; 0 paints once", minimum=0, maximum=100,
        flag="--refine",
    )  # fmt: skip
    model: str = option(NO_MODEL, "the model that revises the words, as openai:NAME; none revises by rules")
    base_url: str = option("", "address of the endpoint, for a model behind one")
    looks: str = option(
        "builtin", "the model that reads what an image shows: builtin, one that follows instructions, or none"
    )
    most_images: int = option(64, "images at most in all rounds", minimum=1, maximum=100_000)
    most_requests: int = option(100, "requests at most to models", minimum=0, maximum=1_000_000)
    most_tokens: int = option(
        200_000,
        "tokens at most of models that are asked; where one tells no number each character counts as one",
        minimum=0,
        maximum=10**9,
    )
    most_seconds: int = option(
        0, "seconds after which no new image begins; 0 is no limit", minimum=0, maximum=10**7
    )
    tries: int = option(3, "times at most that one answer is asked for", minimum=1, maximum=20)
    temperature: float = option(0.7, "sampling temperature of models that are asked", minimum=0, maximum=10)

    def asking(self, seed: int) -> AskingOptions:
        """Return how a model is asked; the journal keeps what it answers."""
        return AskingOptions(tries=self.tries, temperature=self.temperature, seed=seed % 2**31, keep=False)
