"""The options of drawing: each default, range and help line stated once."""

from dataclasses import dataclass, fields

from calligram.models.base import SamplingOptions
from calligram.settings import option, option_of

USUAL_LAYOUT = "classic"
"""Drawn where neither an option nor the rows to complete say another."""


@dataclass(frozen=True)
class DrawOptions(SamplingOptions):
    """What draws, how it chooses, and whether it looks at what it drew.

    Temperature was chosen on held-out training images of MNIST, so that drawings are recognised
    and are as unlike each other as real pictures are.
    """

    layout: str | None = option(
        None, "layout of the drawing: classic, fine or full; that of the rows to complete, else classic"
    )
    temperature: float = option_of(SamplingOptions, "temperature", 0.9)
    model: str = option("builtin", "model that draws, as builtin, builtin:FOLDER, hf:FOLDER or openai:NAME")
    base_url: str = option("", "address of the endpoint, for a model behind one")
    check: bool = option(True, "read each drawing and tell what it is read as")
    until_read: bool = option(True, "draw again what is not read as asked")
    tries: int = option(8, "drawings at most for one that is read as asked", minimum=1, maximum=1000)

    @property
    def most_tries(self) -> int:
        """Drawings at most for one: 1 with beams too, whose every try is the same."""
        return self.tries if self.until_read and self.check and self.beams == 1 else 1

    def sampling(self, seed: int) -> SamplingOptions:
        """Return what the model needs to know to sample, with a seed of its own."""
        values = {field.name: getattr(self, field.name) for field in fields(SamplingOptions)}
        return SamplingOptions(**{**values, "seed": seed})
