"""Progress on standard error: a bar where a person looks, a line now and then where none does."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def training_progress(steps: int) -> Iterator[Callable[[int, str], None]]:
    """Give a function ``tell(step, line)`` that shows how far a training is and the time left."""
    started, first = time.monotonic(), [-1]

    def tell(step: int, line: str) -> None:
        if first[0] < 0:
            first[0] = step
        done = step - first[0]
        left = (time.monotonic() - started) / done * (steps - step) if done else 0
        text = f"step {step} of {steps}  {line}  {left / 60:.0f} min left"
        if sys.stderr.isatty():
            print(f"\r{text:<78}", end="\n" if step >= steps else "", file=sys.stderr, flush=True)
        elif step % 200 == 0 or step >= steps:
            print(text, file=sys.stderr, flush=True)

    yield tell
