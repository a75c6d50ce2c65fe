"""How facts are measured, and what a model is given of an image."""

from dataclasses import dataclass

from calligram.picture.options import Limits
from calligram.settings import option


@dataclass(frozen=True)
class FactsOptions(Limits):
    """How facts are measured."""

    longest_px: int = option(512, "measure on a copy of at most so many a side", minimum=16, maximum=4096)
    background: str = option("white", "colour behind transparent parts")


@dataclass(frozen=True)
class EyesOptions(FactsOptions):
    """What a model is given of an image."""

    columns: int = option(64, "characters across, a multiple of 8", minimum=8, maximum=208)
    most_rows: int = option(48, "a tall picture gets fewer columns, so that it has no more rows", minimum=4)
    png_px: int = option(768, "longest side of the image for models that take one", minimum=16, maximum=4096)
