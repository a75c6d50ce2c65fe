"""Measured figures on a card: read from what ``calligram evaluate`` wrote, never typed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram.errors import FormatError

NEEDED = ("model", "source", "split", "layout", "n", "accuracy", "interval")


@dataclass(frozen=True)
class Figure:
    """One reading of one split.

    Args:
        source: what was read, without the place where it lay.
        split: the part of it.
        layout: of the pictures.
        n: how many.
        accuracy: the share read right, 0 to 1.
        interval: of 95 %, lowest and highest.
        limit: the most pictures that were to be read, 0 for all.
        seed: chose them.
    """

    source: str
    split: str
    layout: str
    n: int
    accuracy: float
    interval: tuple[float, float]
    limit: int = 0
    seed: int = 0

    @property
    def command(self) -> str:
        """The command that measures it again, places left out."""
        source = self.source.replace(":", ":…/", 1) if ":" in self.source[:-1] else self.source
        chosen = f" --limit {self.limit} --seed {self.seed}" if self.limit else ""
        return f"calligram evaluate MODEL {source} --split {self.split} --layout {self.layout}{chosen}"


def read_figures(paths: Sequence[Path]) -> list[Figure]:
    """Return the figures of files: each one JSON object, or one a line.

    Raises:
        FormatError: a file is missing or holds something else.
    """
    return [figure for path in paths for figure in map(_figure, _objects(path))]


def without_place(spelling: str) -> str:
    """Return a source's spelling without the folders that its place lies in.

    >>> without_place("idx:../my data/mnist"), without_place("digits:"), without_place("hub:ylecun/mnist")
    ('idx:mnist', 'digits:', 'hub:ylecun/mnist')
    """
    kind, colon, place = spelling.partition(":")
    path, mark, options = place.partition("?")
    if not path or (kind == "hub" and not Path(path).exists()):
        return spelling
    return f"{kind}{colon}{Path(path).name}{mark}{options}"


def _objects(path: Path) -> list[Mapping[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        try:
            found = [json.loads(text)]
        except ValueError:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError) as fault:
        raise FormatError(
            f"{path} is no file of figures ({fault}): give one that calligram evaluate -o wrote"
        ) from fault
    for figures in found:
        missing = [name for name in NEEDED if not isinstance(figures, dict) or name not in figures]
        if missing:
            raise FormatError(
                f"{path} lacks {', '.join(missing)}: give a file that calligram evaluate -o wrote"
            )
    return found


def _figure(told: Mapping[str, Any]) -> Figure:
    low, high = told["interval"]
    options = (told.get("run") or {}).get("options") or {}
    return Figure(
        source=without_place(str(told["source"])),
        split=str(told["split"]),
        layout=str(told["layout"]),
        n=int(told["n"]),
        accuracy=float(told["accuracy"]),
        interval=(float(low), float(high)),
        limit=int(options.get("limit", 0)),
        seed=int(options.get("seed", 0)),
    )
