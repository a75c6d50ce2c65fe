"""The figures of evaluations as lines for a person at a terminal."""

from collections.abc import Sequence
from typing import Any

from calligram.evaluation.comparing import describe_difference
from calligram.evaluation.telling import (
    DRAWING_ROWS,
    calibration_error,
    number,
    percent,
    shorten,
    side_by_side,
)

WIDTH = 26
MOST_NAME = 30
"""Characters of a model's name over its column."""


def describe(figures: dict[str, Any]) -> list[str]:
    """Return the lines on one model."""
    reading, ceiling = figures["reading"], figures["ceiling_details"]
    chance = reading["chance"]
    lines = [
        f"{figures['model']} on {figures['source']}, split {figures['split']}, layout {figures['layout']}",
        _line("pictures", f"{figures['n']:,}"),
        _line("accuracy", _with_interval(figures["accuracy"], figures["interval"])),
        _line(
            "mean over classes", _with_interval(reading["macro"]["accuracy"], reading["macro"]["interval"])
        ),
        _line(
            "chance",
            f"{percent(chance['guessing'])}, most frequent class {percent(chance['most_frequent'])}",
        ),
    ]
    if ceiling:
        lines.append(_line("ceiling", _with_interval(ceiling["accuracy"], ceiling["interval"])))
    for name, entry in (figures["baselines"] or {}).items():
        lines.append(_line(name, _with_interval(entry["accuracy"], entry["interval"])))
    lines += [
        _line("calibration error", calibration_error(reading)),
        _line("abstained from", percent(reading["abstention"]["abstained"])),
        _line("right among the rest", percent(reading["abstention"]["answered_accuracy"])),
        "The first candidate counts in the accuracy, also where the model abstained.",
    ]
    lines += figures["notes"]
    if figures["abstention"]:
        lines += _describe_abstention(figures["abstention"])
    if figures["robustness"]:
        lines += _describe_robustness(figures["robustness"])
    if figures["drawing"]:
        lines += _describe_drawing(figures["drawing"])
    return lines + (describe_comparison(figures["comparison"]) if figures.get("comparison") else [])


def describe_side_by_side(all_figures: Sequence[dict[str, Any]]) -> list[str]:
    """Return a table of several models, one column each."""
    first = all_figures[0]
    names = [shorten(str(figures["model"]), MOST_NAME) for figures in all_figures]
    head = f"{first['source']}, split {first['split']}, layout {first['layout']}, {first['n']:,} pictures"
    table = [("", names), *side_by_side(all_figures)]
    widths = [max(len(cells[place]) for _, cells in table) + 2 for place in range(len(names))]
    lines = [head]
    for name, cells in table:
        shown = "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        lines.append(f"{name:<{WIDTH + 8}}{shown}")
    lines += dict.fromkeys(note for figures in all_figures for note in figures["notes"])
    for figures in all_figures:
        if figures.get("comparison"):
            lines += ["", str(figures["model"]), *describe_comparison(figures["comparison"])]
    return lines


def describe_comparison(comparison: dict[str, Any]) -> list[str]:
    """Return the lines on what differs from an older evaluation."""
    then = comparison["with"]
    paired = comparison["paired"]
    how = "the same pictures, by McNemar's exact test" if paired else "other pictures, by Fisher's exact test"
    told = describe_difference("accuracy", comparison["reading"], paired)
    lines = ["", f"Compared with {then['model']} on {then['source']}, layout {then['layout']} ({how})", told]
    shares = comparison["shares"]
    changed = [name for name, entry in shares.items() if entry["larger_than_chance"]]
    lines += [describe_difference(name, shares[name]) for name in changed]
    rest = len(shares) - len(changed)
    return lines + ([f"{rest} other {'share' if rest == 1 else 'shares'}: within chance"] if rest else [])


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


def _describe_robustness(robustness: dict[str, Any]) -> list[str]:
    clean = percent(robustness["clean"]["accuracy"])
    lines = ["", f"Damaged copies of {robustness['n']:,} pictures, undamaged {clean}"]
    for name, entry in robustness["lift"].items():
        lines.append(_line(f"{name} noise", _list_points(entry["points"])))
    for name, entry in robustness["mnist_c"]["corruptions"].items():
        lines.append(_line(name.replace("_", " "), percent(entry["accuracy"])))
    lines.append(_line("MNIST-C, mean", percent(robustness["mnist_c"]["mean"])))
    for group in ("curves", "text"):
        for name, entry in robustness[group].items():
            lines.append(_line(name, f"{_list_points(entry['points'])}  ({entry['unit']})"))
    for name, entry in robustness["layouts"].items():
        lines.append(_line(name, "refused" if entry["refused"] else percent(entry["accuracy"])))
    return lines


def _list_points(points: Sequence[dict[str, Any]]) -> str:
    return "  ".join(f"{point['amount']:g}: {percent(point['accuracy'])}" for point in points)


def _describe_drawing(drawing: dict[str, Any]) -> list[str]:
    drawn, real, ratios = drawing["drawn"], drawing["real"], drawing["ratios"]
    lines = ["", f"{'Drawing':<{WIDTH}}{'drawn':>10}{'real':>10}"]
    for row in DRAWING_ROWS:
        lines.append(f"{row.name:<{WIDTH}}{row.cell(drawn):>10}{row.cell(real):>10}")
    told = f"diversity {number(ratios['diversity'])}, nearest {number(ratios['nearest'])}"
    judge = f"the judge reads {percent(drawing['judge']['accuracy'])} of real test pictures rightly"
    lines += [f"drawn over real: {told}; {judge}"]
    lines += [f"{drawing['tries']:.2f} drawings were made for each that was kept"]
    return lines + ([f"bits per cell: {drawing['bits_refused']}"] if drawing["bits_refused"] else [])


def _line(name: str, value: str) -> str:
    return f"{name:<{WIDTH}}{value}"


def _with_interval(value: float | None, interval: list[float] | None) -> str:
    bounds = f"  [{interval[0]:.2%}, {interval[1]:.2%}]" if interval else ""
    return f"{percent(value)}{bounds}"
