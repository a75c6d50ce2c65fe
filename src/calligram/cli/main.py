"""The door ``calligram``: finds the commands, and turns each error into one sentence and an exit code."""

import errno
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from calligram import __version__, registry
from calligram.errors import CalligramError

UsageError: Any = typer.BadParameter.__mro__[1]
"""What Typer raises for words it does not understand; it has no public name in all versions of Typer."""

EPILOG = """
Try:

  calligram demo

  calligram see photo-of-a-digit.png

  calligram draw "the digit 5"
"""


def build_app(only: str | None = None) -> typer.Typer:
    """Return the command line with every command, or with one alone so that the others need no import.

    Args:
        only: the name of a command; where there is no such command, all are taken.
    """
    app = typer.Typer(
        name="calligram",
        help="Gives language models that only know text a way to see pictures, to draw, and to work on art.",
        epilog=EPILOG,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    names = registry.members("cli.commands")
    for name in [only] if only in names else names:
        registry.member("cli.commands", name).register(app)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"calligram {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(
        False, "--version", help="Print the version and stop.", is_eager=True, callback=_show_version
    ),
) -> None:
    pass


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 is success, 1 some inputs failed, 2 bad input.

    Args:
        arguments: the words after ``calligram``; none shows the help.
    """
    words = list(arguments) or ["--help"]
    output, errors = sys.stdout, sys.stderr
    try:
        code = build_app(words[0])(words, prog_name="calligram", standalone_mode=False)
        sys.stdout.flush()
    except CalligramError as fault:
        return _complain(str(fault))
    except UsageError as fault:
        return _complain_of_usage(fault)
    except typer.Abort:
        return _complain("stopped", 130)
    except BrokenPipeError:
        return _forget_output()
    except SystemExit as stop:
        if not reader_left(stop):
            raise
        sys.stdout, sys.stderr = output, errors
        return _forget_output()
    except OSError as fault:
        return _complain(f"the system refused ({fault.strerror or fault}): check the disk and the paths")
    return code if isinstance(code, int) else 0


def reader_left(stop: SystemExit) -> bool:
    """Return whether a stop with code 1 came of a broken pipe, which Typer and rich both turn into that."""
    cause = stop.__cause__ or stop.__context__
    return stop.code == 1 and isinstance(cause, OSError) and cause.errno == errno.EPIPE


def _complain(sentence: str, code: int = 2) -> int:
    typer.echo(f"calligram: {sentence}", err=True)
    return code


def _complain_of_usage(fault: Any) -> int:
    if type(fault).__name__ == "NoArgsIsHelpError":
        fault.show()
        return 2
    command = fault.ctx.command_path if fault.ctx else "calligram"
    sentence = " ".join(fault.format_message().split()).rstrip(".")
    return _complain(f"{sentence[:1].lower()}{sentence[1:]}: see '{command} --help'")


def _forget_output() -> int:
    """Send what is left of standard output nowhere: its reader went away, as ``| head`` does."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def main() -> None:
    """Run the command line on the words given by the shell."""
    # before any library starts threads: spinning threads make two processes on two cores ten times slower
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        # text pictures are UTF-8 with bare line ends everywhere; names of files come out as they are
        reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
    completing = "_CALLIGRAM_COMPLETE" in os.environ
    if completing:
        build_app()(prog_name="calligram")
    sys.exit(run(sys.argv[1:]))
