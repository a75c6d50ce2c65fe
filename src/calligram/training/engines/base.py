"""What every engine is: a module with one function ``run``."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar, cast

from calligram import registry

Job = TypeVar("Job")
Made = TypeVar("Made")


class Engine(Protocol):
    """Runs a function over jobs, somewhere."""

    def run(self, function: Callable[[Any], Any], jobs: Sequence[Any], workers: int) -> Iterator[Any]:
        """Yield ``function(job)`` for every job, in any order, as each is finished.

        Args:
            function: importable by name, so that another process can find it; raises nothing.
            jobs: can be pickled.
            workers: processes at work, 0 for one a core.

        Raises:
            MissingExtraError: the engine's package is not installed.
            TrainingError: a worker was killed.
        """
        ...


def get_engine(name: str) -> Engine:
    """Return the engine of that name.

    Raises:
        NameInFamilyError: there is no such engine.
    """
    return cast(Engine, registry.member("training.engines", name))
