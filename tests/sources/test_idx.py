"""idx files: whole, packed, damaged."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calligram.errors import LimitError, SourceError
from calligram.sources.base import open_source


def test_the_first_digit_of_mnist_is_a_five(shared_data: Path) -> None:
    source = open_source(f"idx:{shared_data / 'mnist'}", "train")
    assert (len(source), source.kind, source.classes[source.take([0]).labels[0]]) == (60000, "digit", "5")


def test_garments_are_told_from_the_folders_name(shared_data: Path) -> None:
    source = open_source(f"idx:{shared_data / 'fashion-mnist'}", "test")
    assert (len(source), source.question) == (10000, "What garment is this?")
    assert source.classes[0] == "T-shirt/top"
    assert source.classes[9] == "ankle boot"


def test_kind_and_classes_can_be_given(idx_folder: Path) -> None:
    names = ",".join("abcdefghij")
    source = open_source(f"idx:{idx_folder}?kind=rune&classes={names}", "train")
    assert (source.classes[2], source.question) == ("c", "What rune is this?")


def test_labels_without_a_name_are_refused(idx_folder: Path) -> None:
    with pytest.raises(SourceError, match=r"the label 9, but only 2 class names"):
        open_source(f"idx:{idx_folder}?classes=a,b", "train")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "nothing"),
        (b"hello world", "begins with 68 65 6c 6c"),
        (b"\0\0\x08\x03\0\0", "ends inside its header"),
        (b"\0\0\x08\x03" + b"\0\0\0\x02" * 3, "has 0"),
        (b"\0\0\x08\x03" + b"\0\0\0\x01" * 3 + b"too much", "has more"),
        (b"\0\0\x08\x01" + b"\0\0\0\x01" + b"x", "1 axes"),
        (b"\x1f\x8bnot really gzip", "cannot be read to its end"),
        (b"\0\0\x0d\x03" + b"\0\0\0\x01" * 3 + b"1234", "no idx file of bytes"),
    ],
)
def test_damaged_files_are_refused_with_the_reason(idx_folder: Path, data: bytes, told: str) -> None:
    (idx_folder / "t10k-images-idx3-ubyte").write_bytes(data)
    with pytest.raises(SourceError, match=told):
        open_source(f"idx:{idx_folder}", "test")


def test_a_header_that_promises_too_much_is_refused_before_reading(idx_folder: Path) -> None:
    (idx_folder / "t10k-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03" + b"\xff\xff\xff\xff" * 3)
    with pytest.raises(LimitError, match="at most"):
        open_source(f"idx:{idx_folder}", "test")


def test_counts_that_differ_are_refused(idx_folder: Path, write_idx: Callable[..., None]) -> None:
    write_idx(idx_folder / "t10k-labels-idx1-ubyte", np.zeros(3, np.uint8))
    with pytest.raises(SourceError, match="5 images but 3 labels"):
        open_source(f"idx:{idx_folder}", "test")


def test_a_packed_file_cut_short_is_refused(idx_folder: Path) -> None:
    path = idx_folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(SourceError, match="cannot be read to its end"):
        open_source(f"idx:{idx_folder}", "train")


@pytest.mark.parametrize("split", ["valid", "dev"])
def test_a_split_that_is_not_there_is_refused(idx_folder: Path, split: str) -> None:
    with pytest.raises(SourceError, match=split):
        open_source(f"idx:{idx_folder}", split)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is no folder"):
        open_source(f"idx:{tmp_path / 'none'}", "train")
