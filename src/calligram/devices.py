"""Devices: where torch computes, and with which numbers; torch is handed in, since it is heavy."""

from typing import Any

from calligram.errors import OptionError


def find_device(torch: Any, wanted: str) -> Any:
    """Return a device of torch that can be used here.

    Args:
        torch: the module.
        wanted: as ``cpu`` or ``cuda:1``; ``auto`` takes a GPU where there is one.

    Raises:
        OptionError: there is no such device here.
    """
    if wanted == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(wanted)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as fault:
        raise OptionError(
            f"device is {wanted!r}, but torch cannot use it here ({str(fault).splitlines()[0]}): "
            "choose cpu, or auto"
        ) from fault
    return device


def find_dtype(torch: Any, wanted: str, device: Any) -> Any:
    """Return a kind of numbers of torch.

    Args:
        torch: the module.
        wanted: as ``float32``; ``auto`` takes what suits the device.
        device: of torch.
    """
    if wanted != "auto":
        return getattr(torch, wanted)
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.float32


def is_of_memory(torch: Any, fault: BaseException) -> bool:
    """Return whether a fault says that there is too little memory."""
    told = str(fault).lower()
    return isinstance(fault, torch.OutOfMemoryError | MemoryError) or (
        isinstance(fault, RuntimeError) and ("out of memory" in told or "not enough memory" in told)
    )
