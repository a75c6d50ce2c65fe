"""Writes the painter's figures into a page between its marks, and 64 unpicked paintings beside it.

Usage: python -m benchmarks.painting_page docs/painter.md
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.painting import plain_words
from benchmarks.results_table import replace_table
from calligram.painters.adversarial.kinds import COLOURS, KINDS
from calligram.painters.adversarial.network import PAPER
from calligram.painters.base import Order, open_painter
from calligram.provenance import Label, write_image
from calligram.whole_files import write_whole

RESULTS = Path(__file__).parent.parent / "docs" / "results" / "painting.json"
SHEET = Path(__file__).parent.parent / "docs" / "_static" / "painted.jpg"
BEGIN, END = "<!-- painting -->", "<!-- /painting -->"
ACROSS, SIDE, GAP = 8, 128, 12


def orders() -> list[Order]:
    """Return 64 orders: every kind once, then thirteen in a colour; seeds 0 to 63, none picked."""
    named = [f"a {colour} {kind}" for colour, kind in zip(COLOURS[:10], KINDS[-10:], strict=True)]
    named += ["a red heart", "a green leaf", "a blue car"]
    words = [*(plain_words(kind) for kind in KINDS), *named]
    return [Order(each, seed=seed) for seed, each in enumerate(words)]


def sheet() -> Image.Image:
    """Return the paintings of all orders, eight in a row."""
    painter, asked = open_painter(f"adversarial?side={SIDE}"), orders()
    step = SIDE + GAP
    made = Image.new("RGB", (ACROSS * step + GAP, len(asked) // ACROSS * step + GAP), PAPER)
    for number, order in enumerate(asked):
        (painted,) = painter.paint(order)
        made.paste(painted.image, (GAP + number % ACROSS * step, GAP + number // ACROSS * step))
    return made


def lines_of(found: Mapping[str, Any]) -> list[str]:
    """Return the page's part as lines of Markdown."""
    variety, wordings = found["variety"], found["unseen wordings"]
    painted, icons = found["painted"], found["painted icons"]
    return [
        "| | painted | real, held out |",
        "| --- | ---: | ---: |",
        f"| told right by the judge, all 51 kinds | **{_percent(painted)}** of {painted['of']:,} "
        f"| {found['judge on real']:.1%} |",
        f"| told right, the 32 things alone | **{_percent(icons)}** of {icons['of']:,} "
        f"| {found['judge on real icons']:.1%} |",
        f"| how unlike two of one kind are | {variety['apart']:.3f} | {variety['real apart']:.3f} |",
        f"| how unlike the nearest learnt from | {variety['near']:.3f} | {variety['real near']:.3f} |",
        "",
        "Fifty wordings of somebody who had not seen those it was taught, each painted four times: "
        f"{_percent(wordings['recognised'])} of the paintings are told as asked, and "
        f"{_percent(wordings['painted as asked, three of four'])} of the wordings are painted as asked "
        f"at least three times of four; {wordings['refused, though of a kind']} were refused. "
        f"{wordings['not in its lists']['of']} of the fifty stand nowhere in the lists it was taught by, and "
        f"of their paintings {wordings['not in its lists']['share']:.1%} are told as asked. Of ten things "
        f"that it cannot paint {wordings['strange words refused']['share']:.0%} were refused.",
        "",
        f"One painting as a command, start and all: {found['seconds']:.2f} s on two shared cores. The "
        f"networks are {found['megabytes']:.1f} MB.",
        "",
        "| kind | painted | real | kind | painted | real | kind | painted | real |",
        "| --- | ---: | ---: | --- | ---: | ---: | --- | ---: | ---: |",
        *_kinds(found["kinds"]),
    ]


def _kinds(kinds: Mapping[str, Mapping[str, float | None]]) -> list[str]:
    cells = [
        f"{kind} | {told['painted']:.0%} | {'–' if told['real'] is None else format(told['real'], '.0%')}"
        for kind, told in kinds.items()
    ]
    third = -(-len(cells) // 3)
    cells += ["| |"] * (3 * third - len(cells))
    return [f"| {cells[row]} | {cells[row + third]} | {cells[row + 2 * third]} |" for row in range(third)]


def _percent(share: Mapping[str, float]) -> str:
    return f"{share['share']:.1%} ({share['low']:.1%} to {share['high']:.1%})"


def main(page: Path) -> None:
    """Write the part of a page between its marks, and the sheet."""
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    part = "\n".join(["", *lines_of(found), "", ""])
    write_whole(page, replace_table(page.read_text(encoding="utf-8"), part, (BEGIN, END)).encode())
    label = Label("drawn", painter="adversarial", title="64 paintings of the built-in painter, none picked")
    write_image(SHEET, sheet(), label)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
