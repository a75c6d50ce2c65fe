"""What can be asked for when an image is signed."""

from dataclasses import dataclass
from typing import Literal

from calligram.settings import option


@dataclass(frozen=True)
class SignOptions:
    """Options of signing; every field that is left empty is taken from the label in the file."""

    made: Literal["", "drawn", "composed", "edited", "rendered"] = option(
        "", "How an image without a label was made: drawn, composed, edited or rendered"
    )
    mining: str = option("", "What may be mined, a term of PLUS as DMI-PROHIBITED-GENAIMLTRAINING")
    title: str = option("", "Title of the work")
    creator: str = option("", "Who is named as its maker")
    private: bool = option(False, "Leave out the prompt and who wrote it")
    sidecar: bool = option(
        False, "Write the credentials beside the image, as NAME.c2pa, and leave it as it is"
    )
    timestamp: str = option("", "Address of a server of time stamps (RFC 3161); none is asked by default")
