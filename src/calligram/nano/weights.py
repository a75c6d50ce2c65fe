"""Weights on disk: the safetensors format, read and written with numpy alone.

Source: the format's own description, https://github.com/huggingface/safetensors (Apache-2.0): eight bytes
with the header's length, the header as JSON, then the numbers. Here only float32 is needed. Tensors keep
the order they are given in, so that an ONNX graph can refer to neighbours as one matrix.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError

ALIGNMENT = 64
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Place:
    """Where one tensor lies in the file.

    Args:
        shape: its dimensions.
        offset: its first byte, counted from the file's beginning.
    """

    shape: tuple[int, ...]
    offset: int

    @property
    def size_bytes(self) -> int:
        """Its length in bytes."""
        return 4 * int(np.prod(self.shape))


def write_weights(path: Path, tensors: Mapping[str, Floats]) -> None:
    """Write float32 tensors in the order given."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [end, end + 4 * tensor.size],
        }
        end += 4 * tensor.size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % ALIGNMENT)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors.values():
            file.write(np.ascontiguousarray(tensor, "<f4").tobytes())


def find_weights(path: Path) -> dict[str, Place]:
    """Return where each tensor of a file lies.

    Raises:
        ModelError: the file is missing, cut short, or no float32 safetensors file.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(min(length, size)))
        places = {
            name: Place(tuple(entry["shape"]), 8 + length + entry["data_offsets"][0])
            for name, entry in header.items()
            if name != "__metadata__" and _is_float32(entry)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as fault:
        raise ModelError(_complaint(path, f"{type(fault).__name__}: {fault}")) from fault
    end = max((place.offset + place.size_bytes for place in places.values()), default=0)
    if end != size:
        raise ModelError(_complaint(path, f"it has {size} bytes, but its header tells of {end}"))
    return places


def read_weight(path: Path, place: Place) -> Floats:
    """Return one tensor, mapped from the file rather than copied, and read-only."""
    return np.memmap(path, np.dtype("<f4"), "r", place.offset, place.shape)


def _is_float32(entry: Mapping[str, object]) -> bool:
    if entry["dtype"] != "F32":
        raise ValueError(f"numbers of kind {entry['dtype']} where F32 is expected")
    return True


def _complaint(path: Path, found: str) -> str:
    return (
        f"{path} cannot be used as the model's weights ({found}): "
        "install calligram again, or train the model again with 'calligram train nano'"
    )
