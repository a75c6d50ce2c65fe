"""``calligram facts``: what is measured on images, without any model."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.art.facts_options import FactsOptions
from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options

if TYPE_CHECKING:
    from calligram.art.fact import Facts
    from calligram.art.views import View
    from calligram.provenance import Label

EXAMPLES = """
Examples:

  calligram facts painting.jpg

  calligram facts paintings/ --json > facts.jsonl

  calligram facts painting.jpg --picture facts.png

  calligram facts paintings/ --picture sheets/

  calligram facts photo.jpg --prompt
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("facts", epilog=EXAMPLES)(with_label(with_options(FactsOptions)(facts)))


def facts(
    images: Annotated[list[str], typer.Argument(help="Images, folders of images, or - for standard input.")],
    options: FactsOptions,
    label: LabelOptions,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line for each image.")
    ] = False,
    picture: Annotated[
        Path | None,
        typer.Option(
            "--picture", "-p", help="Write one picture of the facts: a .png, or a folder for several."
        ),
    ] = None,
    prompt: Annotated[
        bool, typer.Option("--prompt", help="Print what a model that only knows text is given.")
    ] = False,
) -> None:
    """Measure images: palette, light, composition, surface; no model is asked.

    Exit code 1: some files could not be read; 2: none.
    """
    from calligram.art.facts import measure_view
    from calligram.art.views import open_view
    from calligram.cli.labelling import rendered, told_settings
    from calligram.errors import InputError
    from calligram.picture.files import find_all_images

    found = list(find_all_images(images))
    places = _places([image for image, fault in found if fault is None], images, picture)
    measured = 0
    for image, fault in found:
        try:
            if fault is not None:
                raise fault
            view = open_view(image, options)
        except InputError as refused:
            typer.echo(f"calligram: {refused}", err=True)
            if as_json:
                typer.echo(json.dumps({"file": image, "fault": str(refused)}, ensure_ascii=False))
            continue
        measured += 1
        told = measure_view(view)
        if as_json:
            typer.echo(json.dumps({"file": image, **told.to_json()}, ensure_ascii=False))
        elif prompt:
            _print_prompt(view, told, image if len(found) > 1 else "")
        elif picture is None:
            _print_table(told, image)
        if picture is not None:
            made = rendered([image], settings=told_settings("facts", options))
            _draw(view, told, image, places[image], made, label)
    if measured < len(found):
        raise typer.Exit(1 if measured else 2)


def _print_table(told: "Facts", image: str) -> None:
    from rich.console import Console

    from calligram.cli.facts_table import print_facts

    print_facts(told, image, Console(highlight=False, markup=False, emoji=False))


def _print_prompt(view: "View", told: "Facts", name: str) -> None:
    from calligram.art.eyes import eyes_of_view

    head = f"{name}\n\n" if name else ""
    typer.echo(
        (head + eyes_of_view(view, png=False, facts=told).prompt).encode(errors="surrogateescape"), nl=False
    )


def _draw(view: "View", told: "Facts", image: str, place: Path, made: "Label", label: LabelOptions) -> None:
    from calligram.art.facts_picture import show_facts, to_png
    from calligram.cli.labelling import write_labelled
    from calligram.whole_files import make_folder

    make_folder(place.parent)
    title = "standard input" if image == "-" else Path(image).name
    write_labelled(place, to_png(show_facts(view, told, title)), made, label)
    typer.echo(f"{image}: {place}", err=True)


def _places(files: list[str], asked: list[str], picture: Path | None) -> dict[str, Path]:
    """Return where the picture of each image goes.

    Raises:
        OutputError: one file is named for several images, or its ending is not ``.png``.
    """
    from calligram.errors import OutputError
    from calligram.picture.files import names_in_folder

    if picture is None:
        return {}
    one = files == asked and len(files) == 1 and not picture.is_dir()
    if one and picture.suffix.lower() != ".png":
        raise OutputError(
            f"the picture {str(picture)!r} does not end in .png: name it so, or a folder that is there"
        )
    if one:
        return {files[0]: picture}
    if picture.suffix.lower() == ".png" and not picture.is_dir():
        raise OutputError(
            f"several images go to a folder, one picture each, but {str(picture)!r} names one file: "
            "name a folder"
        )
    names = names_in_folder(files, picture) if files else []
    return {file: name.with_suffix(".facts.png") for file, name in zip(files, names, strict=True)}
