"""``calligram sign``: an image with its label and content credentials over every byte of it."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from calligram.cli.options import with_options
from calligram.provenance.signing_options import SignOptions

EXAMPLES = """
Examples:

  calligram sign cat.png

  calligram sign cat.png -o signed.png --no-training

  calligram sign photo.jpg --title "Harbour at dawn" --creator "Ada Lovelace" --keys keys/

  calligram sign scan.bmp --sidecar
"""

NO_TRAINING = "DMI-PROHIBITED-AIMLTRAINING"


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("sign", epilog=EXAMPLES)(with_options(SignOptions)(sign))


def sign(
    image: Annotated[Path, typer.Argument(help="The image.")],
    options: SignOptions,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Where the signed image appears (default: in place of the image)."
        ),
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the keys (default: $CALLIGRAM_KEYS, else where 'calligram keys new' made them)."
        ),
    ] = None,
    no_training: Annotated[
        bool,
        typer.Option(
            "--no-training", help=f"The image may train no model; the same as --mining {NO_TRAINING}."
        ),
    ] = False,
) -> None:
    """Sign an image: its label first, then content credentials (C2PA) that bind label and pixels to you.

    An image that is signed already stays as it is, and becomes the parent of the signed one. Nothing is asked
    of any server, unless you name one with --timestamp.
    """
    from calligram.errors import OptionError
    from calligram.provenance.signing import sign as write

    if no_training:
        if options.mining and options.mining != NO_TRAINING:
            raise OptionError(f"--no-training and --mining {options.mining} say different things: give one")
        options = dataclasses.replace(options, mining=NO_TRAINING)
    signed = write(image, output, keys=keys, options=options)
    typer.echo(f"signed by {signed.name!r}, written to {signed.path}")
    for remark in signed.remarks:
        typer.echo(remark, err=True)
