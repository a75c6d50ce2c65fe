"""Hands: what paints, reads, revises and writes in a refinement."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from calligram.art.refining_looks import Reader
from calligram.art.refining_rounds import Attempt
from calligram.models.base import Talking
from calligram.painters.base import Painted, Painter
from calligram.whole_files import write_whole

Save = Callable[[Path, Painted, Attempt], None]
"""Writes one image to a file, with whatever it should say of itself."""


def save_plain(path: Path, painted: Painted, attempt: Attempt) -> None:
    """Write an image as PNG, without a word of how it was made.

    Raises:
        OutputError: it cannot be written.
    """
    held = io.BytesIO()
    painted.image.save(held, "PNG")
    write_whole(path, held.getvalue())


@dataclass(frozen=True)
class Hands:
    """What paints, reads, revises and writes.

    Args:
        painter: paints.
        readers: read what images show, the best first.
        model: revises the words, and finds wishes that rules do not; None leaves both to rules.
        name: of the model, for results; empty for its own.
        spelling: the painter's, by which the same refinement is known again; empty for its name.
        save: writes an image.
    """

    painter: Painter
    readers: Sequence[Reader] = ()
    model: Talking | None = None
    name: str = ""
    spelling: str = ""
    save: Save = save_plain

    @property
    def writer(self) -> str:
        """How the model that revises the words is called; empty where there is none."""
        if self.model is None:
            return ""
        return self.name or str(getattr(self.model, "name", type(self.model).__name__))
