"""``calligram tokens``: how a tokenizer cuts text pictures, and which spelling suits it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options
from calligram.evaluation.tokens.options import TokensOptions

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from calligram.evaluation.tokens.boundaries import Panel
    from calligram.evaluation.tokens.inspection import Inspection
    from calligram.evaluation.tokens.measuring import Cutting, Measure

WIDTH = 80
"""Columns of what is printed where no terminal says otherwise."""

SIXTEEN = ("bright_cyan on blue", "bright_magenta on magenta", "bright_white on red")
"""The tints of tokens where a terminal has sixteen colours."""

EXAMPLES = """
Examples:

  calligram tokens builtin

  calligram tokens my-model/tokenizer.json --price 2.50 -o boundaries.png

  calligram tokens tokenizer.model --pictures idx:data/mnist --context 4096

  calligram tokens hf:Qwen/Qwen3-0.6B --json
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("tokens", epilog=EXAMPLES)(with_label(with_options(TokensOptions)(tokens)))


def tokens(
    tokenizer: Annotated[
        str,
        typer.Argument(
            help="tokenizer.json, a SentencePiece tokenizer.model, a .tiktoken file, a model's folder, "
            "hf:ORG/NAME, or builtin"
        ),
    ],
    options: TokensOptions,
    label: LabelOptions,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write a picture of the token boundaries there: .png or .html."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Show how a tokenizer cuts text pictures, what they cost, and which spelling suits it."""
    from calligram.cli.progress import progress
    from calligram.evaluation.tokens.inspection import inspect

    if output is not None:
        _check_ending(output)
    with progress(quiet) as tell:
        found = inspect(tokenizer, options, tell)
    if output is not None:
        _write(output, found, label)
    if as_json:
        typer.echo(json.dumps(found.figures(), ensure_ascii=False))
    else:
        _show(found)


def _check_ending(output: Path) -> None:
    from calligram.errors import OutputError

    if output.suffix.lower() not in (".png", ".html"):
        raise OutputError(
            f"{str(output)!r} ends in {output.suffix!r}, but the picture of the boundaries is a .png or "
            "an .html: choose one of these endings"
        )


def _write(output: Path, found: "Inspection", label: LabelOptions) -> None:
    from calligram.cli.labelling import rendered, told_settings, without_place, write_labelled
    from calligram.evaluation.tokens.drawing import paint_png, write_html

    caption = f"{_name(found)}, {found.tokenizer.kind}, {found.tokenizer.size:,} tokens"
    is_png = output.suffix.lower() == ".png"
    content = paint_png(found.panels(), caption) if is_png else write_html(found.panels(), caption).encode()
    pictures = without_place(found.options.pictures) or None
    settings = told_settings("tokens", found.options, pictures=pictures, tokenizer=_name(found))
    made = rendered([], description="token boundaries of text pictures", settings=settings)
    write_labelled(output, content, made, label)


def _name(found: "Inspection") -> str:
    """Return the tokenizer's name, a path's end alone."""
    return Path(found.tokenizer.name).name


def _show(found: "Inspection") -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = WIDTH
    own, tokenizer = found.own, found.tokenizer
    price = "" if found.options.price is None else f", ${found.options.price:g} a million tokens"
    console.print(f"{_name(found)}: {tokenizer.kind}, {tokenizer.size:,} tokens", style="bold")
    console.print(
        f"{own.pictures} pictures of {found.options.pictures or 'the package'}, {own.cells:.0f} cells each; "
        f"context {found.context:,} ({found.context_from}){price}\n"
    )
    console.print(_table_of_levels(found), "", _table_of_ramps(found), "", sep="\n")
    for line in [*_notes(found), "", *_cells(found)]:
        console.print(line)
    for panel in found.panels():
        _show_panel(console, panel)
    console.print(f"\nRecommended: {found.recommended.measure.spelling}", style="bold")
    console.print(found.recommended.reason)
    console.print(found.command(found.recommended.measure), soft_wrap=True)
    if other := found.recommended.alternative:
        told = f"{other.spelling}, {other.tokens:.0f} tokens a picture"
        console.print(f"\nWhere every cell has to be a token of its own: {told}.")
        console.print(found.command(other), soft_wrap=True)


def _table(title: str, columns: list[str]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 0, 0, 1), header_style="")
    table.add_column(title, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _table_of_levels(found: "Inspection") -> "Table":
    """Return the spellings of the layout's own levels, without header."""
    columns = ["tokens", "a cell", "alone", "shared", "split", "fit", "left"]
    priced = found.options.price is not None
    levels = len(found.own.layout.symbols)
    table = _table(f"{levels} levels", [*columns, "$/1000"] if priced else columns)
    for each in found.same_levels:
        if each.layout.header:
            continue
        cut, chosen = each.cutting, each == found.recommended.measure
        cells = [_percent(share) for share in (cut.alone, cut.shared, cut.split)]
        shown = [f"{each.tokens:.0f}{_marks(each)}", f"{each.tokens_per_cell:.2f}", *cells]
        shown += [f"{each.fits(found.context):,}", f"{each.left(found.context):,}"]
        if found.options.price is not None:
            shown.append(f"{each.cost_per_thousand(found.options.price):.2f}")
        table.add_row(each.spelling, *shown, style="bold green" if chosen else None)
    return table


def _table_of_ramps(found: "Inspection") -> "Table":
    """Return the tokens of every other ramp, without header."""
    from calligram.evaluation.tokens.measuring import MARKUPS

    table = _table("Other ramps", ["levels", *MARKUPS])
    rest = [each for each in found.measures if each not in found.same_levels and not each.layout.header]
    for ramp in dict.fromkeys(each.layout.ramp for each in rest):
        by_markup = {each.layout.markup: each for each in rest if each.layout.ramp == ramp}
        shown = [
            f"{by_markup[markup].tokens:.0f}{_marks(by_markup[markup])}" if markup in by_markup else "–"
            for markup in MARKUPS
        ]
        table.add_row(ramp, str(by_markup["rows"].layout.level_count), *shown)
    return table


def _marks(measure: "Measure") -> str:
    return ("*" if measure.cutting.torn else "") + ("!" if measure.returned < 1 else "")


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _notes(found: "Inspection") -> list[str]:
    """Return what the marks and columns mean, and what is lost."""
    own = found.own
    header = next(
        each
        for each in found.measures
        if each.layout.header
        and (each.layout.ramp, each.layout.markup) == (own.layout.ramp, own.layout.markup)
    )
    lines = [
        "alone: cells that are one token of their own; shared: in one token with their",
        "neighbours; split: over several tokens. fit: pictures that the context holds;",
        "left: tokens left beside one picture, for question and answer.",
        f"A first line with shape and ramp (--header) adds {header.tokens - own.tokens:.0f} tokens.",
    ]
    if any(each.cutting.torn for each in found.measures):
        lines.append("* characters are cut into several tokens")
    losses = dict.fromkeys(each.loss for each in found.measures if each.loss)
    if losses:
        lines.append(f"! does not come back from the tokenizer as it was: {'; '.join(losses)}")
    return lines


def _cells(found: "Inspection") -> list[str]:
    """Return how the cells of each level are cut, in the layout's own spelling and the recommended one."""
    lines = []
    for each in dict.fromkeys([found.own, found.recommended.measure]):
        lines.append(f"Cells of {each.spelling}:")
        lines += [f"  {told!r:<6} {_describe_cutting(cutting)}" for told, cutting in each.levels.items()]
    return lines


def _describe_cutting(cutting: "Cutting") -> str:
    shares = {
        "alone": cutting.alone,
        "shared with neighbours": cutting.shared,
        "over several tokens": cutting.split - cutting.torn,
        "cut inside the character": cutting.torn,
    }
    return ", ".join(f"{_percent(share)} {told}" for told, share in shares.items() if share)


def _show_panel(console: "Console", panel: "Panel") -> None:
    """Print a picture and its token boundaries: shades by turns, or bars where there is no colour."""
    from calligram.cli.showing import wants_colour
    from calligram.evaluation.tokens.boundaries import TINTS, plain_lines

    console.print(f"\n{panel.title}")
    if not wants_colour():
        for plain in plain_lines(panel):
            console.print(plain, no_wrap=True, overflow="ignore", crop=False)
        return
    from rich.text import Text

    few = console.color_system in ("standard", "windows")
    styles = SIXTEEN if few else [f"{tint.ink} on {tint.paper}" for tint in TINTS]
    for line in panel.lines:
        shown = Text()
        for piece in line:
            shown.append(piece.text, style=styles[piece.tint])
        console.print(shown, no_wrap=True, crop=False)
