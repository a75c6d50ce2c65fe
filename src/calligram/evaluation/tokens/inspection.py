"""One look at a tokenizer: every spelling measured, one recommended, and pictures of where it cuts."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram.errors import OptionError
from calligram.evaluation.tokens.boundaries import Panel, make_panel
from calligram.evaluation.tokens.kinds import BuiltinTokenizer
from calligram.evaluation.tokens.measuring import (
    Levels,
    Measure,
    encode_pictures,
    load_pictures,
    measure,
    own_ramps,
    spellings,
)
from calligram.evaluation.tokens.opening import open_tokenizer
from calligram.evaluation.tokens.options import USUAL_CONTEXT, TokensOptions
from calligram.evaluation.tokens.recommending import Recommendation, flags_of, recommend
from calligram.evaluation.tokens.splitting import Tokenizer
from calligram.nano.folder import SHIPPED
from calligram.picture import Layout, get_layout, spell

Progress = Callable[[str, int, int], None]

CONTEXT_KEYS = ("max_position_embeddings", "n_positions", "n_ctx")
"""How a model's ``config.json`` calls the tokens it holds."""

TAUGHT = "The built-in model was taught this spelling, and reads no other."

SHOWN_INK = 0.2
"""The picture that is shown has about this share of its cells inked, where there is a choice."""


@dataclass(frozen=True)
class Inspection:
    """What was found.

    Args:
        tokenizer: the one looked at.
        options: what was asked.
        context: how many tokens the model holds.
        context_from: ``"given"``, ``"known"`` from the model's folder, or ``"assumed"``, as is usual.
        measures: of every spelling; the first spell the layout's own levels.
        recommended: one of them, and why.
        shown: the levels of one picture in the layout.
    """

    tokenizer: Tokenizer
    options: TokensOptions
    context: int
    context_from: str
    measures: tuple[Measure, ...]
    recommended: Recommendation
    shown: Levels

    @property
    def own(self) -> Measure:
        """The layout's own spelling."""
        return _as_laid_out(self.measures, get_layout(self.options.layout))

    @property
    def same_levels(self) -> list[Measure]:
        """The spellings of the layout's own levels."""
        return _of_own_levels(self.measures, get_layout(self.options.layout))

    def panels(self) -> list[Panel]:
        """Return the shown picture in the layout's own spelling and, if it is another, the recommended."""
        wanted = dict.fromkeys([self.own, self.recommended.measure])
        return [self._panel(each) for each in wanted]

    def command(self, wanted: Measure) -> str:
        """Return the command that spells an image so."""
        layout = self.options.layout
        return f"calligram encode FILE --layout {layout} {flags_of(wanted, get_layout(layout).ramp)}"

    def _panel(self, wanted: Measure) -> Panel:
        text = spell(self.shown, wanted.layout)
        split = self.tokenizer.split(text)
        return make_panel(f"{wanted.spelling}: {len(split.ids)} tokens", text, split)

    def figures(self) -> dict[str, Any]:
        """Return everything as JSON can hold it."""
        recommended, alternative = self.recommended.measure, self.recommended.alternative
        return {
            "tokenizer": self.tokenizer.name,
            "kind": self.tokenizer.kind,
            "size": self.tokenizer.size,
            "layout": self.options.layout,
            "source": self.options.pictures or "samples",
            "pictures": recommended.pictures,
            "context": self.context,
            "context_from": self.context_from,
            "price": self.options.price,
            "recommended": self._named(recommended) | {"reason": self.recommended.reason},
            "alternative": self._named(alternative) if alternative else None,
            "spellings": [each.figures(self.context, self.options.price) for each in self.measures],
        }

    def _named(self, wanted: Measure) -> dict[str, Any]:
        layout = wanted.layout
        return {
            "ramp": layout.ramp,
            "markup": layout.markup,
            "header": layout.header,
            "tokens": wanted.tokens,
            "command": self.command(wanted),
        }


def inspect(spelling: str, options: TokensOptions, progress: Progress | None = None) -> Inspection:
    """Return how a tokenizer cuts text pictures in every spelling, and which spelling suits it.

    Args:
        spelling: the tokenizer, as :func:`calligram.evaluation.tokens.opening.open_tokenizer` takes it.
        options: layout, pictures, context and price.
        progress: called with what is done, spellings done and spellings in all.

    Raises:
        ModelError: the tokenizer cannot be used.
        MissingExtraError: its package is not installed.
        SourceError: the pictures cannot be read.
        OptionError: the context is too small for any spelling.
    """
    layout, tokenizer = get_layout(options.layout), open_tokenizer(spelling)
    images = load_pictures(options.pictures, options.limit, options.seed, layout.columns)
    grids: dict[str, Sequence[Levels]] = {}
    measures = []
    wanted = spellings(layout)
    for done, each in enumerate(wanted, 1):
        if each.ramp not in grids:
            grids[each.ramp] = encode_pictures(images, each)
        measures.append(measure(tokenizer, grids[each.ramp], each))
        if progress:
            progress("cutting pictures into tokens", done, len(wanted))
    context, context_from = _context(spelling, options)
    _check_context(context, measures, options)
    same = _of_own_levels(measures, layout)
    taught = isinstance(tokenizer, BuiltinTokenizer)
    shown = min(grids[layout.ramp], key=lambda levels: abs(float((levels > 0).mean()) - SHOWN_INK))
    advice = Recommendation(_as_laid_out(measures, layout), TAUGHT) if taught else recommend(same, context)
    return Inspection(tokenizer, options, context, context_from, tuple(measures), advice, shown)


def _as_laid_out(measures: Sequence[Measure], layout: Layout) -> Measure:
    wanted = (layout.ramp, layout.markup, layout.header)
    return next(
        each for each in measures if (each.layout.ramp, each.layout.markup, each.layout.header) == wanted
    )


def _of_own_levels(measures: Sequence[Measure], layout: Layout) -> list[Measure]:
    ramps = own_ramps(layout)
    return [each for each in measures if each.layout.ramp in ramps]


def _context(spelling: str, options: TokensOptions) -> tuple[int, str]:
    """Return how many tokens the model holds, and whether that is given, known or assumed."""
    if options.context:
        return options.context, "given"
    known = known_context(spelling)
    return (known, "known") if known else (USUAL_CONTEXT, "assumed")


def known_context(spelling: str) -> int | None:
    """Return how many tokens the model beside a tokenizer holds, or None where its folder does not say.

    A name on the hub has no folder here. Models of several parts tell it of their part for text.
    """
    name, _, rest = spelling.partition(":")
    path = Path(rest or SHIPPED) if name in ("builtin", "hf") else Path(spelling)
    if name == "hf" and not path.is_dir():
        return None
    config = (path if path.is_dir() else path.parent) / "config.json"
    if not config.is_file():
        return None
    try:
        told = json.loads(config.read_text(encoding="utf-8"))
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    parts = [part for part in (told, told.get("text_config")) if isinstance(part, dict)]
    found = [part[key] for part in parts for key in CONTEXT_KEYS if isinstance(part.get(key), int)]
    return found[0] if found else None


def _check_context(context: int, measures: Sequence[Measure], options: TokensOptions) -> None:
    least = min(measures, key=lambda each: each.most)
    if context < least.most:
        raise OptionError(
            f"context is {context}, but even the shortest spelling ({least.spelling}) takes up to "
            f"{least.most} tokens a picture in the layout {options.layout}: give a larger context or a "
            "smaller layout"
        )
