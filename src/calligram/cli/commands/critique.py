"""``calligram critique``: describe, analyse, interpret and judge an image, each claim with its evidence."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.art.critique import CritiqueOptions
from calligram.cli.options import with_options

if TYPE_CHECKING:
    from calligram.art.critique import Critique
    from calligram.models.base import Model

NONE = "none"
"""The name of the model where nothing is to be imagined."""

EXAMPLES = """
Examples:

  calligram critique painting.jpg

  calligram critique painting.jpg --voice studio --seed 2

  calligram critique painting.jpg --voice children --markdown > talk.md

  calligram critique painting.jpg --model openai:NAME --language Korean
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("critique", epilog=EXAMPLES)(with_options(CritiqueOptions)(critique))


def critique(
    images: Annotated[list[str], typer.Argument(help="Images, folders of images, or - for standard input.")],
    options: CritiqueOptions,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line for each image.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the claims alone.")] = False,
) -> None:
    """Describe, analyse, interpret and judge images, in that order, each claim with its evidence.

    Evidence is a measured fact or a field of the text picture, as B3; a claim without any is marked. Exit
    code 1: some images could not be read; 2: none.
    """
    from calligram.art.critique import check_language, critique_image
    from calligram.art.voices import open_voice
    from calligram.errors import BudgetError, CalligramError, EndpointError
    from calligram.picture.files import find_all_images

    if as_json and markdown:
        raise typer.BadParameter("--json and --markdown exclude each other")
    open_voice(options.voice)
    model, done, failed = _open(options), 0, 0
    check_language(model, options.language)
    for place in images:
        for path, fault in [(place, None)] if place == "-" else find_all_images(place):
            try:
                if fault is not None:
                    raise fault
                found = critique_image(path, options, model)
            except (EndpointError, BudgetError):
                raise  # the next image would fare no better
            except CalligramError as wrong:
                failed += 1
                _print_fault(path, wrong, as_json)
                continue
            done += 1
            _print(found, as_json, markdown, quiet)
    if failed:
        raise typer.Exit(1 if done else 2)


def _open(options: CritiqueOptions) -> "Model | None":
    from calligram.models.base import open_model

    return None if options.model == NONE else open_model(options.model, options.base_url)


def _print_fault(path: str, fault: Exception, as_json: bool) -> None:
    sentence = str(fault) if path in str(fault) else f"{path}: {fault}"
    typer.echo(f"calligram: {sentence}", err=True)
    if as_json:
        typer.echo(json.dumps({"file": path, "fault": sentence}, ensure_ascii=False))


def _print(found: "Critique", as_json: bool, markdown: bool, quiet: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
    elif markdown:
        from calligram.art.critique_markdown import to_markdown

        typer.echo(to_markdown(found))
    else:
        from calligram.cli.critiques import print_critique

        print_critique(found, quiet)
    for remark in () if quiet else found.remarks:
        typer.echo(f"calligram: {remark}", err=True)
