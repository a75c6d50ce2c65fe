"""The door of the benchmarks: ``run`` measures, ``page`` writes the page."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.dataset import measure_dataset
from benchmarks.encoding import measure_encoding
from benchmarks.facts import measure_facts_suite
from benchmarks.language import measure_language
from benchmarks.machine import describe_machine
from benchmarks.page import write_page
from benchmarks.posters import measure_posters
from benchmarks.racing import Figures
from benchmarks.samples import Samples, make_samples
from benchmarks.starting import measure_starting
from calligram.errors import CalligramError

QUICK: dict[str, Any] = {"small": 20, "train": 300, "size": (800, 600)}
SUITES = ("encoding", "dataset", "facts", "language", "posters", "starting")
TITLES = {
    "encoding": "Encoding",
    "dataset": "Building a data set",
    "facts": "Facts of an image",
    "language": "Reading and drawing",
    "posters": "Posters",
    "starting": "Cold start and memory",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 where a mark was measured and not reached."""
    asked = _parser().parse_args(arguments)
    if asked.command == "page":
        write_page(asked.results, asked.page)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        counts = QUICK if asked.quick else {}
        samples = make_samples(Path(folder) / "samples", asked.mnist, **counts)
        results = run_suites(asked.only or SUITES, samples, asked.weights, asked.quick)
    text = json.dumps(results, indent=1, ensure_ascii=False) + "\n"
    if asked.out:
        beside = asked.out.with_name(f".{asked.out.name}.{os.getpid()}.part")
        beside.write_text(text, encoding="utf-8")
        beside.replace(asked.out)
    else:
        sys.stdout.write(text)
    return 1 if _missed(results) else 0


def run_suites(names: Sequence[str], samples: Samples, weights: Path | None, quick: bool) -> Figures:
    """Return ``machine`` and ``suites``; a suite that cannot run says in ``absent`` why.

    Args:
        names: of the suites.
        samples: the pictures.
        weights: a folder with the built-in model's weights; None takes the shipped ones.
        quick: whether one round is enough, to try the benchmarks themselves out.
    """
    more: dict[str, Any] = {"rounds": 1} if quick else {}
    suites: dict[str, Callable[[], Figures]] = {
        "encoding": lambda: measure_encoding(samples, **more),
        "dataset": lambda: measure_dataset(samples, **more),
        "facts": lambda: measure_facts_suite(samples, **more),
        "language": lambda: measure_language(samples, weights, pictures=32 if quick else 256, **more),
        "posters": lambda: measure_posters(samples, **more),
        "starting": lambda: measure_starting(samples, can_see=_has_weights(), **more),
    }
    machine = describe_machine()
    found = {}
    for name in names:
        print(f"measuring {name}", file=sys.stderr)
        found[name] = _measure(name, suites[name])
    return {"machine": machine, "quick": quick, "suites": found}


def _measure(name: str, measure: Callable[[], Figures]) -> Figures:
    try:
        return measure()
    except CalligramError as fault:
        return {"title": TITLES[name], "absent": str(fault)}


def _has_weights() -> bool:
    from calligram.models.base import open_model

    try:
        open_model("builtin")
    except CalligramError:
        return False
    return True


def _missed(results: Figures) -> list[str]:
    marks = [mark for suite in results["suites"].values() for mark in suite.get("marks", [])]
    missed = [mark["name"] for mark in marks if mark["reached"] is False]
    for name in missed:
        print(f"not reached: {name}", file=sys.stderr)
    return missed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="measure, and write the figures as JSON")
    run.add_argument("--only", action="append", choices=SUITES, help="one suite alone; may be repeated")
    run.add_argument("--mnist", type=Path, help="folder of MNIST's idx files; without it pictures are made")
    run.add_argument("--weights", type=Path, help="folder of the built-in model's weights")
    run.add_argument("--out", type=Path, help="JSON file; without it standard output")
    run.add_argument("--quick", action="store_true", help="few pictures, one round: tries the benchmarks out")
    page = commands.add_parser("page", help="write the page from the figures")
    page.add_argument("results", type=Path)
    page.add_argument("page", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
