"""Recommends one spelling of a layout's levels for a tokenizer."""

from collections.abc import Sequence
from dataclasses import dataclass

from calligram.evaluation.tokens.measuring import Measure


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
        chars = "" if layout.markup == "letters" else f" --chars {layout.ramp!r}"
        return f"--markup {layout.markup}{chars}{' --header' if layout.header else ''}"


def recommend(measures: Sequence[Measure], context: int) -> Recommendation:
    """placeholder"""
    return Recommendation(measures[2], "x")
