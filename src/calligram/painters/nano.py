"""The built-in language model draws, and its drawing is set in characters, or in smooth ink.

It knows digits, letters and garments, asked for as ``"the digit 5"``, ``"capital q"`` or ``"an ankle boot"``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from calligram import __version__
from calligram.errors import ModelError
from calligram.nano.engine import Engine
from calligram.nano.folder import SHIPPED, open_folder
from calligram.nano.generation import Sketch, draw
from calligram.nano.grammar import DrawingGrammar, Levels
from calligram.nano.prompts import SUBJECTS, drawing_opener, drawing_prompt, question
from calligram.nano.requests import find_request
from calligram.nano.sampling import SamplingOptions, softmax
from calligram.nano.scoring import reading_ids, weigh_answers
from calligram.painters._posters import SheetOptions, on_sheet, remarks, told
from calligram.painters.base import Order, Painted, Painter
from calligram.picture.layout import LAYOUTS
from calligram.picture.posters.inks import choose_paper
from calligram.picture.posters.making import OWN, make_poster
from calligram.picture.posters.options import PosterOptions
from calligram.picture.posters.sheets import lay_sheet
from calligram.picture.text_picture import TextPicture
from calligram.settings import option, option_of

SPELLING = "nano, or nano:FOLDER of a model that you trained"

TRIES_APART = 1000
"""The tries of two seeds that follow each other share none."""

READ_AS_ASKED = 0.5
"""A drawing is read as asked where that answer has at least so much probability."""

SOFT = (0.3, 0.52)
"""Shares of ink between which an edge of smooth ink goes from paper to full."""


@dataclass(frozen=True)
class Options(SheetOptions):
    """How the model draws, and how its drawing is set."""

    GROUP: ClassVar[str] = "nano"

    style: Literal["ink", "letters", "words", "cells"] = option(
        "letters",
        "ink: smooth; letters: many small ones; words: the request runs through it; cells: as it was drawn",
    )
    layout: Literal["classic", "fine", "full"] = option("fine", "layout in which the model draws")
    temperature: float = option_of(SamplingOptions, "temperature", 0.9)
    tries: int = option(
        4, "drawings at most for one that the model itself reads as asked", minimum=1, maximum=64
    )
    guidance: float = option(
        1.5, "how far drawings follow the request, 1 as the model would", minimum=0, maximum=10
    )
    size: str = option_of(PosterOptions, "size", "195x195mm")
    columns: int | None = option_of(PosterOptions, "columns", None)


def load(place: str, options: Options) -> Painter:
    """Return the painter with the shipped model, or with that of a folder.

    Raises:
        ModelError: a file of the model is missing or damaged.
    """
    return Nano(Engine(open_folder(place or SHIPPED)), options, place)


class Nano(Painter):
    """Sets what a nano model draws.

    Args:
        engine: the model.
        options: how it draws, and how that is set.
        place: its folder; empty for the shipped one.
    """

    name = "nano"

    def __init__(self, engine: Engine, options: Options, place: str = "") -> None:
        self.engine, self.options = engine, options
        self.model = "calligram nano" + (f" {Path(place).name}" if place else "")
        self.version = "" if place else __version__

    def paint(self, order: Order, count: int = 1) -> Sequence[Painted]:
        """Return drawings, set; number k follows from the words and the seed plus k.

        Raises:
            RequestError: the model was not taught to draw that.
            ModelError: it was not taught the layout.
        """
        kind, answer = find_request(order.words, self._subjects())
        grids = [self._draw(kind, answer, order.seed + place) for place in range(count)]
        settings = told(self.options, "model") | {"style": self.options.style, "layout": self.options.layout}
        told_remarks = remarks(order)
        return [
            Painted(
                self._set(TextPicture(levels, LAYOUTS[self.options.layout]), order, order.seed + place),
                order.seed + place,
                self.model,
                self.version,
                {**settings, "drawn": f"{kind} {answer}"},
                told_remarks,
            )
            for place, levels in enumerate(grids)
        ]

    def _subjects(self) -> Mapping[str, Sequence[str]]:
        taught = (self.engine.folder.config.get("calligram") or {}).get("subjects") or SUBJECTS
        known = self.engine.vocabulary.ids
        return {kind: [answer for answer in answers if answer in known] for kind, answers in taught.items()}

    def _draw(self, kind: str, answer: str, seed: int) -> Levels:
        """Return the first of some drawings that is read as asked, else the one that comes nearest to it."""
        layout = LAYOUTS[self.options.layout]
        if drawing_opener(kind, layout.name) not in self.engine.vocabulary.ids:
            raise ModelError(
                f"the model was not taught to draw a {kind} in the layout {layout.name!r}: "
                f"choose another of {', '.join(LAYOUTS)}"
            )
        grammar = DrawingGrammar(self.engine.vocabulary, layout.symbols, *layout.grid())
        sketch = Sketch(drawing_prompt(kind, answer, layout.name), grammar)
        sampling = SamplingOptions(
            temperature=self.options.temperature, guidance=self.options.guidance, seed=seed * TRIES_APART
        )
        drawn = np.stack(draw(self.engine, sketch, self.options.tries, sampling))
        chances = self._chances(drawn, layout.symbols, kind, answer)
        return np.asarray(drawn[int(np.argmax(np.minimum(chances, READ_AS_ASKED)))])

    def _chances(self, drawn: Levels, symbols: str, kind: str, answer: str) -> npt.NDArray[np.float32]:
        """Return how probable the answer is to the question what each drawing shows, ``(N,)``."""
        answers = self._subjects()[kind]
        tokens = np.array([self.engine.vocabulary.ids[each] for each in answers], np.int64)
        ids = reading_ids(self.engine, drawn, symbols, question(kind))
        return softmax(weigh_answers(self.engine, ids, tokens))[:, answers.index(answer)]

    def _set(self, picture: TextPicture, order: Order, seed: int) -> Image.Image:
        """Return one drawing in the style that was chosen."""
        options = replace(on_sheet(self.options, order), seed=seed)
        if options.style == "ink":
            return self._in_ink(picture, options)
        if options.style == "words":
            options = replace(options, words=options.words or order.words)
        elif options.style == "cells":
            options = replace(options, charset=OWN, columns=None)
        return make_poster(picture, options).image()

    def _in_ink(self, picture: TextPicture, options: Options) -> Image.Image:
        """Return a drawing without characters: its levels enlarged smoothly, with soft edges."""
        aspect = picture.columns * picture.layout.font_ratio / picture.rows
        sheet = lay_sheet(options, aspect)
        paper, ink = (
            np.array(colour, np.float64) for colour in choose_paper(options.paper, options.ink, False)
        )
        room = np.array([sheet.width, sheet.height]) - 2 * round(
            options.margin * min(sheet.width, sheet.height)
        )
        width = max(1, int(min(room[0], room[1] * aspect)))
        height = max(1, int(width / aspect))
        levels = picture.levels.astype(np.float32) / (picture.layout.level_count - 1)
        # a cell of paper around it, so that ink does not end in a straight line
        wide = np.pad(levels, 1)
        large = Image.fromarray(wide).resize(
            (width + 2 * width // picture.columns, height + 2 * height // picture.rows),
            Image.Resampling.BICUBIC,
        )
        share = ((np.asarray(large) - SOFT[0]) / (SOFT[1] - SOFT[0])).clip(0, 1)
        share = share * share * (3 - 2 * share)
        drawn = paper + share[..., None] * (ink - paper)
        page = Image.new("RGB", (sheet.width, sheet.height), tuple(int(part) for part in paper))
        place = (sheet.width - large.width) // 2, (sheet.height - large.height) // 2
        page.paste(Image.fromarray(np.rint(drawn).astype(np.uint8)), place)
        return page
