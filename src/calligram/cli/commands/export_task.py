"""``calligram export-task``: writes tasks that other people's harnesses run as they are."""

import json
from pathlib import Path
from typing import Annotated

import typer

from calligram.cli.options import with_options
from calligram.evaluation.exporting.options import ExportOptions

EXAMPLES = """
Examples:

  calligram export-task lm-eval idx:data/mnist -o tasks/mnist

  calligram export-task inspect idx:data/mnist --layout fine --limit 1000 -o tasks/mnist-inspect
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("export-task", epilog=EXAMPLES)(with_options(ExportOptions)(export_task))


def export_task(
    harness: Annotated[str, typer.Argument(help="lm-eval (EleutherAI) or inspect (inspect_ai)")],
    source: Annotated[str, typer.Argument(help="source of labelled images, as idx:data/mnist")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write.")],
    options: ExportOptions,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was written as one JSON object.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing.")] = False,
) -> None:
    """Write a task folder for another harness, whose scores are those of calligram evaluate."""
    from calligram.cli.preparing import preparing
    from calligram.evaluation.exporting.exports import export_task as export

    made = export(harness, source, output, options, preparing())
    if as_json:
        told = {"folder": str(made.folder), "files": made.files, **made.facts}
        typer.echo(json.dumps(told, ensure_ascii=False))
    elif not quiet:
        skipped = made.facts["skipped"]
        left_out = f", {skipped:,} left out that cannot be read" if skipped else ""
        typer.echo(f"wrote {made.folder}: {made.facts['n']:,} pictures, task {made.facts['task']}{left_out}")
        typer.echo(f"{made.folder / 'README.md'} tells how to run it")
