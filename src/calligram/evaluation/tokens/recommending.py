"""Recommends one spelling of a layout's levels for a tokenizer."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calligram.evaluation.tokens.measuring import Measure

NEARLY_ALL = 0.95
"""So many of the inked cells have to be tokens of their own."""

CARE = "; send it as it is, for chat templates and trainers may strip the blanks at its ends"


@dataclass(frozen=True)
class Recommendation:
    """One spelling, and why.

    Args:
        measure: of the spelling.
        reason: one sentence.
        alternative: the cheapest of those with one token for every cell, blanks too; None where the
            recommended one is such, or none is.
    """

    measure: Measure
    reason: str
    alternative: Measure | None = None


def flags_of(measure: Measure, ramp: str) -> str:
    """Return what makes ``calligram encode`` spell so, beside the layout, whose ramp is given."""
    layout = measure.layout
    signs = "" if layout.ramp == ramp else f" --chars {shlex.quote(layout.ramp)}"
    return f"--markup {layout.markup}{signs}{' --header' if layout.header else ''}"


def recommend(measures: Sequence[Measure], context: int) -> Recommendation:
    """Return the spelling that suits a tokenizer, and why.

    What is wanted is asked in this order, and only where some spelling has it: that pictures fit the context,
    that texts come back from the tokenizer, that no character is cut, and that (nearly) every inked cell is a
    token of its own. Of what is left the one with the fewest tokens is taken.

    The study in ``docs/spelling-study.md``, of one training for each line, says: where tokens mix cells, or
    cut characters, the same network read less or no better. Row tags and numbers made tokens more and reading
    no better, and a header says only what all pictures of a layout share. Where blanks merge and inked cells
    are tokens of their own, pictures cost a third and were read as well as with one token for every cell; the
    cheapest spelling of that kind is named beside, for whoever wants every cell at a place of its own.

    Args:
        measures: the spellings to choose from, all of the same levels.
        context: how many tokens the model holds.
    """
    kept, gone = [each for each in measures if not each.layout.header], []
    for wanted, told in _WANTED:
        fit = [each for each in kept if wanted(each, context)]
        if fit and len(fit) < len(kept):
            gone.append(told)
        kept = fit or kept
    chosen = min(kept, key=lambda each: each.tokens)
    return Recommendation(chosen, _reason(chosen, gone), _alternative(kept, chosen))


def _alternative(kept: Sequence[Measure], chosen: Measure) -> Measure | None:
    if chosen.cutting.alone >= NEARLY_ALL:
        return None
    every = [each for each in kept if each.cutting.alone >= NEARLY_ALL]
    return min(every, key=lambda each: each.tokens, default=None)


_WANTED: tuple[tuple[Callable[[Measure, int], bool], str], ...] = (
    (lambda each, context: each.most <= context, "fit the context"),
    (lambda each, context: each.returned == 1, "come back from the tokenizer whole"),
    (lambda each, context: not each.cutting.torn, "cut no character"),
    (lambda each, context: each.ink.alone >= NEARLY_ALL, "give each inked cell a token of its own"),
)
"""What a spelling should do, in the order of weight, and how it is told."""


def _reason(chosen: Measure, gone: Sequence[str]) -> str:
    among = f" among those that {' and '.join(gone)}" if gone else ""
    care = CARE if chosen.layout.markup == "plain" and chosen.layout.symbols[0] == " " else ""
    return f"It takes the fewest tokens, {chosen.tokens:.0f} a picture{among}{care}."
