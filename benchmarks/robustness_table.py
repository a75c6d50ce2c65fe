"""Writes what the built-in model withstands into a page, from ``docs/results/robustness.json``.

::

    calligram evaluate builtin idx:DIR --split test --layout classic --suite robustness \\
        -o docs/results/robustness.json
    python -m benchmarks.robustness_table docs/built-in-model.md

No figure is typed by hand. ``--check`` writes nothing and fails where the page is out of date.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.results_table import RESULTS, replace_table
from calligram.evaluation.report_robustness import PUBLISHED
from calligram.whole_files import write_whole

BEGIN, END = "<!-- robustness -->", "<!-- /robustness -->"
Figures = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the tables into a page, or check that they are there; return 0, or 1 where the check failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness_table", description=__doc__)
    parser.add_argument("page", type=Path, help="a Markdown page with the two marks")
    parser.add_argument("--results", type=Path, default=RESULTS / "robustness.json", help="the figures")
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked = parser.parse_args(arguments)
    old = asked.page.read_text(encoding="utf-8")
    figures = json.loads(asked.results.read_text(encoding="utf-8"))
    new = replace_table(old, render_robustness(figures), (BEGIN, END))
    if not asked.check and old != new:
        write_whole(asked.page, new.encode())
    return int(asked.check and old != new)


def render_robustness(figures: Figures) -> str:
    """Return the tables of noise, of MNIST-C and of all other damage as Markdown."""
    found = figures["robustness"]
    kinds = [(kind.replace("_", " "), entry) for kind, entry in found["mnist_c"]["corruptions"].items()]
    return "\n".join(
        [
            f"`calligram evaluate builtin idx:DIR --split {figures['split']} --layout {figures['layout']} "
            f"--suite robustness --json` on {found['n']:,} pictures of MNIST, of which undamaged "
            f"**{found['clean']['accuracy']:.2%}** are read right.\n",
            "LIFT's noise, added to the image before it becomes text; in brackets GPT-3 as LIFT's authors "
            "publish it, fine-tuned on clean pictures like this model's first stage:\n",
            _noise(found["lift"]),
            f"MNIST-C's fifteen kinds of damage, rebuilt from their description; their mean is "
            f"**{found['mnist_c']['mean']:.2%}**:\n",
            _table(("damage", "right"), [(kind, f"{entry['accuracy']:.1%}") for kind, entry in kinds]),
            "Damage of other kinds, each at its strengths:\n",
            _table(("damage", "strength: right"), _curves(found)),
        ]
    )


def _noise(lift: Figures) -> str:
    amounts = [point["amount"] for point in next(iter(lift.values()))["points"]]
    rows = []
    for kind, entry in lift.items():
        published = PUBLISHED.get(kind, [None] * len(amounts))
        cells = [
            f"{point['accuracy']:.2%}" + (f" ({gpt:.2f})" if gpt else "")
            for point, gpt in zip(entry["points"], published, strict=True)
        ]
        rows.append((kind, *cells))
    return _table(("noise", *(f"{amount:g}" for amount in amounts)), rows)


def _curves(found: Figures) -> Iterator[tuple[str, str]]:
    for group in ("curves", "text"):
        for kind, entry in found[group].items():
            points = [p for p in entry["points"] if p["accuracy"] is not None]
            told = ", ".join(f"{point['amount']:g}: {point['accuracy']:.1%}" for point in points)
            yield f"{kind} ({entry['unit']})", told


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
