"""``calligram decode``: text pictures back to images, or checked and mended."""

from pathlib import Path
from typing import Annotated

import typer

from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options
from calligram.picture.options import Limits

EXAMPLES = """
Examples:

  calligram decode five.txt --output five.png

  calligram decode five.txt --repair

  calligram encode photo.jpg | calligram decode - --output photo.svg
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("decode", epilog=EXAMPLES)(with_label(with_options(Limits)(decode)))


def decode(
    text: Annotated[str, typer.Argument(help="File with a text picture, or - for standard input.")],
    options: Limits,
    label: LabelOptions,
    layout: Annotated[
        str | None,
        typer.Option("--layout", "-l", help="Layout: classic, fine, full; guessed where not given."),
    ] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended, and list each mend.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write (.png .svg .html .ans .txt).")
    ] = None,
) -> None:
    """Check a text picture and turn it into an image; without --output, print it as it should be."""
    from calligram.cli.labelling import rendered, told_settings, write_labelled
    from calligram.picture import decode as decode_text
    from calligram.picture.opening import read_text
    from calligram.picture.saving import render_for

    picture = decode_text(read_text(text, options), layout, repair=repair, limits=options)
    for mend in picture.mends:
        typer.echo(f"mended: {mend}", err=True)
    if output is None:
        typer.echo(picture.text.encode(), nl=False)
    else:
        settings = told_settings("decode", options, layout=picture.layout.name)
        write_labelled(output, render_for(picture, output), rendered([text], settings=settings), label)
