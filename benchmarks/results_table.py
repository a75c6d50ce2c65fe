"""Writes the README's table of results from what ``calligram evaluate … --json`` wrote to ``docs/results``.

::

    python -m benchmarks.results_table README.md
    python -m benchmarks.results_table --check README.md

Each file becomes one row; a file that is absent is a row that is absent. No figure is typed by hand.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "docs" / "results"
BEGIN, END = "<!-- results -->", "<!-- /results -->"
LAYOUTS = ("classic", "fine", "full")
SOURCES = {
    "mnist": "MNIST",
    "fashion": "Fashion-MNIST",
    "fashion-mnist": "Fashion-MNIST",
    "digits": "scikit-learn's digits",
}
PEERS = {"MNIST": "98.15", "Fashion-MNIST": "90.18"}
"""LIFT (NeurIPS 2022), GPT-3 fine-tuned on pixels as integers: the best published text-only figures."""
HEAD = ("read from text", "layout", "right", "95 % interval", "ceiling", "LIFT, GPT-3", "command")
FLAGS = {
    "ceiling": "--ceiling",
    "abstention": "--abstention --photos DIR --other idx:DIR",
    "drawing": "--drawing",
}

Figures = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table into a page, or check that it is there; return 0, or 1 where the check failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.results_table", description=__doc__)
    parser.add_argument("page", type=Path, help="a Markdown page with the two marks")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the JSON files")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where the page is out of date"
    )
    asked = parser.parse_args(arguments)
    old = asked.page.read_text(encoding="utf-8")
    new = replace_table(old, render_table(read_results(asked.results)))
    if asked.check:
        return int(old != new)
    if old != new:
        beside = asked.page.with_name(f".{asked.page.name}.{os.getpid()}.part")
        beside.write_text(new, encoding="utf-8")
        beside.replace(asked.page)
    return 0


def read_results(folder: Path) -> list[Figures]:
    """Return the evaluations in a folder, by source and layout; those that are not whole, or
    have a page of their own, are left out.

    Args:
        folder: holds JSON files of ``calligram evaluate``; it may be absent.
    """
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    read = [figures for figures in found if "accuracy" in figures and not figures.get("robustness")]
    return sorted(read, key=_order)


def render_table(results: Iterable[Figures]) -> str:
    """Return the tables of reading, drawing and abstaining as Markdown; empty where there are no results."""
    results = list(results)
    parts = [_table(HEAD, [_reading(figures) for figures in results])] if results else []
    told = [line for figures in results for line in (*_drawing(figures), *_abstaining(figures))]
    if told:
        parts.append("".join(f"- {line}\n" for line in told))
    return "\n".join(parts)


def replace_table(page: str, table: str, marks: tuple[str, str] = (BEGIN, END)) -> str:
    """Return a page with the table between its two marks.

    Raises:
        ValueError: the page has not exactly one pair of marks.
    """
    begin, end = marks
    if page.count(begin) != 1 or page.count(end) != 1 or page.index(begin) > page.index(end):
        raise ValueError(f"the page needs one {begin} and, behind it, one {end}")
    before, _, rest = page.partition(begin)
    return f"{before}{begin}\n{table}{end}{rest.partition(end)[2]}"


def _order(figures: Figures) -> tuple[int, int, str]:
    names = list(dict.fromkeys(SOURCES.values()))
    name, layout = _source(figures), figures["layout"]
    place = names.index(name) if name in names else len(names)
    return place, LAYOUTS.index(layout) if layout in LAYOUTS else len(LAYOUTS), figures["model"]


def _source(figures: Figures) -> str:
    last = (
        Path(figures["source"].partition(":")[2].partition("?")[0]).name
        or figures["source"].partition(":")[0]
    )
    return SOURCES.get(last, last)


def _reading(figures: Figures) -> list[str]:
    low, high = figures["interval"]
    ceiling = figures.get("ceiling")
    name = _source(figures)
    return [
        f"{name}, {figures['n']:,} pictures",
        f"`{figures['layout']}`",
        f"**{figures['accuracy']:.2%}**",
        f"{100 * low:.2f}–{100 * high:.2f}",
        "not measured" if ceiling is None else f"{100 * ceiling:.2f}",
        PEERS.get(name, "–"),
        f"`{_command(figures)}`",
    ]


def _command(figures: Figures) -> str:
    kind = figures["source"].partition(":")[0]
    source = f"{kind}:DIR" if kind in {"idx", "folder"} else figures["source"]
    flags = [flag for name, flag in FLAGS.items() if figures.get(name) is not None]
    if figures.get("ceiling") is not None and figures.get("baselines") is None:
        flags.append("--no-baselines")
    words = ["calligram evaluate", figures["model"].partition(":")[0], source, "--split", figures["split"]]
    return " ".join([*words, "--layout", figures["layout"], *flags, "--json"])


def _drawing(figures: Figures) -> Iterator[str]:
    found = figures.get("drawing")
    if not found:
        return
    drawn, real, ratios = found["drawn"], found["real"], found["ratios"]
    yield (
        f"{_source(figures)}, `{figures['layout']}`, {drawn['recognised']['n']:,} drawings: "
        f"{drawn['recognised']['share']:.1%} recognised as asked (real test pictures "
        f"{real['recognised']['share']:.1%}), {drawn['well_formed']['share']:.0%} well formed; "
        f"diversity {_times(ratios['diversity'])} and distance to the nearest training picture "
        f"{_times(ratios['nearest'])} times that of real test pictures; "
        f"{found['tries']:.2f} drawings made for each that was kept."
    )


def _abstaining(figures: Figures) -> Iterator[str]:
    found = figures.get("abstention")
    if not found:
        return
    for shown, part in (("text pictures", found), ("whole images that are seen", found.get("seen"))):
        if part:
            groups = ", ".join(
                f"{name} {entry['abstained']:.1%}" for name, entry in part["groups"].items() if entry["n"]
            )
            yield (
                f"{_source(figures)}, `{figures['layout']}`, abstained from, as {shown}: {groups}; "
                f"from real test pictures {part['familiar']['abstained']:.1%}."
            )


def _times(ratio: float | None) -> str:
    return "not measured" if ratio is None else f"{ratio:.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", "---", *["---:"] * (len(head) - 3), "---"], *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
