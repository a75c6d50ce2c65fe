"""``calligram encode``: images to text pictures."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options
from calligram.picture.options import EncodeOptions

if TYPE_CHECKING:
    from calligram.errors import InputError

EXAMPLES = """
Examples:

  calligram encode digit.png --layout classic

  calligram encode photo.jpg --width 76 --chars ascii10 --markup plain

  calligram encode photo.jpg --width 76 --chars braille --markup plain

  calligram encode photo.jpg --width 76 --chars blocks --colors full

  calligram encode paper.jpg --polarity auto --framing content

  calligram encode scans/ --layout fine --output texts/

  curl -s https://example.org/cat.png | calligram encode -
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("encode", epilog=EXAMPLES)(with_label(with_options(EncodeOptions)(encode)))


def encode(
    images: Annotated[list[str], typer.Argument(help="Images, folders of images, or - for standard input.")],
    options: EncodeOptions,
    label: LabelOptions,
    layout: Annotated[str, typer.Option("--layout", "-l", help="Layout: classic, fine, full.")] = "classic",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="File to write (.txt .png .svg .html .ans), or a folder for several."
        ),
    ] = None,
) -> None:
    """Turn images into text pictures."""
    from calligram.picture.files import find_all_images

    found = list(find_all_images(images))
    files = [image for image, fault in found if fault is None]
    faults = [fault for _, fault in found if fault is not None]
    if files == images and len(files) == 1 and not (output is not None and output.is_dir()):
        _encode_one(files[0], layout, options, output, label)
    elif files:
        faults += _encode_several(files, layout, options, output)
    for fault in faults:
        typer.echo(f"calligram: {fault}", err=True)
    if faults:
        raise typer.Exit(2 if len(faults) == len(found) else 1)


def _encode_one(
    image: str, layout: str, options: EncodeOptions, output: Path | None, label: LabelOptions
) -> None:
    from calligram.cli.labelling import rendered, told_settings, write_labelled
    from calligram.picture import encode as encode_image
    from calligram.picture.saving import render_for
    from calligram.picture.terminal import terminal_text

    picture = encode_image(image, layout, options)
    if output is not None:
        made = rendered([image], settings=told_settings("encode", options, layout=layout))
        write_labelled(output, render_for(picture, output), made, label)
    elif options.colors == "none":
        typer.echo(picture.text.encode(), nl=False)
    else:
        typer.echo(terminal_text(picture, options.colors).encode(), nl=False)


def _encode_several(
    images: list[str], layout: str, options: EncodeOptions, output: Path | None
) -> "list[InputError]":
    """Write each picture to the folder, or one after another to standard output; return what went wrong."""
    from calligram.picture.files import encode_files, names_in_folder
    from calligram.whole_files import make_folder, write_whole

    faults = []
    if output is not None:
        _check_folder(output)
    names = names_in_folder(images, output) if output is not None else []
    for folder in {name.parent for name in names}:
        make_folder(folder)
    if output is not None:
        options = replace(options, colors="none")  # the files are for models; colour is for people
    for place, encoded in enumerate(encode_files(images, layout, options)):
        if encoded.fault is not None:
            faults.append(encoded.fault)
        elif output is None:
            sys.stdout.write(encoded.text)
        else:
            write_whole(names[place], encoded.text.encode())
    return faults


def _check_folder(output: Path) -> None:
    """Raise OutputError where an output for several images is named as one file."""
    from calligram import registry
    from calligram.errors import OutputError

    ending = output.suffix.removeprefix(".").lower()
    if ending in registry.members("picture.renderers") and not output.is_dir():
        raise OutputError(
            f"several images go to a folder, one text file each, but {str(output)!r} names one file: "
            "name a folder, or give one image"
        )
