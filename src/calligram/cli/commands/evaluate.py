"""``calligram evaluate``: how well models read, hold, abstain and draw, beside what bounds them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calligram import settings
from calligram.cli.options import with_options
from calligram.evaluation.options import EvaluationOptions

if TYPE_CHECKING:
    from calligram.evaluation.drawing import Hand
    from calligram.evaluation.journal import Journal
    from calligram.evaluation.runner import Evaluation
    from calligram.models.base import Model, Request
    from calligram.picture import Layout

EXAMPLES = """
Examples:

  calligram evaluate builtin idx:data/mnist

  calligram evaluate builtin idx:data/mnist --layout fine --ceiling --report report.html

  calligram evaluate builtin idx:data/mnist --suite robustness -o figures.json

  calligram evaluate builtin hf:runs/mine idx:data/mnist --limit 1000

  calligram evaluate builtin idx:data/mnist --compare last-week.json

  calligram evaluate builtin idx:data/mnist --abstention --photos photos --other idx:data/fashion-mnist
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("evaluate", epilog=EXAMPLES)(with_options(EvaluationOptions)(evaluate))


def evaluate(
    model: Annotated[list[str], typer.Argument(help="models to measure, as builtin or hf:FOLDER")],
    source: Annotated[str, typer.Argument(help="source of labelled images, as idx:data/mnist")],
    options: EvaluationOptions,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a model.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write a self-contained HTML report there.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write the JSON there too; a killed run goes on where it was."),
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Say which differences from these older figures are beyond chance.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Measure how well models read; on request robustness, ceiling, drawings, and what they abstain from."""
    from calligram.evaluation.comparing import read_figures
    from calligram.evaluation.report import write_figures, write_report

    older = read_figures(compare) if compare else []
    evaluations, journals = [], []
    for place, name in enumerate(model):
        journals.append(_open_journal(out, place, name, source, options, quiet))
        evaluations.append(_measure(name, source, options, journals[-1], quiet))
        if compare:
            _compare(evaluations[-1], older, compare)
    if report:
        write_report(evaluations, report)
    if out:
        write_figures(evaluations, out)
    for journal in journals:
        journal.close()
    _show([evaluation.figures for evaluation in evaluations], as_json)


def _open_journal(
    out: Path | None, place: int, name: str, source: str, options: EvaluationOptions, quiet: bool
) -> "Journal":
    """Return what keeps one model's finished steps beside the file of figures, and tell of those there."""
    from calligram.evaluation.runner import open_journal

    path = out and out.with_name(f"{out.name}.{place + 1}.steps")
    journal = open_journal(path, name, source, options)
    if journal.recalled and not quiet:
        typer.echo(f"calligram: {name} goes on from {path}: {journal.recalled} steps are done", err=True)
    return journal


def _measure(
    name: str, source: str, options: EvaluationOptions, journal: "Journal", quiet: bool
) -> "Evaluation":
    from calligram.cli.preparing import preparing
    from calligram.cli.progress import progress
    from calligram.evaluation.runner import Tools
    from calligram.evaluation.runner import evaluate as run
    from calligram.seeing import see

    with progress(quiet) as tell:
        tools = Tools(
            progress=tell,
            look=lambda opened, image, layout, question: see(image, question, layout, opened),
            hand=_hand(options),
            prepare=preparing(),
            journal=journal,
        )
        return run(name, source, options, tools)


def _compare(evaluation: "Evaluation", older: list[dict[str, Any]], path: Path) -> None:
    from calligram.evaluation.comparing import choose_figures, compare

    figures = evaluation.figures
    figures["comparison"] = compare(figures, choose_figures(older, str(figures["model"]), path))


def _show(all_figures: list[dict[str, Any]], as_json: bool) -> None:
    from calligram.cli.figures import describe, describe_side_by_side

    if as_json:
        lines = [json.dumps(figures, ensure_ascii=False) for figures in all_figures]
    else:
        lines = describe(all_figures[0]) if len(all_figures) == 1 else describe_side_by_side(all_figures)
    typer.echo("\n".join(lines))


def _hand(options: EvaluationOptions) -> "Hand":
    """Return what draws as ``calligram draw`` does, by the draw options of environment and file too."""
    from calligram.drawing import DrawOptions, draw
    from calligram.evaluation.drawing import Drawn

    wanted = settings.resolve(DrawOptions, {"temperature": options.temperature})

    def hand(model: "Model", request: "Request", layout: "Layout", count: int, seed: int) -> Drawn:
        made = draw(request, count, seed, layout, model, wanted)
        grids, tries = [drawing.picture.levels for drawing in made], [drawing.tries for drawing in made]
        return Drawn(grids, tries, asdict(wanted))

    return hand
