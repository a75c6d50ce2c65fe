"""An evaluation as one HTML file that needs nothing else, and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from calligram.evaluation.drawing import Judgement
from calligram.evaluation.pages import STYLE, meaning, meanings, table
from calligram.evaluation.plots import picture_element, plot_reliability, plot_risk, plot_shares
from calligram.evaluation.reading import Mistake
from calligram.evaluation.report_robustness import (
    render_comparison,
    render_curves_together,
    render_robustness,
)
from calligram.evaluation.runner import Evaluation
from calligram.evaluation.telling import (
    DRAWING_ROWS,
    UNTOLD,
    calibration_error,
    number,
    percent,
    side_by_side,
    span,
)
from calligram.metrics.base import Answers, Figures, PictureSet
from calligram.picture.saving import Finish, Origin, as_it_is
from calligram.whole_files import write_whole

SHOWN_MISTAKES = 60
SHOWN_DRAWINGS = 40


def write_report(evaluations: Sequence[Evaluation], path: Path, finish: Finish = as_it_is) -> None:
    """Write the report of evaluations as one HTML file, whole or not at all.

    Args:
        evaluations: what is reported, one for each model.
        path: the file; it is replaced where it exists.
        finish: labels the pictures in it.

    Raises:
        OutputError: the file cannot be written.
    """
    write_whole(path, render_report(evaluations, finish).encode())


def write_figures(evaluations: Sequence[Evaluation], path: Path) -> None:
    """Write figures as a JSON file, whole or not at all: one object, or one a line where there are several.

    Args:
        evaluations: what is written, one for each model.
        path: the file; it is replaced where it exists.

    Raises:
        OutputError: the file cannot be written.
    """
    indent = 1 if len(evaluations) == 1 else None
    told = [json.dumps(one.figures, indent=indent, ensure_ascii=False) for one in evaluations]
    write_whole(path, "".join(f"{text}\n" for text in told).encode())


def render_report(evaluations: Sequence[Evaluation], finish: Finish = as_it_is) -> str:
    """Return the report of evaluations as a whole HTML page without outside parts."""
    heads = [one.figures for one in evaluations]
    title = escape(f"{', '.join(str(head['model']) for head in heads)} on {heads[0]['source']}")
    parts = [_render_side_by_side(heads)] if len(heads) > 1 else []
    parts += [_render_one(one, finish) for one in evaluations]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _render_one(evaluation: Evaluation, finish: Finish) -> str:
    figures = evaluation.figures
    parts = [
        _render_head(figures),
        _render_classes(figures["reading"]),
        _render_confidence(figures["reading"]),
        _render_mistakes(evaluation, finish),
    ]
    if figures.get("comparison"):
        parts.insert(1, render_comparison(figures["comparison"]))
    if figures["robustness"]:
        parts.append(render_robustness(figures["robustness"]))
    if figures["abstention"]:
        parts.append(_render_abstention(figures["abstention"]))
    if evaluation.judgement:
        parts.append(_render_drawing(evaluation, evaluation.judgement, finish))
    return "".join([*parts, _render_record(figures)])


def _render_side_by_side(heads: Sequence[Figures]) -> str:
    names = [str(head["model"]) for head in heads]
    told = f"{heads[0]['source']}, split {heads[0]['split']}, layout {heads[0]['layout']}"
    rows = [[name, *cells] for name, cells in side_by_side(heads)]
    curves = render_curves_together(heads)
    return f"<h1>Side by side</h1><p>{escape(told)}</p>{table(['', *names], rows)}{curves}"


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
        f"{''.join(f'<p><b>{escape(note)}</b></p>' for note in figures['notes'])}"
        f"<h2>Accuracy</h2>{plot_shares([row for row in rows if row[1] is not None])}"
        + meanings(Answers, ["accuracy", "macro", "chance"])
        + _render_summary(figures["reading"])
    )


def _render_summary(reading: dict[str, Figures]) -> str:
    macro, chance = reading["macro"], reading["chance"]
    rows = [
        ["mean over classes", percent(macro["accuracy"]), span(macro["interval"])],
        ["mean F1 over classes", number(macro["f1"]), ""],
        ["chance: guessing evenly", percent(chance["guessing"]), ""],
        ["chance: the most frequent class", percent(chance["most_frequent"]), ""],
        ["kappa", number(chance["kappa"]), ""],
    ]
    return table(["figure", "value", "95 % interval"], rows)


def _render_classes(reading: dict[str, Figures]) -> str:
    rows = [
        [
            one["class"],
            f"{one['n']:,}",
            *map(percent, (one["recall"], one["precision"])),
            span(one["interval"]),
        ]
        for one in reading["per_class"]["classes"]
    ]
    confusion = reading["confusion"]
    return (
        "<h2>Classes</h2>"
        + meanings(Answers, ["per_class", "confusion"])
        + table(["class", "n", "recall", "precision", "95 % interval of recall"], rows)
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
        f"Expected calibration error: {calibration_error(reading)}. "
        f"Abstained from {percent(abstention['abstained'])}; "
        f"{percent(abstention['answered_accuracy'])} right among the rest."
    )
    means = meanings(Answers, ["calibration", "abstention"])
    if reason := calibration.get("reason"):
        # nothing can be plotted of confidences that are none
        return f"<h2>Confidence</h2><p>{told} {escape(reason[:1].upper() + reason[1:])}.</p>{means}"
    plots = plot_reliability(calibration["bins"]) + plot_risk(abstention["curve"])
    return f'<h2>Confidence</h2><p>{told}</p>{means}<div class="pair">{plots}</div>'


def _render_mistakes(evaluation: Evaluation, finish: Finish) -> str:
    layout = evaluation.examples.layout
    total = evaluation.figures["reading"]["accuracy"]
    wrong = total["n"] - total["correct"]
    shown = evaluation.mistakes[:SHOWN_MISTAKES]
    pictures = [
        picture_element(
            one.levels,
            layout,
            f"{one.truth} read as {one.answer}\n"
            f"{_tell_confidence(one)}{', abstained' if one.abstained else ''}\n{one.name}",
            Origin(one.name),
            finish,
        )
        for one in shown
    ]
    told = f"{wrong:,} pictures were read wrongly; {len(shown)} are shown, the most confident first."
    return f'<h2>Mistakes</h2><p>{told}</p><div class="pictures">{"".join(pictures)}</div>'


def _tell_confidence(mistake: Mistake) -> str:
    return f"{mistake.confidence:.3f}" if mistake.weighed else UNTOLD


def _render_abstention(abstention: Figures) -> str:
    absent = ", ".join(abstention["absent"])
    note = f"<p>Not given, so not measured: {escape(absent)}.</p>" if absent else ""
    told = (
        "The share of pictures the model declined that show none of the classes. Near 100 % is wanted, "
        "and near 0 % for the real test pictures."
    )
    page = f"<h2>What it abstains from</h2>{meaning(told)}<h3>Text pictures</h3>" + _tabulate_abstention(
        abstention
    )
    if abstention.get("seen"):
        page += "<h3>Whole images, as calligram see reads them</h3>"
        page += _tabulate_abstention(abstention["seen"])
    return page + note


def _tabulate_abstention(abstention: Figures) -> str:
    rows = []
    for group, entry in abstention["groups"].items():
        rows.append([group, f"{entry['n']:,}", percent(entry["abstained"]), span(entry["interval"])])
        if len(entry["kinds"]) > 1:
            rows += [
                [f"– {kind}", f"{each['n']:,}", percent(each["abstained"]), span(each["interval"])]
                for kind, each in entry["kinds"].items()
            ]
    for name, key in (("all strange pictures", "strange"), ("real test pictures", "familiar")):
        entry = abstention[key]
        rows.append([name, f"{entry['n']:,}", percent(entry["abstained"]), span(entry["interval"])])
    return table(["pictures", "n", "abstained", "95 % interval"], rows)


def _render_drawing(evaluation: Evaluation, judgement: Judgement, finish: Finish) -> str:
    figures, layout = judgement.figures, evaluation.examples.layout
    drawn, real, judge, ratios = (figures[name] for name in ("drawn", "real", "judge", "ratios"))
    rows = [[row.title, row.cell(drawn), row.cell(real)] for row in DRAWING_ROWS]
    told = (
        f"A convolutional judge that learned from {judge['n_train']:,} real pictures and never saw the model "
        f"looks at {drawn['well_formed']['n']:,} drawings. Its own accuracy on real test pictures is "
        f"{percent(judge['accuracy'])}. Drawn over real: diversity {number(ratios['diversity'])}, "
        f"nearest distance {number(ratios['nearest'])}."
    )
    missed = judgement.drawn.judged != judgement.drawn.asked_of_levels
    by_model = Origin(model=str(evaluation.figures["model"]))
    from_source = Origin(str(evaluation.figures["source"]))
    galleries = [
        ("Drawn", judgement.drawn, np.arange(len(missed)), by_model),
        ("Drawn but not recognised as asked", judgement.drawn, np.flatnonzero(missed), by_model),
        ("Real test pictures", judgement.real, np.arange(len(judgement.real.levels)), from_source),
    ]
    pictures = "".join(
        _render_gallery(name, of, places, layout, origin, finish) for name, of, places, origin in galleries
    )
    names = ["well_formed", "recognised", "diversity", "nearest", "bits_per_cell"]
    means = meanings(PictureSet, names)
    return f"<h2>Drawing</h2><p>{told}</p>{means}" + table(["measure", "drawn", "real"], rows) + pictures


def _render_gallery(
    name: str,
    pictures: PictureSet,
    places: Sequence[int] | Any,
    layout: Any,
    origin: Origin,
    finish: Finish,
) -> str:
    if not len(places):
        return ""
    chosen = [places[k] for k in np.unique(np.linspace(0, len(places) - 1, SHOWN_DRAWINGS).astype(int))]
    asked, names = pictures.asked_of_levels, pictures.classes
    shown = "".join(
        picture_element(
            pictures.levels[place],
            layout,
            f"{names[asked[place]]}, seen as {names[pictures.judged[place]]}",
            replace(origin, words=names[asked[place]]) if origin.model else origin,
            finish,
        )
        for place in chosen
    )
    return f'<h3>{name}</h3><div class="pictures">{shown}</div>'


def _render_record(figures: Figures) -> str:
    text = escape(json.dumps(figures["run"], indent=1, ensure_ascii=False))
    folded = f"<details><summary>Options and versions</summary><pre>{text}</pre></details>"
    return f"<h2>How this was made</h2>{folded}"
