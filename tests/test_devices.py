"""Devices: what torch is asked to compute on, and with which numbers."""

import pytest

from calligram.devices import find_device, find_dtype, is_of_memory
from calligram.errors import OptionError

torch = pytest.importorskip("torch", reason="devices are torch's, of the extra train")


def test_a_processor_computes_with_whole_floats_unless_told_otherwise() -> None:
    device = find_device(torch, "cpu")
    assert (device.type, find_dtype(torch, "auto", device)) == ("cpu", torch.float32)
    assert find_dtype(torch, "bfloat16", device) == torch.bfloat16


@pytest.mark.parametrize("wanted", ["nowhere", "cpu:x"])
def test_a_device_that_there_is_not_is_refused(wanted: str) -> None:
    with pytest.raises(
        OptionError, match=rf"device is '{wanted}', but torch cannot use it here .*choose cpu"
    ):
        find_device(torch, wanted)


def test_a_lack_of_memory_is_told_from_other_faults() -> None:
    assert is_of_memory(torch, torch.OutOfMemoryError("no room"))
    assert is_of_memory(torch, MemoryError())
    assert is_of_memory(
        torch, RuntimeError("[enforce fail] not enough memory: you tried to allocate 8 bytes")
    )
    assert not is_of_memory(torch, RuntimeError("shapes do not fit"))
    assert not is_of_memory(torch, ValueError("out of memory"))
