"""Progress on standard error: a bar where a person looks, a line now and then where none does."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Tell = Callable[[str, int, int], None]
"""Told of what is done, steps done and steps in all."""

LINE_EVERY = 200
"""Steps of a training between two lines where standard error is no terminal."""


@contextmanager
def progress(quiet: bool = False) -> Iterator[Tell | None]:
    """Give a function ``tell(what, done, total)`` that keeps a bar for each ``what``.

    It is None where nobody looks: where standard error is no terminal, or progress is not wanted.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    tasks: dict[str, Any] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield tell


@contextmanager
def training_progress(steps: int, quiet: bool = False) -> Iterator[Callable[[int, str], None]]:
    """Give a function ``tell(step, line)`` that shows how far a training is and the time left.

    On a terminal one line is written over; elsewhere there is a line every 200 steps. What was told last
    stays to be read, also where the training stops between two lines.
    """
    started, first = 0.0, -1
    unfinished = ""

    def tell(step: int, line: str) -> None:
        nonlocal started, first, unfinished
        if quiet:
            return
        if first < 0:
            started, first = time.monotonic(), step
        done = step - first
        left = (time.monotonic() - started) / done * (steps - step) if done else 0
        unfinished = f"step {step} of {steps}  {line}  {left / 60:.0f} min left"
        if sys.stderr.isatty():
            print(f"\r{unfinished:<78}", end="", file=sys.stderr, flush=True)
        elif step % LINE_EVERY == 0:
            print(unfinished, file=sys.stderr, flush=True)
            unfinished = ""

    try:
        yield tell
    finally:
        if unfinished:
            print("" if sys.stderr.isatty() else unfinished, file=sys.stderr, flush=True)
