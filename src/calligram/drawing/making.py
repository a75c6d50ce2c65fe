"""Making: from words to drawings, each read again to see whether it shows what was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calligram import settings
from calligram.drawing.options import USUAL_LAYOUT, DrawOptions
from calligram.drawing.starts import parse_start
from calligram.errors import OptionError, PictureError
from calligram.models.base import Levels, Model, OnRow, Request, open_model, taught_subjects
from calligram.nano.prompts import question
from calligram.nano.requests import find_request
from calligram.picture import Layout, TextPicture, get_layout

ALIKE = frozenset("cCoOsSuUvVwWxXzZkKpP")
"""Letters whose large and small forms differ in size alone, which a framed picture does not show."""


@dataclass(frozen=True)
class Drawing:
    """A text picture that a model made.

    Args:
        request: the words it was made for.
        picture: the drawing.
        read_as: what the model reads it as; None where it abstained or was not asked.
        as_asked: whether that is what was asked for; None where it was not read.
        seed: with it, for one drawing that is not drawn again, the same one is made.
        bits: how many bits the model needs for one cell of it; fewer is more usual; NaN where it tells none.
        tries: how many drawings were made for it.
    """

    request: str
    picture: TextPicture
    read_as: str | None
    as_asked: bool | None
    seed: int
    bits: float
    tries: int = 1

    @property
    def text(self) -> str:
        """The drawing as marked-up text."""
        return self.picture.text

    def __str__(self) -> str:
        return self.text


def draw(
    request: Request,
    count: int = 1,
    seed: int | None = None,
    layout: str | Layout | None = None,
    model: str | Model | None = None,
    options: DrawOptions | None = None,
    *,
    complete: TextPicture | str | None = None,
    on_row: OnRow | None = None,
) -> list[Drawing]:
    """Return drawings of what words ask for.

    Args:
        request: as ``"the digit 5"``, ``"an ankle boot"`` or ``"capital q"``, or a kind and an answer.
        count: how many, at least 1.
        seed: of the first drawing, each next one adds 1; None is the options' own, or a fresh one.
        layout: the drawings' layout or its name; None is the options' own, else that of ``complete``, else
            classic.
        model: a model or its spelling; None is the options' own.
        options: sampling, checking and drawing again.
        complete: the first rows, kept as they are, as a text picture or its text.
        on_row: told of each row of the first tries as soon as it stands: drawing, row, levels.

    Raises:
        RequestError: the model was not taught to draw that.
        PictureError: ``complete`` does not fit the layout, or is whole already.
        OptionError: an option or the count is out of its range, or two options do not go together.
        ModelError: the model is missing or damaged, or was not taught the layout.
    """
    options = options or DrawOptions()
    if seed is not None:
        options = replace(options, seed=seed)
    settings.check(options)
    if count < 1:
        raise OptionError(f"count is {count}, but must be at least 1")
    start, chosen = _start(complete, layout, options)
    opened = model if isinstance(model, Model) else open_model(model or options.model, options.base_url)
    words = request if isinstance(request, str) else " ".join(request)
    hand = _Hand(opened, chosen, words, _wanted(request, opened), start, options)
    return hand.draw(count, options.seeded().seed or 0, on_row)


def _start(
    complete: TextPicture | str | None, layout: str | Layout | None, options: DrawOptions
) -> tuple[Levels | None, Layout]:
    """Return the rows given and the layout of the whole."""
    asked = layout or options.layout
    if complete is None:
        return None, get_layout(asked or USUAL_LAYOUT)
    known = get_layout(asked) if asked else None
    if isinstance(complete, str):
        complete = parse_start(complete, known)
    if known and complete.layout != known:
        raise PictureError(
            f"the half-drawn picture is {complete.layout.name}, but {known.name} was asked for: "
            "name its own layout"
        )
    return complete.levels, complete.layout


def _wanted(request: Request, model: Model) -> tuple[str, str] | None:
    """Return kind and answer, or None where the model takes requests in any words."""
    subjects = taught_subjects(model)
    return find_request(request, subjects) if subjects is not None else None


@dataclass(frozen=True)
class _Hand:
    """What draws, opened once for several drawings."""

    model: Model
    layout: Layout
    request: str
    wanted: tuple[str, str] | None
    start: Levels | None
    options: DrawOptions

    def draw(self, count: int, seed: int, on_row: OnRow | None) -> list[Drawing]:
        """Return the drawings; those not read as asked are drawn again with seeds that no other one has."""
        drawings = self._try(count, seed, 1, on_row)
        for turn in range(2, self.options.most_tries + 1):
            missed = [place for place, drawing in enumerate(drawings) if drawing.as_asked is False]
            first = seed + count * (turn - 1)
            for place in missed:
                drawings[place] = self._try(1, first + place, turn)[0]
        return drawings

    def _try(self, count: int, seed: int, turn: int, on_row: OnRow | None = None) -> list[Drawing]:
        request: Request = self.wanted or self.request
        grids = self.model.draw(
            request,
            self.layout,
            count,
            self.options.sampling(seed),
            prefix_levels=self.start,
            on_row=on_row,
        )
        levels = np.stack(grids)
        bits = self.model.bits_per_cell(levels, self.layout, request)
        return [
            Drawing(
                request=self.request,
                picture=TextPicture(grid, self.layout),
                read_as=answer,
                as_asked=_is_as_asked(answer, self.wanted) if self.options.check else None,
                seed=seed + place,
                bits=float(bits[place]),
                tries=turn,
            )
            for place, (grid, answer) in enumerate(zip(grids, self._read(levels), strict=True))
        ]

    def _read(self, levels: Levels) -> Sequence[str | None]:
        """Return what the model reads each drawing as, asked about the kind that was wanted."""
        if not self.options.check or self.wanted is None:
            return [None] * len(levels)
        asked = question(self.wanted[0]).strip()
        return [reading.answer for reading in self.model.read(levels, self.layout, asked, familiarity=False)]


def _is_as_asked(answer: str | None, wanted: tuple[str, str] | None) -> bool | None:
    if wanted is None:
        return None
    if answer in ALIKE and wanted[1] in ALIKE:
        return answer.lower() == wanted[1].lower()
    return answer == wanted[1]
