"""Runs contenders in turn, so that each meets the same machine, and tells their times as ratios.

Processor time is of the process and of every process that it started, over all threads. Contenders are run
one after the other in every round, and the median round counts.
"""

import multiprocessing
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Figures = dict[str, Any]


@dataclass(frozen=True)
class Contender:
    """One way to do a task.

    Args:
        name: what it is called on the page.
        run: does the whole task once; None where it is absent.
        absent: why it is absent.
        note: what else a reader has to know.
        apart: whether it runs in a process of its own, so that threads and memory it leaves burden no other.
    """

    name: str
    run: Callable[[], object] | None
    absent: str = ""
    note: str = ""
    apart: bool = False


@dataclass(frozen=True)
class Mark:
    """A figure that has to be reached.

    Args:
        name: what is measured.
        value: what was measured, None where it could not be.
        limit: the figure to reach.
        kind: ``"at most"`` or ``"at least"``.
    """

    name: str
    value: float | None
    limit: float
    kind: str = "at most"

    def to_figures(self) -> Figures:
        """Return the mark as JSON holds it, with ``reached``: true, false, or None where not measured."""
        reached = None
        if self.value is not None:
            reached = self.value <= self.limit if self.kind == "at most" else self.value >= self.limit
        return {**vars(self), "reached": reached}


@dataclass
class Task:
    """One task and what its contenders took for it."""

    name: str
    units: int
    base: str
    rows: list[Figures] = field(default_factory=list)

    def find(self, name: str) -> Figures | None:
        """Return the row of a contender that ran, or None."""
        return next((row for row in self.rows if row["name"] == name and not row["absent"]), None)

    def ratio(self, name: str, other: str, key: str = "cpu_ms") -> float | None:
        """Return one contender's figure over another's, or None where one of them is absent."""
        one, two = self.find(name), self.find(other)
        return one[key] / two[key] if one and two and two[key] else None

    def to_figures(self) -> Figures:
        """Return the task as JSON holds it, each row with ``ratio``, its processor time over the base's."""
        rows = [{**row, "ratio": self.ratio(row["name"], self.base)} for row in self.rows]
        return {"name": self.name, "units": self.units, "base": self.base, "rows": rows}


def race(
    name: str, contenders: Sequence[Contender], units: int, base: str, rounds: int = 5, warm: bool = True
) -> Task:
    """Return what each contender took for a task, per unit, the median of several rounds.

    Args:
        name: of the task.
        contenders: the ways to do it; those that are absent are listed with their reason.
        units: how many pictures, say, one run of the task handles.
        base: the contender that the others are compared with.
        rounds: how often each runs; they take turns.
        warm: whether each runs once before, uncounted.
    """
    present = [one for one in contenders if one.run]
    spent: dict[str, list[tuple[float, float]]] = {one.name: [] for one in present}
    if warm:
        for one in present:
            if not one.apart:
                _spend(one)
    for _ in range(rounds):
        for one in present:
            spent[one.name].append(_spend_apart(one) if one.apart else _spend(one))
    task = Task(name, units, base)
    for one in contenders:
        task.rows.append(_row(one, spent.get(one.name, []), units))
    return task


def _spend(contender: Contender) -> tuple[float, float]:
    """Return processor and wall seconds of one run."""
    assert contender.run
    cpu, wall = processor_seconds(), time.perf_counter()
    contender.run()
    return processor_seconds() - cpu, time.perf_counter() - wall


def _spend_apart(contender: Contender) -> tuple[float, float]:
    """Return processor and wall seconds of one run in a process of its own, after a first one, uncounted."""

    def run() -> None:
        _spend(contender)
        sender.send(_spend(contender))

    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    process = fork.Process(target=run)
    process.start()
    sender.close()  # so that a process that ends without an answer is seen here
    spent: tuple[float, float] = receiver.recv()
    process.join()
    return spent


def _row(contender: Contender, spent: Sequence[tuple[float, float]], units: int) -> Figures:
    row: Figures = {"name": contender.name, "absent": contender.absent, "note": contender.note}
    if spent:
        cpu, wall = ([pair[place] for pair in spent] for place in (0, 1))
        row |= {
            "cpu_ms": statistics.median(cpu) / units * 1000,
            "wall_ms": statistics.median(wall) / units * 1000,
            "cpu_ms_least": min(cpu) / units * 1000,
            "rounds": len(spent),
        }
    return row


def processor_seconds() -> float:
    """Return the processor time of this process and of its finished children, in seconds."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def run_quietly(command: Sequence[str | Path]) -> None:
    """Run a command to its end and throw its output away.

    Raises:
        subprocess.CalledProcessError: it failed; the message has what it wrote to standard error.
    """
    done = subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command[0], stderr=done.stderr[-2000:])


def python(code: str, *arguments: str | Path) -> list[str]:
    """Return the command that runs code in a fresh interpreter of this kind."""
    return [sys.executable, "-c", code, *map(str, arguments)]


def calligram(*arguments: str | Path) -> list[str]:
    """Return the command that runs ``calligram`` in a fresh interpreter."""
    return python("from calligram.cli.main import main; main()", *arguments)
