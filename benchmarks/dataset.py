"""Building 60,000 pictures into the reference's JSON: ``calligram dataset build`` beside a plain script."""

import shutil
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.processes import Spent, spend
from benchmarks.racing import Figures, Mark, calligram
from benchmarks.samples import MNIST_TRAIN, Samples

OURS = "calligram dataset build"
PLAIN = "plain script: Pillow, json.dump"


def measure_dataset(samples: Samples, rounds: int = 3) -> Figures:
    """Return wall time, processor time and memory of building the train split, from start to written file.

    Args:
        samples: the pictures.
        rounds: how often each contender runs; the median wall time counts, and the highest memory.
    """
    builders = {PLAIN: _plain_command, OURS: _our_command}
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
    ]
    told = "MNIST's train split" if samples.real else f"{samples.train:,} pictures made much like MNIST's"
    return {
        "title": "Building a data set",
        "about": f"{told}, as gzipped idx files, into one JSON file; whole commands with their start.",
        "rows": rows,
        "marks": [mark.to_figures() for mark in marks],
    }


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
