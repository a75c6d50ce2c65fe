"""Writes what the learning curve found: results as JSON, a plot, and the tables of the page."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import combinations
from pathlib import Path
from typing import Any

from calligram.whole_files import write_whole

BEGIN, END = "<!-- results -->", "<!-- /results -->"
COLOURS = ("#7f8c8d", "#c0392b", "#2e6da4")
WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 720, 420, 60, 20, 56, 30
Score = Mapping[str, Any]


def write(
    docs: Path,
    scores: Sequence[Score],
    prose: Mapping[str, Any] | None,
    start: Mapping[str, Any],
    ways: Sequence[str],
    epochs: Mapping[int, float],
) -> None:
    """Write ``results/learning-curve.json``, ``_static/learning-curve.svg`` and the page's part of results.

    Args:
        docs: folder of the documentation; the page is written where it exists.
        scores: one for each network that read the test images.
        prose: the record of the teaching of prose, or None before it begins.
        start: the network's configuration.
        ways: all ways of learning, done or not.
        epochs: how often the examples are gone through, by their count.
    """
    for folder in ("results", "_static"):
        (docs / folder).mkdir(parents=True, exist_ok=True)
    network = {name: start[name] for name in ("n_embd", "n_layer", "n_head", "vocab_size", "n_positions")}
    told: dict[str, Any] = {"network": network, "prose": None, "scores": list(scores)}
    if prose:
        told |= {"prose": prose["finished"], "prose_options": prose["asked"]["options"]}
        told |= {"versions": prose["versions"]}
    write_whole(docs / "results" / "learning-curve.json", (json.dumps(told, indent=1) + "\n").encode())
    write_whole(docs / "_static" / "learning-curve.svg", plot(scores, ways).encode())
    path = docs / "learning-curve.md"
    if path.exists():
        text = path.read_text(encoding="utf-8")
        inside = f"{BEGIN}\n{tables(scores, ways, epochs)}\n{END}"
        made = re.sub(f"{BEGIN}.*{END}", lambda _: inside, text, flags=re.DOTALL)
        write_whole(path, made.encode())


def tables(scores: Sequence[Score], ways: Sequence[str], epochs: Mapping[int, float]) -> str:
    """Return a table of accuracies, and one sentence for each pair of ways at each count."""
    seeds = sorted({score["seed"] for score in scores})
    lines = [f"| examples | epochs | {' | '.join(ways)} |", "| ---: | ---: |" + " ---: |" * len(ways)]
    for count in sorted({*epochs, *(score["count"] for score in scores)}):
        cells = [_cell([s for s in scores if (s["way"], s["count"]) == (way, count)]) for way in ways]
        lines.append(f"| {count:,} | {epochs.get(count, 0):g} | {' | '.join(cells)} |")
    sentences = [_compare(*pair) for pair in _pairs(scores, ways)]
    n = scores[0]["n"] if scores else 0
    told = (
        f"Share of {n:,} test images read rightly, with its 95 % interval; seeds {seeds}." if scores else ""
    )
    return "\n".join([*lines, "", told, "", *(f"- {sentence}" for sentence in sentences)])


def _cell(found: Sequence[Score]) -> str:
    if not found:
        return "not run yet"
    return "<br>".join(
        f"**{s['accuracy']:.2%}** ({low:.2%}–{high:.2%}, rate {s['rate']:g})"
        for s in found
        for low, high in [interval(s["accuracy"], s["n"])]
    )


def interval(share: float, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share.

    Source: Wilson, Probable Inference, 1927.
    """
    z = 1.959964
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return middle - reach, middle + reach


def _pairs(scores: Sequence[Score], ways: Sequence[str]) -> list[tuple[Score, Score]]:
    places = {way: place for place, way in enumerate(ways)}
    ordered = sorted(scores, key=lambda s: (s["count"], s["seed"], places[s["way"]]))
    alike = [pair for pair in combinations(ordered, 2) if pair[0]["n"] == pair[1]["n"]]
    return [(a, b) for a, b in alike if (a["count"], a["seed"]) == (b["count"], b["seed"])]


def _compare(one: Score, other: Score) -> str:
    """Return in words how two networks that read the same images differ."""
    better, worse = sorted((one, other), key=lambda score: -score["accuracy"])
    only = [_only(better, worse), _only(worse, better)]
    chance = mcnemar(*only)
    points = 100 * (better["accuracy"] - worse["accuracy"])
    sure = f"p = {chance:.2g}" if chance >= 1e-4 else "p < 0.0001"
    weight = f"larger than chance ({sure}, McNemar)" if chance < 0.05 else f"within chance ({sure}, McNemar)"
    return (
        f"{one['count']:,} examples, seed {one['seed']}: *{better['way']}* reads {points:.2f} points more "
        f"than *{worse['way']}*, {weight}."
    )


def _only(one: Score, other: Score) -> int:
    """Return how many images one reads rightly and the other does not."""
    rights = (int(score["right"], 16) for score in (one, other))
    mine, theirs = rights
    return (mine & ~theirs).bit_count()


def mcnemar(one: int, other: int) -> float:
    """Return the exact two-sided probability that so uneven a split comes by chance.

    Source: McNemar, Note on the sampling error of the difference between correlated proportions, 1947.

    >>> round(mcnemar(1, 9), 4)
    0.0215
    """
    both = one + other
    if not both:
        return 1.0
    logs = [
        math.lgamma(both + 1) - math.lgamma(k + 1) - math.lgamma(both - k + 1) - both * math.log(2)
        for k in range(min(one, other) + 1)
    ]
    return min(1.0, 2 * sum(map(math.exp, logs)))


def plot(scores: Sequence[Score], ways: Sequence[str]) -> str:
    """Return an SVG of accuracy over the number of examples, on a logarithmic scale."""
    counts = sorted({100, 57_000, *(score["count"] for score in scores)})
    low, high = math.log10(counts[0]), math.log10(counts[-1])
    floor = math.floor(10 * min((score["accuracy"] for score in scores), default=0)) / 10

    def at(count: float, share: float) -> tuple[float, float]:
        across = LEFT + (math.log10(count) - low) / (high - low) * (WIDTH - LEFT - RIGHT)
        return across, TOP + (1 - share) / (1 - floor) * (HEIGHT - TOP - BOTTOM)

    parts = [_text(at(count, floor)[0], HEIGHT - BOTTOM + 20, f"{count:,}", "middle") for count in counts]
    for tenth in range(round(floor * 10), 11):
        height = at(counts[0], tenth / 10)[1]
        parts.append(f'<path d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(_text(LEFT - 8, height + 4, f"{tenth * 10} %", "end"))
    for number, (way, colour) in enumerate(zip(ways, COLOURS, strict=True)):
        points = [at(score["count"], score["accuracy"]) for score in scores if score["way"] == way]
        points.sort()
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
        across, height = WIDTH - 300, HEIGHT - BOTTOM - 70 + 20 * number
        parts.append(f'<path d="M{across} {height}h24" stroke="{colour}" stroke-width="3"/>')
        parts.append(_text(across + 32, height + 4, way + ("" if points else " (not run yet)"), "start"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "examples learnt from", "middle"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="white"/>'
        f"{''.join(parts)}</svg>\n"
    )


def _text(across: float, height: float, text: str, anchor: str) -> str:
    return f'<text x="{across:.1f}" y="{height:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
