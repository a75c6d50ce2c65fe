"""What can be asked for when an image is signed."""

from dataclasses import dataclass
from typing import Literal

from calligram.settings import option


@dataclass(frozen=True)
class SignOptions:
    """Options of signing; what is left empty is taken from the label in the file."""

    made: Literal["drawn", "composed", "edited", "rendered"] | None = option(
        None, "how an image without a label was made"
    )
    mining: str = option("", "what may be mined, a term of PLUS as DMI-PROHIBITED-AIMLTRAINING")
    title: str = option("", "title of the work")
    creator: str = option("", "who is named as maker")
    private: bool = option(False, "leave words, titles and names of files out of it, but those given here")
    sidecar: bool = option(False, "write the credentials to NAME.c2pa beside the image, which stays as it is")
    timestamp: str = option(
        "", "address of a server of time stamps (RFC 3161) to ask; none is asked otherwise"
    )
