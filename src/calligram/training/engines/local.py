"""Runs jobs in processes of this machine, one a core."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from calligram.errors import TrainingError


def run(function: Callable[[Any], Any], jobs: Sequence[Any], workers: int) -> Iterator[Any]:
    """Yield what the function makes of each job, in the order they are finished."""
    count = min(workers or _cores(), len(jobs))
    if count <= 1:
        yield from map(function, jobs)
        return
    # a fork would copy the threads' locks of a program that has threads, and can hang
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    pool = ProcessPoolExecutor(count, multiprocessing.get_context(method), initializer=_prepare)
    try:
        yield from _finished(pool, function, jobs, 2 * count)
    except BrokenProcessPool as fault:
        raise TrainingError(
            "a worker process was killed, perhaps for want of memory, or a script calls this without "
            "if __name__ == '__main__': use fewer workers or smaller shards, or guard the call"
        ) from fault
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _finished(
    pool: ProcessPoolExecutor, function: Callable[[Any], Any], jobs: Sequence[Any], ahead: int
) -> Iterator[Any]:
    waiting: set[Future[Any]] = set()
    rest = iter(jobs)
    while True:
        for job in rest:
            waiting.add(pool.submit(function, job))
            if len(waiting) >= ahead:
                break
        if not waiting:
            return
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _prepare() -> None:
    # the parent hears an interrupt and stops handing out jobs; a running shard is finished
    signal.signal(signal.SIGINT, signal.SIG_IGN)
