"""Each row between tags that count it: ``<row:1>…</row:1>``, as the idea's author spells it."""

import re

SIGN = re.compile(r"\s*<row:?\s*\d+\s*>")
"""How a line begins."""

LOOSE = re.compile(
    r"\s*<?\s*/?row\s*:?\s*(?P<number>\d+)?\s*>(?P<cells>.*?)(?:<\s*/?\s*row.*)?", re.IGNORECASE
)
"""A row whose tags may be damaged."""


def before(row: int, rows: int) -> str:
    """Return the opening tag."""
    return f"<row:{row}>"


def after(row: int, rows: int) -> str:
    """Return the closing tag and the line break."""
    return f"</row:{row}>\n"


def cells(symbols: str) -> tuple[str, ...]:
    """Return the ramp's own symbols."""
    return tuple(symbols)
