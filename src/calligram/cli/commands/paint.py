"""``calligram paint``: images from words, each with its label, and the loop that looks and paints again."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.art.painting import PaintOptions
from calligram.art.refining_options import RefineOptions
from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options
from calligram.errors import InputError

if TYPE_CHECKING:
    from calligram.cli.painting import Written

EXAMPLES = """
Examples:

  calligram paint "a red cat" --seed 1 -o cat.png

  calligram paint "a blue ship" -n 12 -o ships

  calligram paint "a scarlet tree, much empty space" -n 4 --refine 5 -o tree.png

  calligram paint --list
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    refining = with_options(RefineOptions, "refining", panel="Refine")
    app.command("paint", epilog=EXAMPLES)(with_label(refining(with_options(PaintOptions)(paint))))


def paint(
    options: PaintOptions,
    refining: RefineOptions,
    label: LabelOptions,
    words: Annotated[
        list[str] | None, typer.Argument(help="What the images should show, as 'a red cat'.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write the image there, several as a contact sheet; a folder gets each and the sheet.",
        ),
    ] = None,
    brief: Annotated[
        Path | None, typer.Option("--brief", help="A TOML file with words and wishes, for --refine.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the painters, and what each needs.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line for each image, or for all rounds.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the files alone.")] = False,
) -> None:
    """Paint what words ask for, and write in each file how it was made.

    With --refine it looks at what it painted, says what misses the brief, chooses other words, and paints
    again; every round is kept. Files go to standard output, one a line, and the rest to standard error.
    """
    from calligram.cli import painting as showing

    said = " ".join(words or [])
    if list_:
        showing.print_painters(as_json)
    elif refining.rounds:
        _refine(said, brief, options, refining, output, label, as_json, quiet)
    elif brief is not None:
        raise InputError("a brief is given, but images are painted once: add --refine 3, or give words alone")
    else:
        _paint(said, options, output, label, as_json, quiet)


def _paint(
    words: str, options: PaintOptions, output: Path | None, label: LabelOptions, as_json: bool, quiet: bool
) -> None:
    from calligram.cli import painting as showing
    from calligram.painters.base import open_painter

    order = options.order(words)
    painter = open_painter(options.painter)
    images = painter.paint(order, options.number)
    written = showing.write_images(images, order, painter.name, output, label)
    if as_json:
        for image, file in zip(images, written.images, strict=True):
            typer.echo(json.dumps(showing.told_as_json(image, order, painter.name, file), ensure_ascii=False))
        return
    _print_files(written)
    if not quiet:
        showing.tell_painted(images)


def _print_files(written: "Written") -> None:
    typer.echo("\n".join(map(str, written.files)))


def _refine(
    words: str,
    brief: Path | None,
    options: PaintOptions,
    refining: RefineOptions,
    output: Path | None,
    label: LabelOptions,
    as_json: bool,
    quiet: bool,
) -> None:
    from calligram.cli import refining as loop

    done, best = loop.run(words, brief, options, refining, output, label, None if quiet else loop.tell_round)
    if as_json:
        typer.echo(json.dumps({**done.to_json(), "file": str(best)}, ensure_ascii=False))
        return
    typer.echo(str(best))
    if not quiet:
        loop.tell_result(done)
