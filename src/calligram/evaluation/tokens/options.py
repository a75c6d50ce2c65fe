"""What a look at a tokenizer can be asked: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.settings import option

USUAL_CONTEXT = 8192


@dataclass(frozen=True)
class TokensOptions:
    """Options of one look at a tokenizer."""

    GROUP: ClassVar[str] = "tokens"

    layout: str = option("classic", "layout of the text pictures: classic, fine or full")
    pictures: str = option("", "source of pictures, as idx:data/mnist; empty takes the package's own samples")
    limit: int = option(100, "most pictures taken", minimum=1)
    context: int | None = option(
        None,
        f"tokens the model holds; the model's own where its folder says so, else {USUAL_CONTEXT}",
        minimum=1,
    )
    price: float | None = option(None, "price of a million tokens in US dollars", minimum=0)
    seed: int = option(0, "chooses the pictures where there are more than are taken", minimum=0)
