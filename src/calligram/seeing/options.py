"""The options of seeing: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import Literal

from calligram.picture.options import Limits
from calligram.settings import option


@dataclass(frozen=True)
class SeeOptions(Limits):
    """How an image is prepared, and what reads it."""

    layout: str = option("fine", "layout the model reads: classic, fine or full")
    model: str = option("builtin", "model that reads, as builtin, builtin:FOLDER, hf:FOLDER or openai:NAME")
    base_url: str = option("", "address of the endpoint, for a model behind one")
    framing: Literal["auto", "none", "content", "fit"] = option(
        "auto",
        "auto, none to take the image as it is, content to crop to the ink and centre it by mass, "
        "fit to crop to the thing and fill the frame",
    )
    polarity: Literal["auto", "light-on-dark", "dark-on-light"] = option(
        "auto", "what the ink is: light-on-dark, dark-on-light, or auto to take what stands out more"
    )
    background: str = option("auto", "colour behind transparent parts, auto for black or white by contrast")
    frame: int = option(0, "which frame of an animation, counted from 0", minimum=0)
    batch: int = option(32, "pictures read at once", minimum=1, maximum=4096)
