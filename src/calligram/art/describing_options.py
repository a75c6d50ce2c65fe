"""The options of describing: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.art.asking import AskingOptions
from calligram.settings import option, option_of

AUTO = "auto"
"""The name of the model that is chosen for what is described."""

USUAL_TOP_K, USUAL_TOP_P = 50, 0.95
USUAL_TEXTS = 3
"""So many texts go on from an opening; an image is described once."""


@dataclass(frozen=True)
class DescribeOptions(AskingOptions):
    """How openings are gone on with, and images described."""

    GROUP: ClassVar[str] = "describe"

    count: int | None = option(
        None,
        f"how many descriptions; {USUAL_TEXTS} of an opening and one of an image where not given",
        minimum=1,
        maximum=500,
        flag="-n",
    )
    model: str = option(
        AUTO,
        "the model that writes; auto is builtin:writer for images, and for openings hf:gpt2 where it is at "
        "hand, else builtin:writer",
    )
    base_url: str = option("", "address of the endpoint, for a model behind one")
    seed: int = option_of(AskingOptions, "seed", 0)
    temperature: float = option_of(AskingOptions, "temperature", 0.7)
    max_length: int = option(
        100, "of an opening: the longest text in tokens, the opening included", minimum=2, maximum=100_000
    )
    top_k: int | None = option(
        None,
        f"sample among the likeliest so many tokens, 0 is all; {USUAL_TOP_K} where the model takes it",
        minimum=0,
    )
    top_p: float | None = option(
        None,
        f"sample among the likeliest tokens that reach this share; {USUAL_TOP_P} where the model takes it",
        minimum=0,
        maximum=1,
    )
    beams: int = option(
        1, "each text is the best of so many that are followed at once", minimum=1, maximum=64
    )
    corpus: str = option("", "of an opening: a file or folder of texts to compare with")
    sentences: int = option(6, "of an image: so many sentences at most", minimum=1, maximum=30)
    image_too: bool = option(
        False, "give the image itself too, to a model that takes images (as openai:NAME?images=yes)"
    )
