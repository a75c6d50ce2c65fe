"""Each row between tags that count it: ``<row:1>…</row:1>``, as the idea's author spells it."""


def before(row: int, rows: int) -> str:
    """Return the opening tag."""
    return f"<row:{row}>"


def after(row: int, rows: int) -> str:
    """Return the closing tag and the line break."""
    return f"</row:{row}>\n"


def cells(symbols: str) -> tuple[str, ...]:
    """Return the ramp's own symbols."""
    return tuple(symbols)
