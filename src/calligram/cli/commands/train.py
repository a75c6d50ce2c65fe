"""``calligram train``: teach a model."""

from pathlib import Path
from typing import Annotated

import typer

from calligram.cli.options import with_options


def register(app: typer.Typer) -> None:
    """Add ``calligram train``."""
    from calligram.training.nano_options import NanoOptions

    group = typer.Typer(help="Teach a model.", no_args_is_help=True)
    app.add_typer(group, name="train")

    @group.command("nano")
    @with_options(NanoOptions)
    def nano(
        sources: Annotated[
            list[str], typer.Argument(help="Labelled images: digits: or idx:DIR or folder:DIR.")
        ],
        options: NanoOptions,
        output: Annotated[Path, typer.Option("--output", "-o", help="Model folder.")] = Path("my-model"),
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    ) -> None:
        """Train the built-in language model on labelled images, to read and to draw them.

        An interrupted training goes on where it was when the same command is given again.

        Examples:

          calligram train nano digits: --steps 400 -o my-model

          calligram see --model builtin:my-model --layout classic picture.png
        """
        from calligram.cli.progress import training_progress
        from calligram.training.nano_run import train_model

        with training_progress(options.steps, quiet) as tell:
            card = train_model(
                sources, options, output, tell, lambda line: None if quiet else typer.echo(line, err=True)
            )
        for line in card.lines():
            typer.echo(line)
