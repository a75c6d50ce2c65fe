"""Figures as people read them: shares in per cent, intervals, and several models side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calligram.evaluation.comparing import list_copies
from calligram.metrics.base import Figures

UNTOLD = "told no probabilities"


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


def calibration_error(reading: Figures) -> str:
    """Return the expected calibration error, or why there is none."""
    calibration = reading["calibration"]
    return UNTOLD if calibration.get("reason") else number(calibration["ece"])


def shorten(name: str, most: int) -> str:
    """Return a name of at most so many characters, its middle left out where it is longer.

    >>> shorten("hf:runs/a-very-long-name/checkpoint-4000", 21)
    'hf:runs/a-…point-4000'
    """
    if len(name) <= most:
        return name
    ahead = most // 2
    return f"{name[:ahead]}…{name[ahead + 1 - most :]}"


@dataclass(frozen=True)
class DrawingRow:
    """One figure of drawings, as it is told.

    Args:
        name: in few words, for a terminal.
        title: in full, for a page.
        metric: the measure.
        key: the figure of it.
        show: how its value is shown.
    """

    name: str
    title: str
    metric: str
    key: str
    show: Callable[[float | None], str]

    def cell(self, measured: Figures) -> str:
        """Return the value as it is shown."""
        return self.show(measured[self.metric][self.key])


DRAWING_ROWS = (
    DrawingRow("well formed", "well formed", "well_formed", "share", percent),
    DrawingRow("recognised as asked", "recognised as asked", "recognised", "share", percent),
    DrawingRow(
        "diversity", "diversity: mean Hamming distance within a class", "diversity", "distance", number
    ),
    DrawingRow("distinct", "distinct", "diversity", "distinct", percent),
    DrawingRow(
        "nearest training picture", "distance to the nearest training picture", "nearest", "distance", number
    ),
    DrawingRow("copies", "copies of training pictures", "nearest", "copies", percent),
    DrawingRow("bits per cell", "bits per cell under the model", "bits_per_cell", "bits", number),
)
"""What is told of drawings, on a terminal and on a page."""


def side_by_side(models: Sequence[Figures]) -> list[tuple[str, list[str]]]:
    """Return a table of several models: what is measured, and a cell for each; no rows of nothing."""
    reading = [figures["reading"] for figures in models]
    rows = [
        ("accuracy", [percent(figures["accuracy"]) for figures in models]),
        ("95 % interval", [span(figures["interval"]) for figures in models]),
        ("mean over classes", [percent(one["macro"]["accuracy"]) for one in reading]),
        ("chance", [percent(one["chance"]["guessing"]) for one in reading]),
        ("calibration error", [calibration_error(one) for one in reading]),
        ("abstained from", [percent(one["abstention"]["abstained"]) for one in reading]),
        ("ceiling", [percent(figures["ceiling"]) for figures in models]),
        *_robustness_rows(models),
    ]
    for row in DRAWING_ROWS:
        drawn = [figures["drawing"] for figures in models]
        rows.append((f"drawings {row.name}", [row.cell(one["drawn"]) if one else "–" for one in drawn]))
    return [(name, cells) for name, cells in rows if set(cells) != {"–"}]


def _robustness_rows(models: Sequence[Figures]) -> list[tuple[str, list[str]]]:
    """Return a row for each damaged copy that any of the models met, and one for the mean of MNIST-C."""
    found = [figures["robustness"] for figures in models]
    shares: list[dict[str, str]] = [
        {name: _tell_copy(entry) for name, entry in list_copies(one)} if one else {} for one in found
    ]
    names = dict.fromkeys(name for told in shares for name in told)
    means = [percent(one["mnist_c"]["mean"]) if one else "–" for one in found]
    rows = [(name, [told.get(name, "–") for told in shares]) for name in names]
    return [*rows, ("MNIST-C, mean", means)]


def _tell_copy(entry: Figures) -> str:
    return "refused" if entry.get("refused") else percent(entry["accuracy"])
