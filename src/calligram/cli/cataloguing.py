"""Review of a catalogue in the terminal: a letter for each proposal, from keys or from a pipe."""

import sys
from collections.abc import Sequence

import typer

from calligram.art.catalogue_options import CatalogueOptions
from calligram.art.catalogue_review import KEYS, Question, review
from calligram.art.records._statements import standing_of

HELP = "  ".join(f"[{key}] {what}" for key, what in KEYS.items())


def review_catalogue(folder: str, by: str, forms: Sequence[str] | None, options: CatalogueOptions) -> None:
    """Ask about what waits in a catalogue, and say what became of it."""
    asking = _Asking()
    reviewed = review(folder, asking, by, forms, options)
    typer.echo(
        f"{reviewed.accepted} accepted, {reviewed.edited} edited, {reviewed.rejected} rejected; "
        f"{reviewed.left} wait" + (": go on with --review" if reviewed.left else "")
    )


class _Asking:
    """Asks a person; the work is told once, its proposals one by one."""

    def __init__(self) -> None:
        self._file = ""

    def __call__(self, question: Question) -> tuple[str, str]:
        self._tell(question)
        while True:
            typer.echo("? ", nl=False)
            key = _read_key()
            if key == "e":
                return key, _read_line("  instead: ")
            if key in KEYS:
                return key, ""
            typer.echo(f"  {HELP}")

    def _tell(self, question: Question) -> None:
        record = question.record
        if record.file != self._file:
            self._file = record.file
            typer.echo(f"\n{record.file}")
            typer.echo(f"  {record.name}, {record.text('image_size')}; {record.text('colours')}")
            typer.echo(f"  {HELP}")
        field = question.field
        typer.echo(f"\n{question.number} of {question.waiting}  {question.label}: {field.text}")
        typer.echo(f"  {standing_of(field)}" + (f"; {field.note}" if field.note else ""))
        for rival in field.rivals:
            typer.echo(f"  {rival.source} says: {rival.value}")


def _read_key() -> str:
    """Return the letter that was pressed, or the first of a line that was piped; the end of input quits."""
    if sys.stdin.isatty():
        key = typer.getchar()
        typer.echo(key)
        return key.lower()
    line = sys.stdin.readline()
    if not line:
        typer.echo("q")
        return "q"
    typer.echo(line.strip())
    return line.strip().lower()[:1]


def _read_line(prompt: str) -> str:
    typer.echo(prompt, nl=False)
    text = sys.stdin.readline().strip()
    if not sys.stdin.isatty():
        typer.echo(text)
    return text
