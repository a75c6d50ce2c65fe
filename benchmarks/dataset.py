"""Building 60,000 pictures into the reference's JSON: ``calligram dataset build`` beside a plain script."""

import os
import shutil
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.processes import Spent, spend
from benchmarks.racing import Figures, Mark, calligram
from benchmarks.samples import MNIST_TRAIN, Samples

OURS = "calligram dataset build"
DAFT = "calligram dataset build --engine daft"
PLAIN = "plain script: Pillow, json.dump"
POOL = "plain script on a process pool"


def measure_dataset(samples: Samples, rounds: int = 3) -> Figures:
    """Return wall time, processor time and memory of building the train split, from start to written file.

    Args:
        samples: the pictures.
        rounds: how often each contender runs; the median wall time counts, and the highest memory.
    """
    builders: dict[str, Callable[[Samples, Path], Sequence[str]]] = {
        PLAIN: _plain_command,
        POOL: lambda samples, out: [*_plain_command(samples, out), str(os.cpu_count() or 1)],
        OURS: _our_command,
    }
    if find_spec("daft") is not None:
        builders[DAFT] = lambda samples, out: [*_our_command(samples, out), "--engine", "daft"]
    spent: dict[str, list[Spent]] = {name: [] for name in builders}
    for _ in range(rounds):
        for name, make in builders.items():
            spent[name].append(_build(samples, make))
    rows = [_row(name, runs) for name, runs in spent.items()]
    by_name = {row["name"]: row for row in rows}
    for row in rows:
        row["ratio"] = row["wall_s"] / by_name[PLAIN]["wall_s"]
    # fewer pictures, as in a quick run, say nothing of the marks
    ours = by_name[OURS] if samples.train == MNIST_TRAIN else {}
    marks = [
        Mark("60,000 pictures into ascii-image JSON, seconds", ours.get("wall_s"), 10),
        Mark("60,000 pictures into ascii-image JSON, MiB", ours.get("memory_mib"), 400),
        Mark("the same on each engine, over a plain process pool", _slowest(by_name, bool(ours)), 1.0),
    ]
    told = "MNIST's train split" if samples.real else f"{samples.train:,} pictures made much like MNIST's"
    return {
        "title": "Building a data set",
        "about": f"{told}, as gzipped idx files, into one JSON file; whole commands with their start.",
        "rows": rows,
        "marks": [mark.to_figures() for mark in marks],
    }


def _slowest(rows: Mapping[str, Figures], measured: bool) -> float | None:
    """Return the wall time of our slowest engine over that of the plain pool."""
    ours = [rows[name]["wall_s"] for name in (OURS, DAFT) if name in rows]
    return max(ours) / rows[POOL]["wall_s"] if measured else None


def _plain_command(samples: Samples, out: Path) -> Sequence[str]:
    script = Path(__file__).with_name("plain_dataset.py")
    return [sys.executable, str(script), str(samples.idx), str(out / "train.json")]


def _our_command(samples: Samples, out: Path) -> Sequence[str]:
    source = f"idx:{samples.idx}"
    flags = ("--split", "train", "--format", "ascii-image", "-o", out / "built")
    return calligram("dataset", "build", source, *flags)


def _build(samples: Samples, make: Callable[[Samples, Path], Sequence[str]]) -> Spent:
    out = samples.folder / "out"
    out.mkdir()
    try:
        return spend(make(samples, out))
    finally:
        shutil.rmtree(out)


def _row(name: str, runs: Sequence[Spent]) -> Figures:
    return {
        "name": name,
        "absent": "",
        "wall_s": statistics.median(run.wall_s for run in runs),
        "cpu_s": statistics.median(run.cpu_s for run in runs),
        "memory_mib": max(run.memory_mib for run in runs),
        "memory_kind": runs[0].memory_kind,
    }
