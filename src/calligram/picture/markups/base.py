"""What every markup is: a module with two patterns and three functions."""

import re
from typing import Protocol


class Markup(Protocol):
    """Spells a grid line by line: ``before``, the cells, ``after``."""

    SIGN: re.Pattern[str] | None
    """Matches the beginning of a line of this markup and of no other; None where lines have no such sign."""

    LOOSE: re.Pattern[str]
    """Matches a whole damaged line, for repair only; its groups are ``number`` (or none) and ``cells``."""

    def before(self, row: int, rows: int) -> str:
        """Return what stands before the cells of a row, counted from 1."""
        ...

    def after(self, row: int, rows: int) -> str:
        """Return what stands after the cells of a row, counted from 1, with one line break at its end."""
        ...

    def cells(self, symbols: str) -> tuple[str, ...]:
        """Return how each level is spelled: distinct strings, all of one length, without line breaks."""
        ...
