"""``calligram evaluate``: how well models read, hold, abstain and draw, beside what bounds them."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calligram import settings
from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options
from calligram.evaluation.options import EvaluationOptions

if TYPE_CHECKING:
    from calligram.drawing import DrawOptions
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
    app.command("evaluate", epilog=EXAMPLES)(with_label(with_options(EvaluationOptions)(evaluate)))


def evaluate(
    model: Annotated[list[str], typer.Argument(help="models to measure, as builtin or hf:FOLDER")],
    source: Annotated[str, typer.Argument(help="source of labelled images, as idx:data/mnist")],
    options: EvaluationOptions,
    label: LabelOptions,
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
) -> int:
    """Measure how well models read; on request robustness, ceiling, drawings, and what they abstain from."""
    from calligram.cli.labelling import finishing, told_settings
    from calligram.errors import CalligramError
    from calligram.evaluation.report import write_figures, write_report

    tasks = _prepare(model, source, options, out, report, compare)
    done: list[Evaluation] = []
    failed: list[str] = []
    for task in tasks:
        try:
            done.append(_measure(task, source, quiet))
        except CalligramError as fault:
            if not done:
                _forget_unbegun(tasks)
                raise
            failed.append(f"{task.name} was not measured: {fault}")
    if out:
        write_figures(done, out)
    if report:
        write_report(done, report, finishing(label, settings=told_settings("evaluate")))
    _show([evaluation.figures for evaluation in done], as_json)
    for sentence in failed:
        typer.echo(f"calligram: {sentence}", err=True)
    if failed:
        _forget_unbegun(tasks)
        return 1
    for task in tasks:
        task.journal.close()
    return 0


@dataclass(frozen=True)
class _Task:
    """One model to be measured: how it is spelled and called, what is asked, and what it is compared with."""

    spelling: str
    name: str
    model: "Model | None"
    options: EvaluationOptions
    follows: dict[str, Any]
    journal: "Journal"
    older: dict[str, Any] | None


def _prepare(
    spellings: list[str],
    source: str,
    options: EvaluationOptions,
    out: Path | None,
    report: Path | None,
    compare: Path | None,
) -> list[_Task]:
    """Return what is to be done for each model; each was opened once, and what can be known at once is."""
    from calligram.errors import CalligramError
    from calligram.evaluation.checking import check_writable
    from calligram.evaluation.comparing import choose_figures, read_figures
    from calligram.evaluation.origins import give_address
    from calligram.evaluation.runner import open_journal, open_named, tell_follows

    older = read_figures(compare) if compare else []
    for path in filter(None, (out, report)):
        check_writable(path)
    addresses = give_address(spellings, options.base_url)
    tasks: list[_Task] = []
    try:
        for place, (spelling, address) in enumerate(zip(spellings, addresses, strict=True)):
            asked, model = replace(options, base_url=address), open_named(spelling, address)
            chosen = choose_figures(older, model.name, compare) if compare else None
            follows = tell_follows(spelling, asked, [*filter(None, (out, report))], **_lent_options(asked))
            steps = out and out.with_name(f"{out.name}.{place + 1}.steps")
            journal = open_journal(steps, model.name, source, asked, follows)
            # several models may not fit into memory together: each is opened again when its turn comes
            kept = model if len(spellings) == 1 else None
            tasks.append(_Task(spelling, model.name, kept, asked, follows, journal, chosen))
    except CalligramError:
        _forget_unbegun(tasks)
        raise
    return tasks


def _lent_options(options: EvaluationOptions) -> dict[str, Any]:
    """Return the resolved options of the rooms that lend a tool."""
    from calligram.seeing.options import SeeOptions

    lent: dict[str, Any] = {"see_options": settings.resolve(SeeOptions, {})}
    if options.draws:
        lent["draw_options"] = _draw_options(options)
    # layout and model are those of the evaluation
    besides = {"layout", "model", "base_url", "batch"}
    return {
        room: {name: value for name, value in asdict(resolved).items() if name not in besides}
        for room, resolved in lent.items()
    }


def _forget_unbegun(tasks: list[_Task]) -> None:
    """Delete the steps of models that made none yet, so that they can be mended; the others go on."""
    for task in tasks:
        if not task.journal.begun:
            task.journal.close()


def _measure(task: _Task, source: str, quiet: bool) -> "Evaluation":
    from calligram.cli.preparing import preparing
    from calligram.cli.progress import progress
    from calligram.evaluation.comparing import compare
    from calligram.evaluation.runner import Tools, open_named
    from calligram.evaluation.runner import evaluate as run
    from calligram.seeing import see

    if task.journal.recalled and not quiet:
        told = f"{task.name} goes on from {task.journal.path}: {task.journal.recalled} steps are done"
        typer.echo(f"calligram: {told}", err=True)
    model = task.model or open_named(task.spelling, task.options.base_url)
    with progress(quiet) as tell:
        tools = Tools(
            progress=tell,
            look=lambda opened, image, layout, question: see(image, question, layout, opened),
            hand=_hand(task.options),
            prepare=preparing(),
            journal=task.journal,
            follows=task.follows,
        )
        evaluation = run(model, source, task.options, tools)
    if task.older:
        evaluation.figures["comparison"] = compare(evaluation.figures, task.older)
    return evaluation


def _show(all_figures: list[dict[str, Any]], as_json: bool) -> None:
    from calligram.cli.figures import describe, describe_side_by_side

    if as_json:
        lines = [json.dumps(figures, ensure_ascii=False) for figures in all_figures]
    else:
        lines = describe(all_figures[0]) if len(all_figures) == 1 else describe_side_by_side(all_figures)
    typer.echo("\n".join(lines))


def _draw_options(options: EvaluationOptions) -> "DrawOptions":
    from calligram.drawing import DrawOptions

    return settings.resolve(DrawOptions, {"temperature": options.temperature})


def _hand(options: EvaluationOptions) -> "Hand":
    """Return what draws as ``calligram draw`` does, by the draw options of environment and file too."""
    from calligram.drawing import draw
    from calligram.evaluation.drawing import Drawn

    wanted = _draw_options(options)

    def hand(model: "Model", request: "Request", layout: "Layout", count: int, seed: int) -> Drawn:
        made = draw(request, count, seed, layout, model, wanted)
        grids, tries = [drawing.picture.levels for drawing in made], [drawing.tries for drawing in made]
        return Drawn(grids, tries, asdict(wanted))

    return hand
