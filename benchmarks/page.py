"""Turns the benchmarks' JSON into the page ``docs/benchmarks.md``."""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.racing import Figures

HEAD = """# Benchmarks

This page is generated: `{command}` writes it from what `{run}` measured. Do not edit it.

Times belong to the machine below. Ratios against the peers of the same run are what to compare.
"""
RUN = "python -m benchmarks run --mnist DIR --out benchmarks/results.json"
COMMAND = "python -m benchmarks page benchmarks/results.json docs/benchmarks.md"


def write_page(results: Path, page: Path) -> None:
    """Write the page from the JSON, whole or not at all.

    Args:
        results: what ``run`` wrote.
        page: the Markdown file; it is replaced where it exists.
    """
    text = render_page(json.loads(results.read_text(encoding="utf-8")))
    beside = page.with_name(f".{page.name}.{os.getpid()}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(page)


def render_page(results: Figures) -> str:
    """Return the page as Markdown.

    Args:
        results: ``machine`` and ``suites``, as the benchmarks write them.
    """
    parts = [HEAD.format(command=COMMAND, run=RUN)]
    if results.get("quick"):
        parts.append("**This was a quick run, with few pictures and one round: its figures mean nothing.**\n")
    parts += [_render_marks(results["suites"].values())]
    parts += [_render_suite(suite) for suite in results["suites"].values()]
    parts.append(_render_machine(results["machine"]))
    return "\n".join(parts)


def _render_marks(suites: Iterable[Figures]) -> str:
    marks = [mark for suite in suites for mark in suite.get("marks", [])]
    rows = [
        [mark["name"], _number(mark["value"]), f"{mark['kind']} {mark['limit']:g}", _verdict(mark["reached"])]
        for mark in marks
    ]
    return "## Marks\n\n" + _table(["what", "measured", "mark", "reached"], rows)


def _verdict(reached: bool | None) -> str:
    return {True: "yes", False: "no", None: "not measured"}[reached]


def _render_suite(suite: Figures) -> str:
    parts = [f"## {suite['title']}\n"]
    if suite.get("absent"):
        return f"{parts[0]}\nNot measured: {suite['absent']}.\n"
    parts.append(suite["about"] + "\n")
    if suite.get("default"):
        parts.append(f"Where no precision is asked for, the model runs in {suite['default']}.\n")
    if suite.get("agreement") is not None:
        parts.append(f"The two sides give the same answer to {suite['agreement']:.1%} of the pictures.\n")
    parts += [_render_task(task, suite.get("ratio_of", "cpu_ms")) for task in suite.get("tasks", [])]
    if "rows" in suite:
        parts.append(_render_commands(suite["rows"]))
    return "\n".join(parts)


def _render_task(task: Figures, ratio_of: str) -> str:
    rows = []
    for row in task["rows"]:
        name = f"{row['name']} ({row['note']})" if row.get("note") else row["name"]
        if row["absent"]:
            rows.append([name, "absent", "", row["absent"]])
        else:
            rows.append([name, _number(row["ratio"]), _number(row["cpu_ms"]), _number(row["wall_ms"])])
    unit = "each" if task["units"] > 1 else "in all"
    of = "wall time" if ratio_of == "wall_ms" else "processor time"
    head = ["who", f"{of}, {task['base']} = 1", f"processor ms {unit}", f"wall ms {unit}"]
    return f"### {task['name']}\n\n" + _table(head, rows)


def _render_commands(entries: Sequence[Figures]) -> str:
    rows = []
    for row in entries:
        if row["absent"]:
            rows.append([row["name"], "absent", "", "", row["absent"]])
        else:
            figures = [_number(row[key]) for key in ("ratio", "wall_s", "cpu_s")]
            rows.append([row["name"], *figures, f"{row['memory_mib']:.0f}"])
    base = next((row["name"] for row in entries if not row["absent"] and row["ratio"] == 1), "plain")
    return _table(["command", f"wall time, {base} = 1", "wall s", "processor s", "MiB"], rows)


def _render_machine(machine: Figures) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    return (
        f"## Machine\n\n{machine['processor']}, {machine['cores']} cores, {machine['memory_mib']} MiB, "
        f"{machine['system']}, Python {machine['python']}; load before the run {machine['load_before']}. "
        f"Versions: {versions}.\n"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"
