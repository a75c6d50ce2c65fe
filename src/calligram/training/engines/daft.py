"""Runs jobs on Daft: on this machine, or on a Ray cluster where Daft is told to (``DAFT_RUNNER=ray``)."""

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from calligram.errors import MissingExtraError, TrainingError


def run(function: Callable[[Any], Any], jobs: Sequence[Any], workers: int) -> Iterator[Any]:
    """Yield what the function makes of each job, as Daft streams it."""
    os.environ.setdefault("DAFT_PROGRESS_BAR", "0")
    try:
        import daft
    except ImportError as fault:
        raise MissingExtraError("daft", "data", "the engine daft") from fault

    @daft.cls(max_concurrency=workers or os.cpu_count() or 1, use_process=True)
    class Worker:
        @daft.method(return_dtype=daft.DataType.binary())  # type: ignore[untyped-decorator]
        def run(self, job: bytes) -> bytes:
            return pickle.dumps(function(pickle.loads(job)))

    table = daft.from_pydict({"job": [pickle.dumps(job) for job in jobs]}).into_batches(1)
    results = table.select(Worker().run(table["job"]).alias("made"))
    try:
        for row in results.iter_rows():
            yield pickle.loads(row["made"])
    except daft.exceptions.DaftCoreException as fault:
        raise TrainingError(
            f"Daft stopped ({str(fault).splitlines()[0]}): give the command again, or use --engine local"
        ) from fault
