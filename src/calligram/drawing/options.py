"""The options of drawing: each default, range and help line stated once."""

from dataclasses import dataclass, fields

from calligram.errors import OptionError
from calligram.models.base import SamplingOptions
from calligram.settings import option

USUAL_LAYOUT = "classic"
"""Drawn where neither an option nor the rows to complete say another."""


@dataclass(frozen=True)
class DrawOptions(SamplingOptions):
    """What draws, how it chooses, and whether it looks at what it drew."""

    layout: str | None = option(
        None, "layout of the drawing: classic, fine or full; that of the rows to complete, else classic"
    )
    model: str = option("builtin", "model that draws, as builtin or builtin:FOLDER")
    check: bool = option(True, "read each drawing and tell what it is read as")
    until_read: bool = option(False, "draw again what is not read as it was asked for")
    tries: int = option(8, "drawings at most for one that is read as asked", minimum=1, maximum=1000)

    def check_together(self) -> None:
        """Raise OptionError where one option leaves another without effect."""
        if self.until_read and not self.check:
            raise OptionError("until_read needs each drawing read, but check is off: leave one of them out")
        if self.until_read and self.beams > 1:
            raise OptionError(
                f"until_read draws again by other seeds, but with {self.beams} beams every try is the same: "
                "leave one of them out"
            )

    def sampling(self, seed: int) -> SamplingOptions:
        """Return what the model needs to know to sample, with a seed of its own."""
        values = {field.name: getattr(self, field.name) for field in fields(SamplingOptions)}
        return SamplingOptions(**{**values, "seed": seed})
