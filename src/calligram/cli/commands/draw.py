"""``calligram draw``: drawings of what words ask for."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options
from calligram.drawing.options import USUAL_LAYOUT, DrawOptions

if TYPE_CHECKING:
    from calligram.drawing import Drawing

EXAMPLES = """
Examples:

  calligram draw "the digit 5"

  calligram draw "an ankle boot" --layout fine -n 8 --seed 1 -o boots.png

  calligram draw "capital q" --temperature 0.8 --json

  calligram draw "a three" --complete half-a-three.txt
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("draw", epilog=EXAMPLES)(with_label(with_options(DrawOptions)(draw)))


def draw(
    text: Annotated[str, typer.Argument(help="What to draw, as 'the digit 5'.")],
    options: DrawOptions,
    label: LabelOptions,
    count: Annotated[int, typer.Option("--number", "-n", help="How many drawings.", min=1, max=10_000)] = 1,
    complete: Annotated[
        str | None,
        typer.Option("--complete", help="Half-drawn text picture whose rows are kept; - for standard input."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write an image there, several drawings as a contact sheet; .txt: text."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line for each drawing.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the drawings alone.")] = False,
) -> None:
    """Draw what is asked for, row by row, and tell what the drawing is read as.

    In a pipe the text pictures alone go to standard output, and the rest to standard error.
    """
    from calligram.cli.showing import Strip
    from calligram.drawing import draw as make
    from calligram.drawing import read_start
    from calligram.models.base import open_model
    from calligram.picture import get_layout

    options = replace(options, seed=options.seeded().seed)
    asked = get_layout(options.layout) if options.layout else None
    start = read_start(complete, asked) if complete is not None else None
    layout = start.layout if start else asked or get_layout(USUAL_LAYOUT)
    strip = Strip(count, layout) if sys.stdout.isatty() and not as_json else None
    model = open_model(options.model, options.base_url)
    drawings = make(text, count, model=model, options=options, complete=start, on_row=strip)
    if output:
        _write(drawings, output, options, complete, label)
    if as_json:
        for drawing in drawings:
            typer.echo(json.dumps(_to_json(drawing), ensure_ascii=False))
    elif strip:
        _show_again(drawings)
    else:
        typer.echo("\n".join(drawing.text for drawing in drawings), nl=False)
    if not quiet and not as_json:
        _tell(drawings, output)
    for remark in [] if quiet else model.remarks():
        typer.echo(remark, err=True)


def _write(
    drawings: "Sequence[Drawing]",
    output: Path,
    options: DrawOptions,
    complete: str | None,
    label: LabelOptions,
) -> None:
    """Write drawings with their label: the words and settings by which the same ones are made again."""
    from calligram.cli.labelling import drawn, told_settings, write_labelled
    from calligram.drawing import render_drawings

    first, several = drawings[0], len(drawings) > 1
    made = drawn(
        first.request,
        options.model,
        options.base_url,
        number=len(drawings),
        start=complete or "",
        seed=options.seed if several else first.seed,
        settings=told_settings(
            "draw",
            options,
            *("model", "base_url", "seed", "layout"),
            layout=first.picture.layout.name,
            number=len(drawings) if several else None,
        ),
    )
    write_labelled(output, render_drawings(drawings, output), made, label)


def _to_json(drawing: "Drawing") -> dict[str, Any]:
    return {
        "request": drawing.request,
        "text": drawing.text,
        "rows": drawing.picture.rows,
        "columns": drawing.picture.columns,
        "layout": drawing.picture.layout.name,
        "read_as": drawing.read_as,
        "as_asked": drawing.as_asked,
        "seed": drawing.seed,
        "bits_per_cell": None if isnan(drawing.bits) else round(drawing.bits, 4),
        "tries": drawing.tries,
    }


def _tell(drawings: "Sequence[Drawing]", output: Path | None) -> None:
    """Say on standard error what the drawings are read as, their seeds, and where they were written."""
    seeds = sorted(drawing.seed for drawing in drawings)
    told = f"seed {seeds[0]}"
    if len(drawings) > 1:
        told = f"{len(drawings)} drawings, seeds {seeds[0]} to {seeds[-1]}"
    checked = [drawing for drawing in drawings if drawing.as_asked is not None]
    if len(drawings) == 1 and checked:
        told = f"read as {checked[0].read_as or 'nothing it knows'}, {told}"
    elif checked:
        told += f", {sum(bool(drawing.as_asked) for drawing in checked)} read as asked"
    again = sum(drawing.tries - 1 for drawing in drawings)
    told += f", {again} drawn again" if again else ""
    typer.echo(told + (f", written to {output}" if output else ""), err=True)


def _show_again(drawings: "Sequence[Drawing]") -> None:
    """Print the drawings that took the place of those shown."""
    from calligram.cli.showing import Strip

    again = [drawing for drawing in drawings if drawing.tries > 1]
    if not again:
        return
    typer.echo(f"\nDrawn again, as not read as asked ({len(again)} of {len(drawings)}):\n")
    strip = Strip(len(again), again[0].picture.layout)
    for number, drawing in enumerate(again):
        for row, levels in enumerate(drawing.picture.levels):
            strip(number, row, levels)
