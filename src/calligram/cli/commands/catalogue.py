"""``calligram catalogue``: records of works, each field with its standing."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.art.catalogue_options import CatalogueOptions
from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options

if TYPE_CHECKING:
    from calligram.art.catalogue import Outcome

EXAMPLES = """
Examples:

  calligram catalogue paintings/ -o catalogue

  calligram catalogue paintings/ -o catalogue --given records.csv --form html,json-ld

  calligram catalogue paintings/ -o catalogue -m openai:gpt-5 -m anthropic:claude-sonnet-5

  calligram catalogue -o catalogue --review
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("catalogue", epilog=EXAMPLES)(with_label(with_options(CatalogueOptions)(catalogue)))


def catalogue(
    options: CatalogueOptions,
    label: LabelOptions,
    output: Annotated[str, typer.Option("--output", "-o", help="Folder of the catalogue.")],
    images: Annotated[
        list[str] | None,
        typer.Argument(help="Images and folders of them; none writes or reviews what there is."),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            "-m",
            help="Model that proposes; several vote; none asks no model. (default: builtin:writer)",
        ),
    ] = None,
    given: Annotated[
        str, typer.Option("--given", "-g", help="Your records: CSV, JSON or JSON lines with a column file.")
    ] = "",
    aat: Annotated[
        str, typer.Option("--aat", help="Your terms: CSV or JSON lines of id and label, as of the Getty AAT.")
    ] = "",
    form: Annotated[
        list[str] | None,
        typer.Option("--form", "-f", help="Forms to write, with commas between them. (default: all)"),
    ] = None,
    review: Annotated[
        bool, typer.Option("--review", help="Accept, edit or reject what models propose, one by one.")
    ] = False,
    by: Annotated[str, typer.Option("--by", help="Who reviews. (default: $USER)")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing that is not wrong.")] = False,
) -> None:
    """Make records of works: measured, given, proposed by models, accepted by you.

    A run that was stopped goes on where it was. Exit code 1: some images failed; 2: all.
    """
    from calligram.art.catalogue import WRITER
    from calligram.art.catalogue import catalogue as make
    from calligram.cli.labelling import finishing, told_settings
    from calligram.cli.progress import progress

    _check(images, output)
    models = [name for name in model or [WRITER] if name != "none"] if images else []
    forms = [name for part in form for name in part.split(",") if name] if form else None
    with progress(quiet) as tell:
        outcome = make(
            images or [],
            output,
            models=models,
            given=given,
            aat=aat,
            forms=forms,
            options=options,
            tell=tell,
            finish=finishing(label, settings=told_settings("catalogue")),
        )
    _print(outcome, output, quiet)
    if review:
        from calligram.cli.cataloguing import review_catalogue

        review_catalogue(output, by, forms, options)
    if outcome.faults:
        raise typer.Exit(1 if outcome.made or outcome.kept else 2)


def _check(images: list[str] | None, output: str) -> None:
    from calligram.art.catalogue_journal import journal_in
    from calligram.errors import OptionError

    if not images and not journal_in(output):
        raise OptionError(
            f"no image is given, and {output!r} holds no catalogue: name images or folders of them"
        )


def _print(outcome: "Outcome", output: str, quiet: bool) -> None:
    for file, fault in outcome.faults:
        told = fault if file in fault else f"{file}: {fault}"
        typer.echo(f"calligram: {told}", err=True)
    if quiet:
        return
    waiting = sum(len(list(record.undecided())) for record in outcome.records)
    typer.echo(
        f"{output} holds {len(outcome.records)}: {outcome.made} made, {outcome.kept} kept, "
        f"{len(outcome.faults)} failed; proposals that wait for a person: {waiting}"
    )
    for told in _told_files(outcome.files):
        typer.echo(f"  {output.rstrip('/')}/{told}")
    for remark in outcome.remarks:
        typer.echo(remark, err=True)


def _told_files(files: Sequence[str]) -> list[str]:
    """Return the files at the top by name, and those of folders as one line each."""
    folders = Counter(path.partition("/")[0] for path in files if "/" in path)
    return [path for path in files if "/" not in path] + [
        f"{folder}/ ({count} files)" for folder, count in folders.items()
    ]
