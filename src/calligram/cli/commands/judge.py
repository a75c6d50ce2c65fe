"""``calligram judge``: what is measured on works of art, and what models say of them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.art.judge_options import JudgeOptions
from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options

if TYPE_CHECKING:
    from calligram.art.judge import Judgement

EXAMPLES = """
Examples:

  calligram judge mine.jpg --against masters/

  calligram judge drafts/ --judge openai:NAME --judge anthropic:NAME --pairs --report judged.html

  calligram judge masters/ --against masters/ --sheet extremes.jpg --quiet
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("judge", epilog=EXAMPLES)(with_label(with_options(JudgeOptions)(judge)))


def judge(
    images: Annotated[list[str], typer.Argument(help="Images, or folders of images.")],
    options: JudgeOptions,
    label: LabelOptions,
    against: Annotated[
        str | None,
        typer.Option("--against", "-a", help="Compare with the images of this folder."),
    ] = None,
    judges: Annotated[
        list[str] | None,
        typer.Option("--judge", "-j", help="A model that judges; may be given several times."),
    ] = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Let judges compare the works two by two, in both orders.")
    ] = False,
    records: Annotated[
        str | None,
        typer.Option(
            "--records", help="A file (JSON, JSONL, CSV) of descriptions, for the overlap of texts."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for all.")] = False,
    report: Annotated[
        str | None, typer.Option("--report", help="Write an HTML page that stands by itself.")
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option("--sheet", help="Write a JPEG with the extremes of the collection by each measure."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but what could not be done.")
    ] = False,
) -> None:
    """Judge works of art by what can be measured and by what models say, with evidence and never a total.

    Without --judge only the measured part is given. Exit code 1: some files or verdicts failed; 2: no image
    could be read.
    """
    from calligram.art import judge as judging
    from calligram.cli.progress import progress
    from calligram.evaluation.checking import check_writable

    for place in filter(None, (report, sheet)):
        check_writable(Path(place))
    with progress(quiet) as tell:
        judgement = judging.judge(images, against, judges or (), pairs, records, options, tell)
    if as_json:
        from calligram.art.judge_json import to_json

        typer.echo(json.dumps(to_json(judgement), ensure_ascii=False))
    elif not quiet:
        from calligram.cli.judging import print_judgement

        print_judgement(judgement)
    _write(judgement, report, sheet, label)
    for of, fault in judgement.faults:
        typer.echo(f"calligram: {of}: {fault}" if of not in fault else f"calligram: {fault}", err=True)
    if judgement.faults:
        raise typer.Exit(1)


def _write(judgement: "Judgement", report: str | None, sheet: str | None, label: LabelOptions) -> None:
    from calligram.cli.labelling import finishing, rendered, told_settings, write_labelled
    from calligram.whole_files import write_whole

    settings = told_settings("judge")
    if report:
        from calligram.art.judge_report import draw_report

        write_whole(report, draw_report(judgement, finishing(label, settings=settings)).encode())
        typer.echo(f"wrote {report}", err=True)
    if sheet:
        from calligram.art.judge_sheet import draw_sheet
        from calligram.art.novelty import Collection

        collection = judgement.collection or Collection(judged.work for judged in judgement.works)
        made = rendered(sorted(work.path for work in collection.works), settings=settings)
        write_labelled(sheet, draw_sheet(collection), made, label)
        typer.echo(f"wrote {sheet}", err=True)
