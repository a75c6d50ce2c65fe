"""Writes the writer's figures and samples into a page, between its marks.

Usage: python -m benchmarks.writing_page docs/writer.md
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.results_table import replace_table
from calligram.whole_files import write_whole

RESULTS = Path(__file__).parent.parent / "docs" / "results" / "writing.json"
BEGIN, END = "<!-- writing -->", "<!-- /writing -->"
OTHERS = ("5-gram, Kneser-Ney", "xz -9e", "bzip2 -9", "gzip -9")


def lines_of(found: Mapping[str, Any]) -> list[str]:
    """Return the page's part as lines of Markdown."""
    told = [
        f"On {found['works']:,} works kept for testing ({found['bytes']:,} bytes), each by itself:",
        "",
        "| | bits a byte |",
        "| --- | ---: |",
        f"| **the writer**, told the kind of text alone | **{found['writer']:.3f}** |",
        f"| the writer, told all the fields | {found['writer, told the fields']:.3f} |",
        *(f"| {name}, learnt from the same works | {found[name]:.3f} |" for name in OTHERS),
        "",
        "The writer by kind of text, told the kind alone:",
        "",
        "| works | bits a byte |",
        "| --- | ---: |",
        *(f"| {kind} | {bits:.3f} |" for kind, bits in found["writer, by kind"].items()),
    ]
    other = found.get("other")
    if other:
        told.append(f"| {other['works']} descriptions of another museum | {other['bits a byte']:.3f} |")
    copied = found["copied"]
    told += [
        "",
        f"The longest run of words that {copied['samples']:,} samples have in common with the texts that it "
        f"learnt from: {copied['longest run']} words. In {copied['empty']} of them nothing might be said.",
        "",
        "## Twenty samples, as they came",
        "",
        "Seeds 1 to 10 of each kind, without an opening and without fields, at a temperature of 0.7, "
        "top-k 50 and top-p 0.95.",
    ]
    for kind, texts in found["shown"].items():
        told += [
            "",
            f"As `{kind}`:",
            "",
            *(f"{number}. {_one_line(text)}" for number, text in enumerate(texts, 1)),
        ]
    return told


def _one_line(text: str) -> str:
    return " ".join(text.split()) or "*(nothing)*"


def main() -> None:
    """Rewrite the page's part."""
    page = Path(sys.argv[1])
    made = "\n".join(lines_of(json.loads(RESULTS.read_text(encoding="utf-8"))))
    write_whole(page, replace_table(page.read_text(encoding="utf-8"), f"{made}\n", (BEGIN, END)).encode())


if __name__ == "__main__":
    main()
