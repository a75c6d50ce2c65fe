"""Ideas at a terminal: what stands where it came from, told by colour, or by a line where there is none."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from calligram.cli.showing import wants_colour

if TYPE_CHECKING:
    from calligram.art.history import History, KeptSet
    from calligram.art.ideas import IdeaSet

STYLES = {"you": "bold", "image": "cyan", "list": "", "template": ""}
MODEL_STYLE = "green"
LEGEND = (("your words", "bold"), ("from the lists", ""), ("from the image", "cyan"))


def print_ideas(found: "IdeaSet", number: int | None, place: Path, as_json: bool, quiet: bool) -> None:
    """Print a set that was just found."""
    told = {
        "set": number,
        "wish": vars(found.wish),
        "options": vars(found.options),
        "reasons": list(found.reasons),
        "figures": dict(found.figures),
        "ideas": [idea.to_json() for idea in found.ideas],
        "remarks": list(found.remarks),
    }
    _print(told, as_json, quiet)
    for remark in found.remarks:
        typer.echo(f"calligram: {remark}", err=True)
    if not as_json and not quiet:
        kept = f"kept as set {number} in {place}" if number is not None else "not kept"
        Console(highlight=False).print(Text(f"{kept}, seed {found.options.seed}", style="dim"))


def print_kept(kept: "KeptSet", as_json: bool) -> None:
    """Print a set as the history keeps it."""
    _print(kept.told, as_json, False)


def _print(told: Mapping[str, Any], as_json: bool, quiet: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    elif quiet:
        for idea in told["ideas"]:
            typer.echo(idea["prompt"])
    else:
        _print_fully(told)


def _print_fully(told: Mapping[str, Any]) -> None:
    console = Console(highlight=False)
    for reason in told["reasons"]:
        console.print(Text(f"{reason[:1].upper()}{reason[1:]}.", style="dim"))
    if told["reasons"]:
        console.print()
    for number, idea in enumerate(told["ideas"], 1):
        _print_idea(console, number, idea)
    if wants_colour():
        console.print(_legend(told["ideas"]))
    console.print(Text(_figures(told["figures"]), style="dim"))


def _print_idea(console: Console, number: int, idea: Mapping[str, Any]) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", width=3)
    table.add_column(overflow="fold")
    table.add_row(Text(str(number), style="dim"), _coloured(idea["parts"]))
    table.add_row("", Text(idea["concept"], style="italic"))
    if not wants_colour():
        for line in _told_apart(idea):
            table.add_row("", Text(line))
    console.print(Padding(table, (0, 0, 1, 0)))


def _coloured(parts: Iterable[Mapping[str, str]]) -> Text:
    line = Text()
    for part in parts:
        line.append(part["text"], STYLES.get(part["from"].partition(":")[0], MODEL_STYLE))
    return line


def _told_apart(idea: Mapping[str, Any]) -> list[str]:
    """Return lines that say what came from the image and from the model, for a terminal without colour."""
    image = ", ".join(part["text"] for part in idea["parts"] if part["from"] == "image")
    model = "".join(part["text"] for part in idea["parts"] if part["from"] == idea["model"])
    lines = [f"from the image: {image}"] if image else []
    return [*lines, f"added by {idea['model']}: {model.strip(' ,.')}"] if model else lines


def _legend(ideas: Sequence[Mapping[str, Any]]) -> Text:
    sources = {part["from"].partition(":")[0] for idea in ideas for part in idea["parts"]}
    models = sorted({idea["model"] for idea in ideas if idea["model"]})
    entries = [entry for entry in LEGEND if entry[0] != "from the image" or "image" in sources]
    line = Text()
    for name, style in [*entries, *((f"added by {name}", MODEL_STYLE) for name in models)]:
        line.append(" · " if line else "", "dim")
        line.append(name, style)
    return line


def _figures(figures: Mapping[str, float | None]) -> str:
    parts = [
        f"distinct-{n} {value:.2f}" for n in (1, 2, 3) if (value := figures.get(f"distinct_{n}")) is not None
    ]
    alike = figures.get("alike")
    return ", ".join([*parts, f"the two most alike {alike:.2f} of 1"] if alike is not None else parts)


def print_history(history: "History", as_json: bool) -> None:
    """Print the sets that are kept, a line each."""
    if as_json:
        for kept in history.sets:
            typer.echo(
                json.dumps({"set": kept.number, "undone": kept.undone, **kept.told}, ensure_ascii=False)
            )
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in ("set", "when (UTC)", "asked for", "ideas", "seed", ""):
        table.add_column(head, justify="right" if head in ("set", "ideas", "seed") else "left")
    for kept in history.sets:
        when = kept.at[:16].replace("T", " ")
        cells = [str(kept.number), when, title_of(kept), str(len(kept.prompts)), str(kept.options.seed)]
        table.add_row(*map(Text, cells), "undone" if kept.undone else "", style="dim" if kept.undone else "")
    Console(highlight=False).print(table if history.sets else "nothing is kept yet")
    for line in history.damaged:
        typer.echo(f"calligram: line {line} of the history is damaged and was passed over", err=True)


def title_of(kept: "KeptSet") -> str:
    """Return what a set was asked for, in a few words."""
    wish = kept.wish
    parts = [wish.words, f"mood {wish.mood}" if wish.mood else ""]
    parts += [
        Path(wish.image).name if wish.image else "",
        f"template {wish.template}" if wish.template else "",
    ]
    return "; ".join(filter(None, parts))


def print_word_lists(folder: str) -> None:
    """Print the names of all word lists, how long they are, and how they begin."""
    from calligram.art.wildcards import WordLists

    lists = WordLists(folder or None)
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True)
    table.add_column("list", no_wrap=True, min_width=max(map(len, lists.names())) + 4)
    table.add_column("lines", justify="right")
    table.add_column("as", no_wrap=True, overflow="ellipsis", ratio=1)
    for name in lists.names():
        own = " (yours)" if name in lists.own else ""
        table.add_row(
            Text(f"__{name}__{own}"), str(len(lists.lists[name])), Text("; ".join(lists.lists[name][:4]))
        )
    Console(highlight=False).print(table)
