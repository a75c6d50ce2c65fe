"""Recommends one spelling of a layout's levels for a tokenizer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calligram.evaluation.tokens.measuring import Measure

ALIKE = 0.05
"""Shares of cells alone that differ by no more than this count as the same."""


@dataclass(frozen=True)
class Recommendation:
    """One spelling, and why.

    Args:
        measure: of the spelling.
        reason: one sentence.
    """

    measure: Measure
    reason: str

    @property
    def flags(self) -> str:
        """What makes ``calligram encode`` spell so."""
        layout = self.measure.layout
        signs = "" if layout.markup == "letters" else f" --chars '{layout.ramp}'"
        return f"--markup {layout.markup}{signs}{' --header' if layout.header else ''}"


def recommend(measures: Sequence[Measure], context: int) -> Recommendation:
    """Return the spelling that suits a tokenizer, and why.

    Args:
        measures: the spellings to choose from, all of the same levels.
        context: how many tokens the model holds.
    """
    kept = [each for each in measures if not each.layout.header]
    kept = _where_possible(kept, lambda each: each.most <= context)
    kept = _where_possible(kept, lambda each: each.returned == 1)
    kept = _where_possible(kept, lambda each: not each.cutting.torn)
    best = max(each.cutting.alone for each in kept)
    alike = [each for each in kept if each.cutting.alone >= best - ALIKE]
    chosen = min(alike, key=lambda each: each.tokens)
    reason = (
        f"{chosen.cutting.alone:.0%} of its cells are a token of their own, as many as in any spelling that "
        f"comes back whole, and of such spellings it takes the fewest tokens, {chosen.tokens:.0f} a picture."
    )
    return Recommendation(chosen, reason)


def _where_possible(measures: list[Measure], wanted: Callable[[Measure], bool]) -> list[Measure]:
    """Return the spellings that are as wanted, or all where none is."""
    return [each for each in measures if wanted(each)] or measures
