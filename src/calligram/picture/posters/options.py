"""The options of posters: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import Literal

from calligram.picture.options import Limits
from calligram.settings import option, option_of

ANIMATED_COLUMNS = 80
"""Characters across in an animation of an image, which is small, where no other number is asked for."""


@dataclass(frozen=True)
class AnimationOptions:
    """How a poster is shown being made."""

    order: Literal["rows", "light", "ink"] = option(
        "rows", "how an animation is made: rows from the top, light or heavy characters first"
    )
    seconds: float = option(4.0, "how long an animation draws", minimum=0.1, maximum=60)
    frames: int = option(30, "pictures in an animation", minimum=2, maximum=400)
    width_px: int = option(480, "width of an animation in pixels", minimum=16, maximum=4000)


@dataclass(frozen=True)
class PosterOptions(Limits, AnimationOptions):
    """How an image or a text picture is set as a poster."""

    columns: int | None = option(
        None, "characters across; 200, or a text picture's own", minimum=1, maximum=2000
    )
    charset: str = option(
        "letters",
        "characters to choose from: letters, ascii, digits, marks, shades, braille, own, or themselves",
    )
    words: str = option("", "a text that runs through the picture, in the place of chosen characters")
    font: str = option("", "font file, .ttf or .otf; several with commas, lightest first; else Fira Code")
    paper: str = option("auto", "colour of the paper, as '#f5f0e6'; auto is dark for dark images, else light")
    ink: str = option("auto", "colour of the ink; auto is dark on light paper, light on dark")
    colour: Literal["image", "none"] = option("image", "colour of each character: image, or none for one ink")
    inks: int = option(96, "different inks at most", minimum=2, maximum=256)
    saturation: float = option(1.2, "of the image's colours, 1 changes nothing", minimum=0, maximum=4)
    contrast: float = option(1.0, "contrast around middle grey, 1 changes nothing", minimum=0, maximum=10)
    detail: float = option(
        0.5, "how much what stands out from its neighbourhood is raised", minimum=0, maximum=4
    )
    invert: bool = option(False, "swap light and dark")
    size: str = option("A3", "of the sheet: A0 to A6, B0 to B6, or as 50x70cm, 18x24in, 300x400mm")
    turn: Literal["auto", "portrait", "landscape"] = option(
        "auto", "how the sheet lies: portrait, landscape, or auto as the image does"
    )
    dpi: float = option(300.0, "pixels to the inch", minimum=10, maximum=2400)
    margin: float = option(
        0.09, "free around the picture, in parts of the sheet's shorter side", minimum=0, maximum=0.45
    )
    title: str = option("", "title beneath the picture")
    byline: str = option("", "second line beneath the picture, as artist and date")
    frame: Literal["none", "line"] = option("none", "line sets a thin line around the picture")
    seed: int = option(0, "which of several characters that fit equally well is taken", minimum=0)
    max_aspect: float = option_of(Limits, "max_aspect", 10_000.0)
    max_sheet_pixels: int = option(200_000_000, "refuse sheets of more pixels", minimum=1)
