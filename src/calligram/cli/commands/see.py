"""``calligram see``: what a model says of pictures."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calligram.cli.options import with_options
from calligram.seeing.options import SeeOptions

if TYPE_CHECKING:
    from calligram.seeing import Sight

MOST_CANDIDATES = 10
"""So many candidates are told in JSON."""

EXAMPLES = """
Examples:

  calligram see photo-of-a-digit.jpg

  calligram see scans/ --ask "What digit is this?" --json

  calligram see photo.jpg --why

  calligram draw "the digit 5" | calligram see -
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("see", epilog=EXAMPLES)(with_options(SeeOptions)(see))


def see(
    images: Annotated[
        list[str],
        typer.Argument(help="Images, text pictures, folders of images, or - for standard input."),
    ],
    options: SeeOptions,
    ask: Annotated[
        str | None,
        typer.Option("--ask", "-a", help="Question, as 'What digit is this?'; 'What is this?' if none."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line for each picture.")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the text that the model read, too.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Shade the cells that carried the answer.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the answers alone.")] = False,
) -> None:
    """Say what pictures show: answer, confidence, and how familiar the picture is.

    The model abstains from what it was never taught. Exit code 1: some files could not be read; 2: none.
    """
    from calligram.models.base import open_model
    from calligram.seeing import see_files

    model = open_model(options.model, options.base_url)
    seen = failed = 0
    for sight in see_files(images, ask, options, why, model):
        if sight.reading is None:
            failed += 1
            typer.echo(f"calligram: {sight.fault}", err=True)
            if as_json:
                told = dict.fromkeys(("answer", "confidence", "candidates", "familiarity", "abstained"))
                typer.echo(json.dumps({"file": sight.file, **told, "fault": sight.fault}, ensure_ascii=False))
            continue
        seen += 1
        if as_json:
            typer.echo(json.dumps(_to_json(sight), ensure_ascii=False))
        else:
            _print(sight, show, quiet)
    for remark in [] if quiet else model.remarks():
        typer.echo(remark, err=True)
    if failed:
        raise typer.Exit(1 if seen else 2)


def _to_json(sight: "Sight") -> dict[str, Any]:
    assert sight.reading is not None
    reading = sight.reading
    told = {
        "file": sight.file,
        "answer": reading.answer,
        "confidence": round(reading.confidence, 6),
        "candidates": [
            {"answer": answer, "confidence": round(confidence, 6)}
            for answer, confidence in reading.candidates[:MOST_CANDIDATES]
        ],
        "familiarity": None if reading.familiarity is None else round(reading.familiarity, 6),
        "abstained": reading.abstained,
    }
    if not reading.weighed:
        told["weighed"] = False
    if sight.carried is not None:
        told["why"] = sight.carried.round(3).tolist()
    return told


def _print(sight: "Sight", show: bool, quiet: bool) -> None:
    from calligram.cli.showing import bare_rows, describe_reading, print_why

    assert sight.reading is not None
    assert sight.picture is not None
    if quiet:
        typer.echo(sight.reading.answer or "not sure")
        return
    if sight.carried is not None:
        print_why(sight.picture, sight.carried)
    elif show:
        typer.echo("\n".join(bare_rows(sight.picture)))
    typer.echo(f"{sight.file}: {describe_reading(sight.reading)}")
