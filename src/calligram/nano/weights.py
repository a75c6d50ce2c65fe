"""Weights on disk: the safetensors format, read and written with numpy alone.

Source: the format's own description, https://github.com/huggingface/safetensors (Apache-2.0): eight bytes
with the header's length, the header as JSON, then the numbers. Tensors keep the order they are given in, so
that an ONNX graph can refer to neighbours as one matrix. Numbers are float32, or int8: a matrix ``NAME`` of
int8 comes with ``NAME.scale``, one float32 for each of its rows, by which it is multiplied when it is read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError

ALIGNMENT = 64
KINDS: Mapping[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "I8": np.dtype("i1")}
TOGETHER = {
    "self_attn.qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "mlp.gate_up": ("mlp.gate_proj", "mlp.up_proj"),
}
"""Matrices that share an input: they lie beside each other, and a graph takes them as one."""
Floats = npt.NDArray[np.float32]
Small = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Place:
    """Where one tensor lies in the file.

    Args:
        shape: its dimensions.
        offset: its first byte, counted from the file's beginning.
        kind: its numbers, ``"F32"`` or ``"I8"``.
    """

    shape: tuple[int, ...]
    offset: int
    kind: str = "F32"

    @property
    def size_bytes(self) -> int:
        """Its length in bytes."""
        return KINDS[self.kind].itemsize * int(np.prod(self.shape))


def write_weights(path: Path, tensors: Mapping[str, Floats | Small]) -> None:
    """Write float32 and int8 tensors in the order given."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, tensor in tensors.items():
        kind = "I8" if tensor.dtype == np.int8 else "F32"
        size = KINDS[kind].itemsize * tensor.size
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % ALIGNMENT)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors.values():
            file.write(tensor.astype("i1" if tensor.dtype == np.int8 else "<f4").tobytes())


def find_weights(path: Path) -> dict[str, Place]:
    """Return where each tensor of a file lies.

    Raises:
        ModelError: the file is missing, cut short, or no safetensors file of float32 or int8.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(min(length, size)))
        places = {
            name: Place(tuple(entry["shape"]), 8 + length + entry["data_offsets"][0], _kind_of(entry))
            for name, entry in header.items()
            if name != "__metadata__"
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as fault:
        raise ModelError(_complaint(path, f"{type(fault).__name__}: {fault}")) from fault
    end = max((place.offset + place.size_bytes for place in places.values()), default=0)
    if end != size:
        raise ModelError(_complaint(path, f"it has {size} bytes, but its header tells of {end}"))
    return places


def read_weight(path: Path, place: Place) -> Floats:
    """Return one float32 tensor, mapped from the file rather than copied, and read-only."""
    return np.memmap(path, KINDS["F32"], "r", place.offset, place.shape)


def read_weights(path: Path) -> dict[str, Floats]:
    """Return every tensor of a file as float32, those of int8 multiplied by their scales.

    Raises:
        ModelError: the file is missing or damaged, or a scale is missing.
    """
    places = find_weights(path)
    found = {
        name: np.memmap(path, KINDS[place.kind], "r", place.offset, place.shape)
        for name, place in places.items()
    }
    try:
        return {
            name: array * found[f"{name}.scale"][:, None] if places[name].kind == "I8" else array
            for name, array in found.items()
            if not name.endswith(".scale")
        }
    except (KeyError, ValueError) as fault:
        raise ModelError(_complaint(path, f"a scale is missing or of another length: {fault}")) from fault


def quantise_rows(matrix: Floats) -> tuple[Small, Floats]:
    """Return a matrix as int8 with one scale for each row, ``(outputs, inputs)`` and ``(outputs,)``."""
    steps = np.maximum(np.abs(matrix).max(1), 1e-12) / 127
    return np.rint(matrix / steps[:, None]).astype(np.int8), steps.astype(np.float32)


def _kind_of(entry: Mapping[str, object]) -> str:
    kind = str(entry["dtype"])
    if kind not in KINDS:
        raise ValueError(f"numbers of kind {kind} where {' or '.join(KINDS)} is expected")
    return kind


def _complaint(path: Path, found: str) -> str:
    return (
        f"{path} cannot be used as the model's weights ({found}): "
        "install calligram again, or train the model again with 'calligram train'"
    )
