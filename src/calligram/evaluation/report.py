"""An evaluation as one HTML file that needs nothing else, and as JSON."""

import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from calligram.evaluation.drawing import Judgement
from calligram.evaluation.plots import picture_element, plot_reliability, plot_risk, plot_shares
from calligram.evaluation.runner import Evaluation
from calligram.metrics.base import Figures, PictureSet
from calligram.whole_files import write_whole

SHOWN_MISTAKES = 60
SHOWN_DRAWINGS = 40

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fcfcfa; --line: #c9c9c4; --fill: #4a7a9c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e4; --paper: #16181a; --line: #44484c; --fill: #6fa3c7; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .6rem 0 1.2rem; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
.scroll { overflow-x: auto; }
.pair { display: flex; flex-wrap: wrap; gap: 2rem; }
.pictures { display: flex; flex-wrap: wrap; gap: .8rem; }
figure { margin: 0; } figcaption { font-size: 11px; line-height: 1.25; max-width: 92px; }
img { image-rendering: pixelated; border: 1px solid var(--line); display: block; }
svg { max-width: 100%; } svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
.bar { fill: var(--fill); } .axis, .guide { fill: none; stroke: var(--line); }
.curve { fill: none; stroke: var(--fill); stroke-width: 2; }
.whisker { stroke: var(--ink); stroke-width: 2; }
pre { overflow-x: auto; font-size: 12px; }
"""


def write_report(evaluation: Evaluation, path: Path) -> None:
    """Write the report of an evaluation as one HTML file, whole or not at all.

    Args:
        evaluation: what is reported.
        path: the file; it is replaced where it exists.

    Raises:
        OutputError: the file cannot be written.
    """
    write_whole(path, render_report(evaluation).encode())


def write_figures(evaluation: Evaluation, path: Path) -> None:
    """Write the figures of an evaluation as a JSON file, whole or not at all.

    Args:
        evaluation: what is written.
        path: the file; it is replaced where it exists.

    Raises:
        OutputError: the file cannot be written.
    """
    told = json.dumps(evaluation.figures, indent=1, ensure_ascii=False)
    write_whole(path, f"{told}\n".encode())


def render_report(evaluation: Evaluation) -> str:
    """Return the report of an evaluation as a whole HTML page without outside parts."""
    figures = evaluation.figures
    parts = [
        _render_head(figures),
        _render_classes(figures["reading"]),
        _render_confidence(figures["reading"]),
        _render_mistakes(evaluation),
    ]
    if figures["abstention"]:
        parts.append(_render_abstention(figures["abstention"]))
    if evaluation.judgement:
        parts.append(_render_drawing(evaluation, evaluation.judgement))
    parts.append(_render_record(figures))
    title = escape(f"{figures['model']} on {figures['source']}")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _render_head(figures: Figures) -> str:
    rows = [(str(figures["model"]), figures["accuracy"], figures["interval"])]
    if figures["ceiling_details"]:
        details = figures["ceiling_details"]
        rows.append(("ceiling (small conv. net)", details["accuracy"], details["interval"]))
    for name, details in (figures["baselines"] or {}).items():
        rows.append((f"{name} ({details['n_train']:,})", details["accuracy"], details["interval"]))
    told = f"{figures['source']}, split {figures['split']}, layout {figures['layout']}, n = {figures['n']:,}"
    return (
        f"<h1>{escape(str(figures['model']))}</h1><p>{escape(told)}. Asked: "
        f"“{escape(figures['run']['question'])}”. The first candidate counts, also where the model "
        "abstained; abstention is reported by itself. Intervals are 95 % Wilson.</p>"
        f"<h2>Accuracy</h2>{plot_shares([row for row in rows if row[1] is not None])}"
    )


def _render_classes(reading: dict[str, Figures]) -> str:
    rows = [
        [
            one["class"],
            f"{one['n']:,}",
            *map(_percent, (one["recall"], one["precision"])),
            _span(one["interval"]),
        ]
        for one in reading["per_class"]["classes"]
    ]
    confusion = reading["confusion"]
    return (
        "<h2>Classes</h2>"
        + _table(["class", "n", "recall", "precision", "95 % interval of recall"], rows)
        + "<h3>Confusion</h3><p>Truth in rows, answer in columns.</p>"
        + _render_confusion(confusion)
    )


def _render_confusion(confusion: Figures) -> str:
    matrix = np.array(confusion["matrix"]).reshape(len(confusion["classes"]), -1)
    wrong = matrix - np.diag(np.diag(matrix))
    highest = max(1, int(wrong.max(initial=0)))
    head = "".join(f"<th>{escape(name)}</th>" for name in confusion["classes"]) + "<th>none</th>"
    rows = []
    for place, name in enumerate(confusion["classes"]):
        cells = "".join(_shade(int(n), n / highest if k != place else 0) for k, n in enumerate(matrix[place]))
        rows.append(f"<tr><td>{escape(name)}</td>{cells}<td>{confusion['outside'][place]}</td></tr>")
    return f'<div class="scroll"><table><tr><th></th>{head}</tr>{"".join(rows)}</table></div>'


def _shade(count: int, strength: float) -> str:
    style = f' style="background: rgb(200 80 40 / {min(strength, 1) * 0.8:.2f})"' if strength else ""
    return f"<td{style}>{count or ''}</td>"


def _render_confidence(reading: dict[str, Figures]) -> str:
    calibration, abstention = reading["calibration"], reading["abstention"]
    told = (
        f"Expected calibration error {_number(calibration['ece'])}. "
        f"Abstained from {_percent(abstention['abstained'])}; "
        f"{_percent(abstention['answered_accuracy'])} right among the rest."
    )
    plots = plot_reliability(calibration["bins"]) + plot_risk(abstention["curve"])
    return f'<h2>Confidence</h2><p>{told}</p><div class="pair">{plots}</div>'


def _render_mistakes(evaluation: Evaluation) -> str:
    layout = evaluation.examples.layout
    total = evaluation.figures["reading"]["accuracy"]
    wrong = total["n"] - total["correct"]
    shown = evaluation.mistakes[:SHOWN_MISTAKES]
    pictures = [
        picture_element(
            one.levels,
            layout,
            f"{one.truth} read as {one.answer}\n"
            f"{one.confidence:.3f}{', abstained' if one.abstained else ''}\n{one.name}",
        )
        for one in shown
    ]
    told = f"{wrong:,} pictures were read wrongly; {len(shown)} are shown, the most confident first."
    return f'<h2>Mistakes</h2><p>{told}</p><div class="pictures">{"".join(pictures)}</div>'


def _render_abstention(abstention: Figures) -> str:
    absent = ", ".join(abstention["absent"])
    note = f"<p>Not given, so not measured: {escape(absent)}.</p>" if absent else ""
    page = "<h2>What it abstains from</h2><h3>Text pictures</h3>" + _tabulate_abstention(abstention)
    if abstention.get("seen"):
        page += "<h3>Whole images, as calligram see reads them</h3>"
        page += _tabulate_abstention(abstention["seen"])
    return page + note


def _tabulate_abstention(abstention: Figures) -> str:
    rows = []
    for group, entry in abstention["groups"].items():
        rows.append([group, f"{entry['n']:,}", _percent(entry["abstained"]), _span(entry["interval"])])
        if len(entry["kinds"]) > 1:
            rows += [
                [f"– {kind}", f"{each['n']:,}", _percent(each["abstained"]), _span(each["interval"])]
                for kind, each in entry["kinds"].items()
            ]
    for name, key in (("all strange pictures", "strange"), ("real test pictures", "familiar")):
        entry = abstention[key]
        rows.append([name, f"{entry['n']:,}", _percent(entry["abstained"]), _span(entry["interval"])])
    return _table(["pictures", "n", "abstained", "95 % interval"], rows)


def _render_drawing(evaluation: Evaluation, judgement: Judgement) -> str:
    figures, layout = judgement.figures, evaluation.examples.layout
    drawn, real, judge, ratios = (figures[name] for name in ("drawn", "real", "judge", "ratios"))
    rows = [
        [name, _number(drawn[metric][key]), _number(real[metric][key])] for name, metric, key in DRAWING_ROWS
    ]
    told = (
        f"A convolutional judge that learned from {judge['n_train']:,} real pictures and never saw the model "
        f"looks at {drawn['well_formed']['n']:,} drawings. Its own accuracy on real test pictures is "
        f"{_percent(judge['accuracy'])}. Drawn over real: diversity {_number(ratios['diversity'])}, "
        f"nearest distance {_number(ratios['nearest'])}."
    )
    missed = judgement.drawn.judged != judgement.drawn.asked_of_levels
    galleries = [
        ("Drawn", judgement.drawn, np.arange(len(missed))),
        ("Drawn but not recognised as asked", judgement.drawn, np.flatnonzero(missed)),
        ("Real test pictures", judgement.real, np.arange(len(judgement.real.levels))),
    ]
    pictures = "".join(_render_gallery(name, of, places, layout) for name, of, places in galleries)
    return f"<h2>Drawing</h2><p>{told}</p>" + _table(["measure", "drawn", "real"], rows) + pictures


DRAWING_ROWS = (
    ("well formed", "well_formed", "share"),
    ("recognised as asked", "recognised", "share"),
    ("diversity: mean Hamming distance within a class", "diversity", "distance"),
    ("distinct", "diversity", "distinct"),
    ("distance to the nearest training picture", "nearest", "distance"),
    ("copies of training pictures", "nearest", "copies"),
    ("bits per cell under the model", "bits_per_cell", "bits"),
)


def _render_gallery(name: str, pictures: PictureSet, places: Sequence[int] | Any, layout: Any) -> str:
    if not len(places):
        return ""
    chosen = [places[k] for k in np.unique(np.linspace(0, len(places) - 1, SHOWN_DRAWINGS).astype(int))]
    asked, names = pictures.asked_of_levels, pictures.classes
    shown = "".join(
        picture_element(
            pictures.levels[place],
            layout,
            f"{names[asked[place]]}, seen as {names[pictures.judged[place]]}",
        )
        for place in chosen
    )
    return f'<h3>{name}</h3><div class="pictures">{shown}</div>'


def _render_record(figures: Figures) -> str:
    text = escape(json.dumps(figures["run"], indent=1, ensure_ascii=False))
    folded = f"<details><summary>Options and versions</summary><pre>{text}</pre></details>"
    return f"<h2>How this was made</h2>{folded}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{top}</tr>{body}</table></div>'


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _span(interval: Sequence[float] | None) -> str:
    return "–" if interval is None else f"{interval[0]:.2%} to {interval[1]:.2%}"
