"""The part of the report on damaged copies, and on what differs from an older evaluation."""

from collections.abc import Sequence
from html import escape

from calligram.evaluation.comparing import describe_difference
from calligram.evaluation.corruptions import LIFT_AMOUNTS
from calligram.evaluation.pages import meaning, table
from calligram.evaluation.plots import KINDS, Series, plot_curves, plot_shares
from calligram.evaluation.telling import percent, span
from calligram.metrics.base import Figures

PUBLISHED = {"gaussian": (98.15, 98.28, 88.38, 54.80), "signed": (98.15, 88.05, 68.80, 29.68)}
"""LIFT's GPT-3 on MNIST, trained on clean pictures, in per cent. Source: Dinh et al. 2022, as published."""


def render_robustness(robustness: Figures) -> str:
    """Return the part on damaged copies."""
    clean = percent(robustness["clean"]["accuracy"])
    told = (
        f"The same {robustness['n']:,} pictures are damaged in many ways and read again. Undamaged, {clean} "
        "are read right; every other share is to be held against that one. The damage is drawn from the seed."
    )
    return (
        f"<h2>Robustness</h2>{meaning(told)}"
        + _render_lift(robustness["lift"])
        + _render_mnist_c(robustness["mnist_c"])
        + _render_curves(
            "Other damage to the image",
            "Each curve begins with the undamaged pictures, whose share is the dashed line.",
            robustness,
            "curves",
        )
        + _render_curves(
            "Damage to the text",
            "Cells that show another glyph, rows that are missing, and rows laid onto the row below: what "
            "happens to a text picture that is copied, wrapped or trimmed.",
            robustness,
            "text",
        )
        + _render_layouts(robustness["layouts"])
    )


def _render_lift(lift: Figures) -> str:
    told = (
        "Noise added to the image before it becomes text, as in LIFT: Gaussian noise scaled so that the "
        "largest value in the whole set is the amount, signed noise of the amount up or down, and the amount "
        "added everywhere; white is 1. GPT-3's figures are LIFT's own, on MNIST, and hold for nothing else."
    )
    series = [
        Series(kind, [(point["amount"], point["accuracy"]) for point in entry["points"]])
        for kind, entry in lift.items()
    ]
    rows = []
    for kind, entry in lift.items():
        for place, point in enumerate(entry["points"]):
            gpt = f"{PUBLISHED[kind][place]:.2f}%" if kind in PUBLISHED else "–"
            shown = [percent(point["accuracy"]), span(point["interval"]), _points(point["points_below"]), gpt]
            rows.append([f"{kind} {point['amount']:g}", *shown])
    head = ["noise", "accuracy", "95 % interval", "points below clean", "GPT-3 in LIFT, on MNIST"]
    plot = plot_curves(series, "largest value of the noise", LIFT_AMOUNTS[-1])
    return f'<h3>LIFT\'s noise</h3>{meaning(told)}<div class="pair">{plot}{table(head, rows)}</div>'


def _render_mnist_c(mnist_c: Figures) -> str:
    told = (
        f"The fifteen kinds of damage of MNIST-C, rebuilt from their description; their mean is "
        f"{percent(mnist_c['mean'])}. The chance in them is drawn anew, so single pictures differ from the "
        "published set while kind and strength are the same."
    )
    rows = [
        (kind.replace("_", " "), entry["accuracy"], entry["interval"])
        for kind, entry in mnist_c["corruptions"].items()
    ]
    return f"<h3>MNIST-C</h3>{meaning(told)}{plot_shares(rows)}"


def _render_curves(title: str, told: str, robustness: Figures, group: str) -> str:
    clean, plots, rows = robustness["clean"]["accuracy"], [], []
    for kind, entry in robustness[group].items():
        points = _curve_points(robustness, group, kind)
        plot = plot_curves([Series("", points)], entry["unit"], entry["points"][-1]["amount"], clean)
        plots.append(f"<figure>{plot}<figcaption>{escape(kind)}</figcaption></figure>")
        for point in entry["points"]:
            shown = [percent(point["accuracy"]), span(point["interval"]), _points(point["points_below"])]
            rows.append([f"{kind} {point['amount']:g}", entry["unit"], *shown])
    head = ["damage", "unit", "accuracy", "95 % interval", "points below clean"]
    details = f"<details><summary>As a table</summary>{table(head, rows)}</details>"
    return f'<h3>{title}</h3>{meaning(told)}<div class="pair">{"".join(plots)}</div>{details}'


def render_curves_together(heads: Sequence[Figures]) -> str:
    """Return one plot for each curve of damage with a line for each model, of more than six for the first.

    It is empty where fewer than two models met any damage.
    """
    found = [(str(head["model"]), head["robustness"]) for head in heads if head["robustness"]]
    if len(found) < 2:
        return ""
    plots = []
    for group in ("lift", "curves", "text"):
        for kind, entry in found[0][1][group].items():
            series = [Series(name, _curve_points(one, group, kind)) for name, one in found[: len(KINDS)]]
            widest = entry["points"][-1]["amount"]
            plot = plot_curves(series, entry.get("unit", "noise"), widest)
            title = f"{kind} noise" if group == "lift" else kind
            plots.append(f"<figure>{plot}<figcaption>{escape(title)}</figcaption></figure>")
    more = f" The first {len(KINDS)} models are shown." if len(found) > len(KINDS) else ""
    told = f"Each curve begins with the undamaged pictures; layouts that were refused are left out.{more}"
    return f'<h2>Damage, side by side</h2>{meaning(told)}<div class="pair">{"".join(plots)}</div>'


def _curve_points(robustness: Figures, group: str, kind: str) -> list[tuple[float, float]]:
    """Return amount and share of each copy that was read, the undamaged first."""
    points = [(0.0, robustness["clean"]["accuracy"])] if group != "lift" else []
    told = robustness[group].get(kind, {"points": []})["points"]
    return points + [(point["amount"], point["accuracy"]) for point in told if not point["refused"]]


def _render_layouts(layouts: Figures) -> str:
    told = (
        "The same pictures in other ramps and sizes. A model that was not taught a layout may refuse it, and "
        "then says why; that is no mistake."
    )
    rows = [
        [kind, percent(entry["accuracy"]), span(entry["interval"]), entry["refused"] or ""]
        for kind, entry in layouts.items()
    ]
    head = ["layout", "accuracy", "95 % interval", "refused because"]
    return f"<h3>Other ramps and sizes</h3>{meaning(told)}{table(head, rows)}"


def _points(below: float | None) -> str:
    return "–" if below is None else f"{below:.2f}"


def render_comparison(comparison: Figures) -> str:
    """Return the part on what differs from an older evaluation."""
    then = comparison["with"]
    how = (
        "Both read the very same pictures, so reading is compared picture by picture by McNemar's exact test."
        if comparison["paired"]
        else "The pictures are not the same, so reading is compared as two samples by Fisher's exact test."
    )
    told = (
        f"{how} A difference is called larger than chance where one so large would come up in less than one "
        "of twenty such pairs of equal models. The other shares are many; their probabilities are raised "
        "after Holm, so that this holds for all of them together."
    )
    title = f"Compared with {then['model']} on {then['source']}, layout {then['layout']}"
    lines = [describe_difference("accuracy", comparison["reading"], comparison["paired"])]
    lines += [describe_difference(name, entry) for name, entry in comparison["shares"].items()]
    shown = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h2>{escape(title)}</h2>{meaning(told)}<ul>{shown}</ul>"
