"""Weights on disk."""

from pathlib import Path

import numpy as np
import pytest

from calligram.errors import ModelError
from calligram.nano.weights import find_weights, read_weight, write_weights

TENSORS = {
    "second": np.arange(6, dtype=np.float32).reshape(2, 3),
    "first": np.array([0.5, -1.5], np.float32),
}


def test_tensors_come_back_in_the_order_given(tmp_path: Path) -> None:
    write_weights(tmp_path / "w", TENSORS)
    places = find_weights(tmp_path / "w")
    assert list(places) == ["second", "first"]
    for name, tensor in TENSORS.items():
        assert np.array_equal(read_weight(tmp_path / "w", places[name]), tensor)
    assert places["first"].offset == places["second"].offset + 24


def test_the_safetensors_package_reads_the_same(tmp_path: Path) -> None:
    safetensors = pytest.importorskip("safetensors.numpy", reason="needs the extra train")
    write_weights(tmp_path / "w", TENSORS)
    for name, tensor in safetensors.load_file(tmp_path / "w").items():
        assert np.array_equal(tensor, TENSORS[name])


@pytest.mark.parametrize("damage", ["missing", "short", "empty", "noise", "half"])
def test_a_damaged_file_is_named_in_one_sentence(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "w"
    write_weights(path, TENSORS)
    whole = path.read_bytes()
    path.unlink()
    left = {"short": whole[:-4], "empty": b"", "noise": b"\xff" * 200, "half": whole[:40]}
    if damage in left:
        path.write_bytes(left[damage])
    with pytest.raises(ModelError, match="cannot be used as the model's weights") as raised:
        find_weights(path)
    assert "\n" not in str(raised.value)


def test_weights_of_another_precision_are_refused(tmp_path: Path) -> None:
    write_weights(tmp_path / "w", TENSORS)
    (tmp_path / "w").write_bytes((tmp_path / "w").read_bytes().replace(b'"F32"', b'"I32"', 1))
    with pytest.raises(ModelError, match="I32 where F32 or I8 is expected"):
        find_weights(tmp_path / "w")
