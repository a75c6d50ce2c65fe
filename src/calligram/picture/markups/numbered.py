"""Each row after its number, between bars, so that blank ends stay seen, as in ``10|…|``."""

import re

SIGN = re.compile(r"\s*\d+\|")
"""How a line begins."""

LOOSE = re.compile(r"\s*(?P<number>\d+)?\s*\|(?P<cells>.*?)\|?\s*")
"""A row whose tags may be damaged."""


def before(row: int, rows: int) -> str:
    """Return the row's number, as wide as the last one, and a bar."""
    return f"{row:>{len(str(rows))}}|"


def after(row: int, rows: int) -> str:
    """Return a bar and the line break."""
    return "|\n"


def cells(symbols: str) -> tuple[str, ...]:
    """Return the ramp's own symbols."""
    return tuple(symbols)
