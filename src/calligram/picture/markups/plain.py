"""The cells alone, a line for each row."""

import re

SIGN = None
"""Any line may be one, so that none is known by its look."""

LOOSE = re.compile(r"(?P<number>(?!))?(?P<cells>.*)")
"""A row whose tags may be damaged."""


def before(row: int, rows: int) -> str:
    """Return nothing."""
    return ""


def after(row: int, rows: int) -> str:
    """Return the line break."""
    return "\n"


def cells(symbols: str) -> tuple[str, ...]:
    """Return the ramp's own symbols."""
    return tuple(symbols)
