"""A piece of work at a terminal: its timeline, a change word by word, and what to do next."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from calligram.art.work import Event, Work, tell_event, why_of
from calligram.art.work_export import HEADS, marks_of, summary
from calligram.cli.showing import wants_colour

if TYPE_CHECKING:
    from calligram.art.work_comparing import Mark
    from calligram.art.work_file import Added
    from calligram.art.work_steps import Step

COLOURS = {
    "brief": "bold blue",
    "idea": "cyan",
    "ideas": "cyan",
    "draft": "bold green",
    "note": "yellow",
    "change": "magenta",
    "why": "magenta",
    "decision": "bold",
}
MOST_LINES = 8
"""So many differences are shown of a change."""
SHOWN_COLUMNS, SHOWN_ROWS = 32, 16
"""A draft's text picture is shown in at most so many characters each way."""


def print_work(work: Work, pictures: bool = True) -> None:
    """Print a work's timeline."""
    console = Console(highlight=False)
    console.print(Text(work.title, style="bold"))
    console.print(Text(summary(work), style="dim"))
    for remark in work.remarks:
        typer.echo(f"calligram: {remark}", err=True)
    table, day = _timeline(), ""
    for event in work.events:
        if event.at[:10] != day:
            day = event.at[:10]
            if table.row_count:
                console.print(table)
            console.print(Rule(day, align="left", style="dim"))
            table = _timeline()
        table.add_row(*_row(work, event, pictures))
    console.print(table)


def _timeline() -> Table:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(justify="right", width=3)
    table.add_column(width=5)
    table.add_column(width=16)
    table.add_column(overflow="fold", ratio=1)
    return table


def _row(work: Work, event: Event, pictures: bool) -> list[RenderableType]:
    undone = event.number in work.undone
    style = "dim strike" if undone else COLOURS.get(event.kind, "")
    head = Text(HEADS.get(event.kind, event.kind), style=style)
    if undone:
        head.append(" (undone)", style="dim")
    cells = [Text(str(event.number), style="dim"), Text(event.at[11:16], style="dim"), head]
    return [*cells, Group(*_body(work, event, pictures and not undone, "dim strike" if undone else ""))]


def _body(work: Work, event: Event, pictures: bool, style: str) -> Iterator[RenderableType]:
    by = "" if event.by == "you" else f"  ({event.by})"
    if event.kind == "ideas":
        for number, idea in enumerate(event.told["ideas"], 1):
            yield Text(f"{number}  {idea['prompt']}", style=style)
        return
    if event.kind == "change":
        yield from _change(work, event, style)
    else:
        yield Text(tell_event(event) + by, style=style)
    if event.kind == "change" and pictures and (marks := marks_of(work, event)):
        yield _marked(marks)
    if event.kind == "draft" and pictures:
        yield from _content(work, event)


def _change(work: Work, event: Event, style: str) -> Iterator[RenderableType]:
    told = event.told
    yield Text(f"from draft {told['from']} to {told['to']}", style=style)
    lines = told["differences"] or ["nothing that is measured differs"]
    shown = lines if len(lines) <= MOST_LINES else lines[: MOST_LINES - 1]
    for line in shown:
        yield Text(f"- {line}", style=style)
    if len(shown) < len(lines):
        rest = f"and {len(lines) - len(shown)} more: calligram assist compare … {told['from']} {told['to']}"
        yield Text(f"  {rest}", style="dim")
    if why := why_of(work, event):
        yield Text(f"why: {why}", style=style or "italic")


def _content(work: Work, event: Event) -> Iterator[RenderableType]:
    thing = work.things.get(event.told["thing"], {})
    if thing.get("form") == "image":
        rows = _smaller(thing.get("text_picture", ()))
        yield Padding(Text("\n".join(rows), no_wrap=True), (0, 0, 0, 1))
    elif thing.get("form") == "text":
        yield Padding(Text(str(thing["text"])), (0, 0, 0, 1))


def _smaller(rows: Sequence[str]) -> list[str]:
    """Return every second or third character each way of a text picture, so that it fits."""
    step = max(1, -(-max(map(len, rows), default=0) // SHOWN_COLUMNS), -(-len(rows) // SHOWN_ROWS))
    return [row[::step] for row in rows[::step]]


def _marked(marks: Sequence[tuple["Mark", str]]) -> Text:
    """Return a text with what went struck out and what came underlined; as [-…-] {+…+} without colour."""
    line = Text()
    plain = not wants_colour()
    for mark, text in marks:
        if mark == "same":
            line.append(text)
        elif mark == "gone":
            line.append(f"[-{text}-]" if plain else text, "" if plain else "red strike")
        else:
            line.append(f"{{+{text}+}}" if plain else text, "" if plain else "green underline")
    return line


def print_difference(lines: Sequence[str], marks: Sequence[tuple["Mark", str]]) -> None:
    """Print what differs between two drafts."""
    console = Console(highlight=False)
    for line in lines or ["nothing that is measured differs"]:
        console.print(Text(f"  {line}"))
    if marks:
        console.print(Padding(_marked(marks), (1, 0, 1, 2)))


def print_steps(steps: Sequence["Step"], by: str = "") -> None:
    """Print what could be done next, each with its reason."""
    console = Console(highlight=False)
    if not steps:
        console.print("Nothing is open.")
        return
    console.print(Text(f"Next, by {by}:" if by else "Next:", style="bold"))
    for step in steps:
        line = Text(f"  {step.do}", style="")
        line.append(f"  because {step.because}", "dim")
        console.print(line)


def print_added(added: "Added") -> None:
    """Print what was added, and what another writer had added meanwhile."""
    if added.arrived:
        numbers = ", ".join(str(event.number) for event in added.arrived)
        typer.echo(
            f"calligram: another writer added events {numbers} to this work; yours stand behind them",
            err=True,
        )
    console = Console(highlight=False)
    for event in added.events:
        table = Table.grid(padding=(0, 1))
        table.add_row(
            Text(str(event.number), style="dim"),
            Text(HEADS[event.kind], style=COLOURS.get(event.kind, "")),
            Group(*_body(added.work, event, False, "")),
        )
        console.print(table)
