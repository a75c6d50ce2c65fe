"""What goes wrong in a pipeline, told in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from calligram.devices import is_of_memory
from calligram.errors import CalligramError, ModelError, RequestError

MOST_TOLD = 200
"""So many characters of a library's message are told."""


def first_line(fault: BaseException) -> str:
    """Return the first line of a fault's message, cut, or its kind where it has none."""
    lines = str(fault).strip().splitlines()
    return lines[0].strip()[:MOST_TOLD].rstrip(" .:") if lines else type(fault).__name__


@contextmanager
def memory_told(torch: Any, name: str, device: Any) -> Iterator[None]:
    """Tell in one sentence where the memory is too small for what is done in a block.

    Raises:
        ModelError: it is.
    """
    try:
        yield
    except Exception as fault:
        if not is_of_memory(torch, fault):
            raise
        raise ModelError(
            f"{name} has run out of memory on {device}: ask for a smaller image, write ?dtype=bfloat16, "
            "or take a smaller pipeline"
        ) from fault


@contextmanager
def painting_told(torch: Any, name: str, device: Any) -> Iterator[None]:
    """Tell what a pipeline's call raises in a block, a lack of memory among it.

    Raises:
        RequestError: the pipeline does not take what was asked.
        ModelError: it failed otherwise.
    """
    try:
        with memory_told(torch, name, device):
            yield
    except CalligramError:
        raise
    except ValueError as fault:
        raise RequestError(
            f"{name} does not take what was asked ({first_line(fault)}): change size, words or options"
        ) from fault
    except Exception as fault:  # pipelines raise whatever torch and their parts raise
        raise ModelError(
            f"{name} failed while it painted ({first_line(fault)}): try another size or scheduler, or "
            "check that its parts belong together"
        ) from fault
