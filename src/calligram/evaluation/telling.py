"""Figures as people read them: shares in per cent, intervals, and several models side by side."""

from collections.abc import Callable, Sequence

from calligram.evaluation.corruptions import LIFT_AMOUNTS, LIFT_NOISES
from calligram.metrics.base import Figures


def percent(value: float | None) -> str:
    """Return a share in per cent, or a dash where it was not measured.

    >>> percent(0.98765)
    '98.77%'
    """
    return "–" if value is None else f"{value:.2%}"


def number(value: float | None) -> str:
    """Return a number with four places, or a dash where it was not measured."""
    return "–" if value is None else f"{value:.4f}"


def span(interval: Sequence[float] | None) -> str:
    """Return an interval of shares."""
    return "–" if interval is None else f"{interval[0]:.2%} to {interval[1]:.2%}"


DRAWING_ROWS: tuple[tuple[str, str, str, Callable[[float | None], str]], ...] = (
    ("well formed", "well_formed", "share", percent),
    ("recognised as asked", "recognised", "share", percent),
    ("diversity", "diversity", "distance", number),
    ("nearest training picture", "nearest", "distance", number),
    ("copies", "nearest", "copies", percent),
    ("bits per cell", "bits_per_cell", "bits", number),
)
"""What is told of drawings: name, measure, figure, and how it is shown."""


def side_by_side(models: Sequence[Figures]) -> list[tuple[str, list[str]]]:
    """Return a table of several models: what is measured, and a cell for each; no rows of nothing."""
    reading = [figures["reading"] for figures in models]
    rows = [
        ("accuracy", [percent(figures["accuracy"]) for figures in models]),
        ("95 % interval", [span(figures["interval"]) for figures in models]),
        ("mean over classes", [percent(one["macro"]["accuracy"]) for one in reading]),
        ("chance", [percent(one["chance"]["guessing"]) for one in reading]),
        ("calibration error", [number(one["calibration"]["ece"]) for one in reading]),
        ("abstained from", [percent(one["abstention"]["abstained"]) for one in reading]),
        ("ceiling", [percent(figures["ceiling"]) for figures in models]),
        *_robustness_rows(models),
    ]
    for name, metric, key, show in DRAWING_ROWS:
        drawn = [figures["drawing"] for figures in models]
        rows.append((f"drawings {name}", [show(one["drawn"][metric][key] if one else None) for one in drawn]))
    return [(name, cells) for name, cells in rows if set(cells) != {"–"}]


def _robustness_rows(models: Sequence[Figures]) -> list[tuple[str, list[str]]]:
    found = [figures["robustness"] for figures in models]
    rows = []
    for noise in LIFT_NOISES:
        for place, amount in enumerate(LIFT_AMOUNTS[1:], start=1):
            shares = [one["lift"][noise]["points"][place]["accuracy"] if one else None for one in found]
            rows.append((f"{noise} noise {amount:g}", [percent(share) for share in shares]))
    means = [one["mnist_c"]["mean"] if one else None for one in found]
    return [*rows, ("MNIST-C, mean", [percent(mean) for mean in means])]
