"""What publishing can be asked to do: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.settings import option


@dataclass(frozen=True)
class PublishOptions:
    """How a model or a data set is handed on."""

    GROUP: ClassVar[str] = "publish"

    to: str = option("", "repository on the hub, as ORG/NAME; it is made where there is none")
    private: bool = option(False, "make the repository private, where it is made")
    licence: str = option(
        "", "licence by the hub's name, as apache-2.0 or cc-by-4.0; empty takes the known one"
    )
    base_model: str = option("", "model on the hub that it was made from, as openai-community/gpt2")
    endpoint: str = option("", "address of another hub; empty is the usual one, or HF_ENDPOINT")
    message: str = option("Publish with calligram", "message of the commit")
