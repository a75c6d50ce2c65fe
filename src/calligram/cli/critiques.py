"""Critiques at a terminal."""

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.text import Text

from calligram.cli.grounds import print_grounds

if TYPE_CHECKING:
    from calligram.art.critique import Critique

WIDTH = 110


def print_critique(critique: "Critique", quiet: bool) -> None:
    """Print a critique: the claims alone where that is wanted, else each with its evidence beside it."""
    from calligram.art.critique import STEP_TITLES
    from calligram.art.describing_images import paragraph
    from calligram.art.voices import STEPS

    if quiet:
        typer.echo("\n\n".join(paragraph(critique.steps[step]) for step in STEPS))
        return
    console = Console(highlight=False)
    console.print(
        Text(f"{critique.file}, {critique.voice.title.lower()}, seed {critique.seed}", style="bold")
    )
    for step in STEPS:
        console.print()
        console.print(Text(STEP_TITLES[step], style="bold"))
        print_grounds(console, critique.steps[step])
    console.print()
    sources = dict.fromkeys(claim.source for claim in critique.claims if claim.source)
    for source in sources:
        console.print(Text(source, style="dim"))
    if critique.voice.limits:
        console.print(Text(critique.voice.limits, style="dim italic"), width=min(console.width, WIDTH))
