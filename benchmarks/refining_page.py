"""Writes the figures of refining into a page, between its marks.

Usage: python -m benchmarks.refining_page docs/refining.md
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.results_table import replace_table
from calligram.whole_files import write_whole

RESULTS = Path(__file__).parent.parent / "docs" / "results" / "refining.json"
BEGIN, END = "<!-- refining -->", "<!-- /refining -->"
NAMES = {
    "one shot": "one shot",
    "random of n": "as many images as the loop, one by lot",
    "best of n": "best of {n}, the same words",
    "rules": "**the loop, words by rules**",
    "model": "**the loop, words by a scripted model**",
}


def lines_of(found: Mapping[str, Any]) -> list[str]:
    """Return the page's part as lines of Markdown."""
    most = found["rounds"] * found["images in a round"]
    judged = any("judged" in figures for figures in found["ways"].values())
    return [
        f"{found['briefs']} briefs, at most {found['rounds']} rounds of {found['images in a round']} images:",
        "",
        "| | briefs met | 95 % interval | wishes met | images a brief | s a brief |"
        + (" the judge agrees |" if judged else ""),
        "| --- | ---: | ---: | ---: | ---: | ---: |" + (" ---: |" if judged else ""),
        *(_row(way, found, most, judged) for way in NAMES),
        "",
        *_comparisons(found),
        "",
        "Brief by brief, with the images painted until it was met; – where it was not:",
        "",
        "| brief | painter | one shot | best of n | rules | model |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        *map(_brief, found["each"]),
    ]


def _row(way: str, found: Mapping[str, Any], most: int, judged: bool) -> str:
    figures = found["ways"][way]
    low, high = figures["interval"]
    cells = [
        NAMES[way].format(n=most),
        f"{figures['reached']} ({figures['share']:.0%})",
        f"{low:.0%}–{high:.0%}",
        f"{figures['wishes met']:.0%}",
        f"{figures['images']:.1f}",
        f"{figures['seconds'] / found['briefs']:.1f}",
    ]
    if judged:
        told = figures.get("judged")
        cells.append(f"{told['seen']} of {told['asked']}" if told else "–")
    return f"| {' | '.join(cells)} |"


def _comparisons(found: Mapping[str, Any]) -> Iterator[str]:
    for pair, test in found["compared"].items():
        way, _, other = pair.partition(" with ")
        name = "by rules" if way == "rules" else "by the model"
        yield (
            f"- The loop {name} meets {test['only_now']} briefs that {other} does not, and misses "
            f"{test['only_then']} that it meets (McNemar, exact: p = {test['p']:.2g})."
        )


def _brief(told: Mapping[str, Any]) -> str:
    ways = ("one shot", "best of n", "rules", "model")
    cells = [str(told["images"][way]) if told["reached"][way] else "–" for way in ways]
    painter = told["painter"].partition("?")[0]
    return f"| {told['words']} | {painter} | {' | '.join(cells)} |"


def main() -> None:
    """Rewrite the page's part."""
    page = Path(sys.argv[1])
    made = "\n".join(lines_of(json.loads(RESULTS.read_text(encoding="utf-8"))))
    write_whole(page, replace_table(page.read_text(encoding="utf-8"), f"{made}\n", (BEGIN, END)).encode())


if __name__ == "__main__":
    main()
