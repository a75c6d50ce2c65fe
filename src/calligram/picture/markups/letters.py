"""Each level as one letter after a space: one token a cell for GPT-2, GPT-4, Qwen and Llama-3."""

import re
from string import ascii_lowercase, ascii_uppercase

from calligram.errors import LayoutError

LETTERS = ascii_lowercase + ascii_uppercase

SIGN = re.compile(r"(?: [a-zA-Z])+\s*$")
"""A whole line of it."""

LOOSE = re.compile(r"(?P<number>(?!))?(?P<cells>.*?)\s*")
"""A row with damaged ends."""


def before(row: int, rows: int) -> str:
    """Return nothing."""
    return ""


def after(row: int, rows: int) -> str:
    """Return the line break."""
    return "\n"


def cells(symbols: str) -> tuple[str, ...]:
    """Return a space and a letter for each level, whatever the ramp's symbols are.

    Raises:
        LayoutError: the ramp has more levels than there are letters.
    """
    if len(symbols) > len(LETTERS):
        raise LayoutError(
            f"the markup letters spells up to {len(LETTERS)} levels, but the ramp has {len(symbols)}: "
            "choose the markup rows, plain or numbered"
        )
    return tuple(f" {letter}" for letter in LETTERS[: len(symbols)])
