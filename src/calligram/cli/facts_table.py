"""Facts as a table for people at a terminal: grouped, with bars and the palette in its own colours."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from calligram.art.fact import Facts

BAR = 18
"""Characters of a bar."""
STRIP = 60
MARK, TRACK, FILL = "┃", "─", "━"
LABEL = 24

Row = tuple[str, "Text | str", str]
"""Title, bar or empty, and what is said."""


def print_facts(facts: "Facts", name: str, console: "Console") -> None:
    """Print the facts of one image.

    Args:
        facts: what was measured.
        name: what the image is called.
        console: where to.
    """
    from rich.rule import Rule
    from rich.table import Table
    from rich.text import Text

    console.print(Rule(Text(name, style="bold"), style="dim", align="left"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(width=LABEL, no_wrap=True)
    table.add_column(width=BAR, no_wrap=True)
    table.add_column(overflow="fold")
    for title, rows in _groups():
        table.add_row(Text(title, style="bold cyan"), "", "")
        for row in rows(facts):
            table.add_row(Text(f"  {row[0]}"), row[1], Text(row[2]))
            if row[0] == "main colour":
                for line in _palette(facts["palette"], console):
                    table.add_row(*line)
    console.print(table)
    console.print()


def _groups() -> tuple[tuple[str, Callable[["Facts"], Iterator[Row]]], ...]:
    return (
        ("File", _file),
        ("Colour", _colour),
        ("Light", _light),
        ("Composition", _composition),
        ("Surface", _surface),
        ("Kind of picture", _kind),
    )


def _file(facts: "Facts") -> Iterator[Row]:
    for key in ("width_px", "orientation"):
        yield _told(facts, key)


def _colour(facts: "Facts") -> Iterator[Row]:
    yield _told(facts, "main_colour")
    yield "in colour or grey", "", facts["colour_or_grey"]
    yield "temperature", _marked(facts["warmth"], -1, 1), _behind(facts.text("warmth"))
    yield "colourfulness", _bar(facts["colourfulness"] / 110), _behind(facts.text("colourfulness"))


def _light(facts: "Facts") -> Iterator[Row]:
    yield "light or dark", _bar(facts["lightness"] / 100), _behind(facts.text("lightness"))
    yield "contrast", _bar(facts["contrast"] / 0.5), _behind(facts.text("contrast"))
    yield "spread of tones", _bar(facts["entropy"] / 8), _behind(facts.text("entropy"))


def _composition(facts: "Facts") -> Iterator[Row]:
    yield _told(facts, "centre")
    yield _told(facts, "thirds")
    symmetry = "mirror, left to right", "mirror, top to bottom"
    for title, key in zip(symmetry, ("symmetry_left_right", "symmetry_top_bottom"), strict=True):
        yield title, _marked(facts[key], -1, 1), f"{facts[key]:+.2f} (1 is a true mirror)"
    yield "horizon", "", _behind(facts.text("horizon"))
    yield "empty space", _bar(facts["empty_space"]), _behind(facts.text("empty_space"))


def _surface(facts: "Facts") -> Iterator[Row]:
    scales = {"complexity": 2.5, "edge_density": 0.6, "texture": 8.0, "rhythm": 1.0}
    for key, most in scales.items():
        title, _, told = facts.text(key).partition(": ")
        yield title.lower(), _bar(facts[key] / most), told


def _kind(facts: "Facts") -> Iterator[Row]:
    yield "a guess", "", facts["make"]
    yield "what speaks for it", "", facts["make_evidence"]


def _told(facts: "Facts", key: str) -> Row:
    title, _, told = facts.text(key).partition(": ")
    return title.lower(), "", told


def _behind(line: str) -> str:
    return line.partition(": ")[2]


def _bar(share: float) -> "Text":
    """Return a bar filled from the left by a share of 0 to 1."""
    from rich.text import Text

    filled = round(max(0.0, min(1.0, share)) * BAR)
    return Text.assemble((FILL * filled, "cyan"), (TRACK * (BAR - filled), "dim"))


def _marked(value: float, low: float, high: float) -> "Text":
    """Return a track with a mark where a value lies."""
    from rich.text import Text

    place = round(max(0.0, min(1.0, (value - low) / (high - low))) * (BAR - 1))
    return Text.assemble((TRACK * place, "dim"), (MARK, "bold cyan"), (TRACK * (BAR - 1 - place), "dim"))


def _palette(palette: list[dict[str, Any]], console: "Console") -> Iterator[tuple["RenderableType", ...]]:
    """Yield a row for each colour: its name, a bar in it, its share and how it is spelled."""
    from rich.text import Text

    for colour in palette:
        filled = max(1, round(colour["share"] * BAR))
        # without colour the bar still has to be seen
        bar = Text("█" * filled, style=colour["hex"] if console.color_system else "")
        said = f"{colour['share'] * 100:3.0f} %  {colour['hex']}"
        yield Text(f"    {colour['name']}"), bar, Text(said)
