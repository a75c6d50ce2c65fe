"""Descriptions of images at a terminal."""

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.text import Text

from calligram.cli.grounds import print_grounds

if TYPE_CHECKING:
    from calligram.art.describing_images import ImageDescription


def print_description(description: "ImageDescription", quiet: bool) -> None:
    """Print a description: the paragraph alone where that is wanted, else each sentence with its grounds."""
    if quiet:
        typer.echo(description.text)
        return
    console = Console(highlight=False)
    head = f"{description.file}, seed {description.seed}"
    console.print(Text(head, style="bold"))
    print_grounds(console, description.statements)
    console.print()
