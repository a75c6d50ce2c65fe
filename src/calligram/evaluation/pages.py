"""Parts that pages of a report are made of: tables, sentences, and the style."""

from collections.abc import Iterable, Sequence
from html import escape

from calligram.metrics.base import meanings_of

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fcfcfa; --line: #c9c9c4; --fill: #4a7a9c;
  --second: #b5622b; --third: #5b8c3e; --fourth: #8a5aa8; --fifth: #a8893a; --sixth: #3a9a94; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e4; --paper: #16181a; --line: #44484c; --fill: #6fa3c7; --second: #d98a55;
    --third: #8fbf6f; --fourth: #b48ad0; --fifth: #d0b266; --sixth: #66c4be; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .6rem 0 1.2rem; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
.scroll { overflow-x: auto; }
.pair { display: flex; flex-wrap: wrap; gap: 2rem; }
.pictures { display: flex; flex-wrap: wrap; gap: .8rem; }
.meaning { font-size: 13px; opacity: .85; max-width: 46rem; }
figure { margin: 0; } figcaption { font-size: 11px; line-height: 1.25; max-width: 92px; }
.pair figcaption { font-size: 13px; max-width: 260px; text-align: center; }
img { image-rendering: pixelated; border: 1px solid var(--line); display: block; }
svg { max-width: 100%; } svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
.bar { fill: var(--fill); } .axis, .guide { fill: none; stroke: var(--line); }
.guide { stroke-dasharray: 4 3; }
.curve { fill: none; stroke: var(--fill); stroke-width: 2; }
.curve.second { stroke: var(--second); } .curve.third { stroke: var(--third); }
.curve.fourth { stroke: var(--fourth); } .curve.fifth { stroke: var(--fifth); }
.curve.sixth { stroke: var(--sixth); }
svg .dot, svg .name { fill: var(--fill); }
svg .dot.second, svg .name.second { fill: var(--second); }
svg .dot.third, svg .name.third { fill: var(--third); }
svg .dot.fourth, svg .name.fourth { fill: var(--fourth); }
svg .dot.fifth, svg .name.fifth { fill: var(--fifth); }
svg .dot.sixth, svg .name.sixth { fill: var(--sixth); }
.whisker { stroke: var(--ink); stroke-width: 2; }
pre { overflow-x: auto; font-size: 12px; }
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; every cell is escaped."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{top}</tr>{body}</table></div>'


def meaning(sentence: str) -> str:
    """Return a paragraph that says what a figure means."""
    return f'<p class="meaning">{escape(sentence)}</p>'


def meanings(subject: type, names: Sequence[str]) -> str:
    """Return paragraphs that say what some measures of a subject mean."""
    known = meanings_of(subject)
    told = "".join(
        f"<dt><b>{escape(known[name][0])}</b></dt><dd>{escape(known[name][1])}</dd>" for name in names
    )
    return f'<dl class="meaning">{told}</dl>'
