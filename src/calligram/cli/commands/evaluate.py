"""``calligram evaluate``: how well a model reads, abstains and draws, beside what bounds it."""

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
    from calligram.evaluation.runner import Evaluation
    from calligram.models.base import Model, Request
    from calligram.picture import Layout

EXAMPLES = """
Examples:

  calligram evaluate builtin idx:data/mnist

  calligram evaluate builtin idx:data/mnist --layout fine --ceiling --report report.html

  calligram evaluate builtin idx:data/mnist --drawing --json

  calligram evaluate builtin idx:data/mnist --abstention --photos photos --other idx:data/fashion-mnist
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("evaluate", epilog=EXAMPLES)(with_options(EvaluationOptions)(evaluate))


def evaluate(
    model: Annotated[str, typer.Argument(help="model to measure, as builtin or builtin:FOLDER")],
    source: Annotated[str, typer.Argument(help="source of labelled images, as idx:data/mnist")],
    options: EvaluationOptions,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write a self-contained HTML report there.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write the JSON there too.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Measure how well a model reads; on request its ceiling, its drawings, and what it abstains from."""
    from calligram.cli.progress import progress
    from calligram.evaluation.report import write_figures, write_report
    from calligram.evaluation.runner import evaluate as run
    from calligram.seeing import see

    with progress(quiet) as tell:
        evaluation = run(
            model,
            source,
            options,
            tell,
            lambda opened, image, layout, question: see(image, question, layout, opened),
            _hand(options),
        )
    if report:
        write_report(evaluation, report)
    if out:
        write_figures(evaluation, out)
    if as_json:
        typer.echo(json.dumps(evaluation.figures, ensure_ascii=False))
    else:
        typer.echo("\n".join(_describe(evaluation)))


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


def _describe(evaluation: "Evaluation") -> list[str]:
    figures = evaluation.figures
    reading, ceiling = figures["reading"], figures["ceiling_details"]
    lines = [
        f"{figures['model']} on {figures['source']}, split {figures['split']}, layout {figures['layout']}",
        _line("pictures", f"{figures['n']:,}"),
        _line("accuracy", _with_interval(figures["accuracy"], figures["interval"])),
    ]
    if ceiling:
        lines.append(_line("ceiling", _with_interval(ceiling["accuracy"], ceiling["interval"])))
    for name, entry in (figures["baselines"] or {}).items():
        lines.append(_line(name, _with_interval(entry["accuracy"], entry["interval"])))
    lines += [
        _line("calibration error", _number(reading["calibration"]["ece"])),
        _line("abstained from", _percent(reading["abstention"]["abstained"])),
        _line("right among the rest", _percent(reading["abstention"]["answered_accuracy"])),
        "The first candidate counts in the accuracy, also where the model abstained.",
    ]
    if figures["abstention"]:
        lines += _describe_abstention(figures["abstention"])
    return lines + (_describe_drawing(figures["drawing"]) if figures["drawing"] else [])


def _describe_abstention(abstention: dict[str, Any]) -> list[str]:
    lines = _list_abstention("Abstained from, as text pictures", abstention)
    if abstention["seen"]:
        lines += _list_abstention("Abstained from, as whole images that are seen", abstention["seen"])
    return lines + [_line(name, "not given, not measured") for name in abstention["absent"]]


def _list_abstention(title: str, abstention: dict[str, Any]) -> list[str]:
    groups = {**abstention["groups"], "all strange": abstention["strange"], "real": abstention["familiar"]}
    lines = ["", title]
    for name, entry in groups.items():
        shown = _with_interval(entry["abstained"], entry["interval"])
        lines.append(_line(name, f"{shown}  of {entry['n']:,}"))
    return lines


def _describe_drawing(drawing: dict[str, Any]) -> list[str]:
    drawn, real, ratios = drawing["drawn"], drawing["real"], drawing["ratios"]
    rows = [
        ("well formed", "well_formed", "share", _percent),
        ("recognised as asked", "recognised", "share", _percent),
        ("diversity", "diversity", "distance", _number),
        ("nearest training picture", "nearest", "distance", _number),
        ("copies", "nearest", "copies", _percent),
        ("bits per cell", "bits_per_cell", "bits", _number),
    ]
    lines = ["", f"{'Drawing':<26}{'drawn':>10}{'real':>10}"]
    for name, metric, key, show in rows:
        lines.append(f"{name:<26}{show(drawn[metric][key]):>10}{show(real[metric][key]):>10}")
    told = f"diversity {_number(ratios['diversity'])}, nearest {_number(ratios['nearest'])}"
    judge = f"the judge reads {_percent(drawing['judge']['accuracy'])} of real test pictures rightly"
    tried = f"{drawing['tries']:.2f} drawings were made for each that was kept"
    return [*lines, f"drawn over real: {told}; {judge}", tried]


def _line(name: str, value: str) -> str:
    return f"{name:<26}{value}"


def _with_interval(value: float | None, interval: list[float] | None) -> str:
    span = f"  [{interval[0]:.2%}, {interval[1]:.2%}]" if interval else ""
    return f"{_percent(value)}{span}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
