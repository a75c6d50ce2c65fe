"""What can go wrong on the way, each as one sentence with what to change."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calligram.errors import CalligramError, OutputError, TrainingError
from calligram.training.text_options import TextOptions

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_WORDS = (
    "no space left",
    "disk quota exceeded",
    "file too large",
    "inline_container",  # where torch writes checkpoints: it tells no error number
    "pytorchstreamwriter",
)
MEMORY_WORDS = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "bad_alloc",
)


@contextmanager
def told_plainly(options: TextOptions, folder: Path | None = None) -> Iterator[None]:
    """Turn what a training can run into, memory or disk, into one of our errors.

    Args:
        options: of the training, for what to change.
        folder: of the run, whose checkpoints stay; None where nothing is written.

    Raises:
        TrainingError: memory ran out, or a person stopped the training.
        OutputError: there was no room to write.
    """
    try:
        yield
    except CalligramError:
        raise
    except KeyboardInterrupt as stop:
        raise TrainingError(_stopped(folder)) from stop
    except Exception as fault:  # torch and safetensors raise kinds of their own
        if is_full(fault) and folder:
            raise OutputError(
                f"there is no room to write in {folder} ({_why(fault)}): free some, and give the same "
                "command again; what was saved before is whole, and the training goes on from there"
            ) from fault
        if is_out_of_memory(fault):
            raise TrainingError(
                f"memory ran out ({_short(fault)}): lower --batch (now {options.batch}) and raise "
                f"--accumulate (now {options.accumulate}) so that their product stays, lower --context, or "
                f"give --recompute"
                f"{' or --method lora' * (options.method == 'full')}, with another --output"
            ) from fault
        raise


def _stopped(folder: Path | None) -> str:
    if folder is None:
        return "the dry run was stopped: nothing was written, and the same command tries again"
    return (
        f"the training was stopped: the same command goes on from the last checkpoint in {folder}, "
        "or begins anew where there is none yet"
    )


def is_full(fault: BaseException) -> bool:
    """Return whether a fault says that a disk or a quota is full."""
    if isinstance(fault, OSError) and fault.errno in FULL:
        return True
    return any(word in str(fault).lower() for word in FULL_WORDS)


def is_out_of_memory(fault: BaseException) -> bool:
    """Return whether a fault says that memory ran out, of the machine or of a graphics card."""
    if isinstance(fault, MemoryError) or (isinstance(fault, OSError) and fault.errno == errno.ENOMEM):
        return True
    return any(word in str(fault).lower() for word in MEMORY_WORDS)


def _why(fault: BaseException) -> str:
    return fault.strerror if isinstance(fault, OSError) and fault.strerror else "a checkpoint was cut short"


def _short(fault: BaseException) -> str:
    return " ".join(str(fault).split())[:120] or type(fault).__name__
