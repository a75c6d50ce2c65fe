"""The door ``calligram``: finds the commands, and turns each error into one sentence and an exit code."""

import os
import sys

import typer

from calligram import __version__, registry
from calligram.errors import CalligramError

app = typer.Typer(
    name="calligram",
    help="Gives language models that only know text a way to see pictures and to draw them.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and stop.", is_eager=True)) -> None:
    if version:
        typer.echo(f"calligram {__version__}")
        raise typer.Exit


def _add_commands() -> None:
    for name in registry.members("cli.commands"):
        registry.member("cli.commands", name).register(app)


def main() -> None:
    """Run the command line; exit code 0 is success, 1 some inputs failed, 2 bad input."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    _add_commands()
    try:
        app()
    except CalligramError as fault:
        typer.echo(f"calligram: {fault}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # the reader went away, as `| head` does: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
