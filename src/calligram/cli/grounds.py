"""Sentences at a terminal, each with what it rests on beside it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from calligram.art.grounding import Statement

WIDTH = 112
"""Columns at most of the whole."""
WITHOUT = "without evidence"


def print_grounds(console: Console, statements: "Iterable[Statement]") -> None:
    """Print sentences on the left, and on the right what they rest on or that they rest on nothing."""
    table = Table.grid(padding=(0, 3), expand=True)
    table.add_column(overflow="fold", ratio=5)
    table.add_column(overflow="fold", ratio=2)
    for statement in statements:
        grounds = grounds_of(statement)
        table.add_row(_sentence(statement), Text(grounds, style="yellow" if grounds == WITHOUT else "dim"))
    console.print(table, width=min(console.width, WIDTH))


def grounds_of(statement: "Statement") -> str:
    """Return what a sentence rests on, in one line.

    >>> from calligram.art.grounding import Statement
    >>> grounds_of(Statement("It is dark.", ("light_or_dark",), ("B3",)))
    'light_or_dark; B3'
    """
    if statement.origin == "imagined":
        return "imagined: rests on nothing"
    parts = [", ".join(part) for part in (statement.facts, statement.regions) if part]
    return "; ".join(parts) if parts else WITHOUT


def _sentence(statement: "Statement") -> Text:
    style = "italic" if statement.origin == "imagined" else ""
    text = Text(statement.text, style=style)
    for fault in statement.faults:
        text.append(f"\n! contradicts the facts: {fault}", style="red")
    return text
