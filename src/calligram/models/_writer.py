"""The writer that comes with Calligram, or another one in such a folder: it writes, and that alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError, OptionError
from calligram.models._nano_speaking import NanoSpeaking
from calligram.models.base import (
    Levels,
    Model,
    OnRow,
    Reading,
    Request,
    SamplingOptions,
    Writing,
    Written,
)
from calligram.nano.copying import words_of
from calligram.nano.fields import KINDS, Fields, Kind, spell_fields, split_fields
from calligram.nano.writer_folder import WriterEngine, open_writer
from calligram.nano.writing import Task, continue_text
from calligram.nano.writing_rules import WritingRules
from calligram.picture import Layout
from calligram.settings import option

PROSE: Kind = "label"
"""What an opening without fields is taken for."""


@dataclass(frozen=True)
class WriterOptions:
    """How the writer writes."""

    GROUP: ClassVar[str] = "writer"

    names: bool = option(
        False, "let it write names, years and other numbers, which it makes up; titles and tags always may"
    )
    drafts: int = option(
        6, "texts drawn for each that is kept: the fittest; 1 keeps the first", minimum=1, maximum=64
    )


class Writer(NanoSpeaking, Model, Writing):
    """A small language model of prose on art.

    Args:
        place: its folder; empty is the shipped one.
        name: how it was spelled.
        options: how it writes.
    """

    engine: WriterEngine

    def __init__(self, place: str, name: str, options: WriterOptions) -> None:
        self.engine = WriterEngine(open_writer(place) if place else open_writer())
        self.name, self.options = name, options
        self._refused = self._silent = 0

    def write(self, opening: str, count: int, options: SamplingOptions, most_tokens: int) -> list[Written]:
        """Return continuations; see :class:`Writing`.

        The opening may begin with fields as :func:`spell_fields` spells them; without them it is taken for
        the beginning of a label. No text copies more than twelve words in a row.

        Raises:
            ModelError: the opening is too long.
            OptionError: guidance is asked for, or more tokens than the writer has positions.
        """
        if options.guidance not in (None, 1):
            raise OptionError(f"guidance is {options.guidance}, but {self.name} has none: leave it out")
        fields, begun = split_fields(opening)
        fields = fields or Fields(PROSE)
        seed = options.seeded().seed or 0
        task = self._task(fields, begun, options, most_tokens)
        self._check_length(len(task.ids) + 1)
        made = continue_text(task, [seed + number for number in range(count)])
        self._refused += sum(each.refused for each in made)
        self._silent += sum(not each.text for each in made)
        return [Written(each.text, each.seed, each.logprob, each.tokens, each.whole) for each in made]

    def _task(self, fields: Fields, begun: str, options: SamplingOptions, most: int) -> Task:
        names = self.options.names or fields.kind in ("title", "tags")
        rules = WritingRules(self.engine.folder.known, names)
        wished = {word for told in (*fields.tags, *fields.colours) for word in words_of(told)}
        wished -= set(words_of(begun))
        return Task(
            self.engine,
            spell_fields(fields),
            begun,
            options,
            most,
            rules,
            self.options.drafts,
            sorted(wished),
        )

    def remarks(self) -> list[str]:
        """Return how many texts were drawn again, and how many came to nothing."""
        told = []
        if self._refused:
            told.append(
                f"{self.name} drew {self._refused} texts again, which copied or named what they must not"
            )
        if self._silent:
            told.append(
                f"{self.name} found nothing to say in {self._silent} texts: try another seed or opening"
            )
        return told

    def _check_length(self, tokens: int) -> None:
        if tokens > self.positions:
            raise ModelError(
                f"the opening has {tokens} tokens, but {self.name} reads at most {self.positions}: shorten it"
            )

    def describe(self) -> dict[str, object]:
        """Return name, size and what it was taught, ready for JSON."""
        return {
            "name": self.name,
            "parameters": self.engine.folder.parameters,
            "tokens": len(self.engine.vocabulary),
            "positions": self.positions,
            "kinds": list(KINDS),
            "subjects": {},
        }

    def read(
        self,
        levels: Levels,
        layout: Layout,
        question: str,
        candidates: Sequence[str] | None = None,
        *,
        familiarity: bool = True,
    ) -> list[Reading]:
        raise self._cannot("read pictures")

    def draw(
        self,
        request: Request,
        layout: Layout,
        count: int = 1,
        options: SamplingOptions | None = None,
        *,
        prefix_levels: Levels | None = None,
        on_row: OnRow | None = None,
    ) -> list[Levels]:
        raise self._cannot("draw")

    def bits_per_cell(
        self, levels: Levels, layout: Layout, request: Request | None = None
    ) -> npt.NDArray[np.float64]:
        raise self._cannot("weigh pictures")

    def _cannot(self, what: str) -> ModelError:
        return ModelError(f"the model {self.name!r} writes and does not {what}: use builtin for that")
