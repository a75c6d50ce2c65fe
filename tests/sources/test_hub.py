"""Data sets of the Hugging Face hub, here saved on disk."""

from pathlib import Path
from typing import Any

import pytest

from calligram.errors import SourceError
from calligram.sources.base import open_source

datasets: Any = pytest.importorskip("datasets")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture
def saved(tmp_path: Path, image_folder: Path) -> Path:
    paths = sorted(image_folder.rglob("*.png"))
    rows = {"picture": [str(path) for path in paths], "animal": [path.parent.name for path in paths]}
    table = datasets.Dataset.from_dict(rows).cast_column("picture", datasets.Image())
    table = table.class_encode_column("animal")
    datasets.DatasetDict({"train": table, "test": table.select(range(5))}).save_to_disk(
        str(tmp_path / "saved")
    )
    return tmp_path / "saved"


def test_a_saved_data_set_is_read_without_a_network(saved: Path) -> None:
    source = open_source(f"hub:{saved}?image=picture&label=animal&kind=animal", "train")
    assert (len(source), source.classes, source.question) == (40, ("cat", "dog"), "What animal is this?")
    batch = source.take([0, 39])
    assert isinstance(batch.images, list)
    assert batch.images[0].startswith(b"\x89PNG")
    assert batch.labels.tolist() == [0, 1]
    assert source.digest([0]) != source.digest([1])


def test_all_splits_can_be_taken_together(saved: Path) -> None:
    assert len(open_source(f"hub:{saved}?image=picture&label=animal", "all")) == 45


def test_a_data_set_without_splits_is_parted_by_content(saved: Path) -> None:
    whole = f"hub:{saved / 'train'}?image=picture&label=animal"
    parts = [open_source(whole, split) for split in ("train", "test")]
    images = [set(part.take(range(len(part))).images) for part in parts]
    assert not images[0] & images[1]
    assert len(parts[0]) > len(parts[1]) > 0
    assert len(open_source(whole, "all")) == 40
    with pytest.raises(SourceError, match="no splits of its own"):
        open_source(whole, "dev")


@pytest.mark.parametrize(
    ("query", "split", "told"),
    [
        ("", "train", "no column 'image', but"),
        ("?image=picture&label=animal", "dev", "has train, test or all"),
    ],
)
def test_a_wrong_column_or_split_is_refused(saved: Path, query: str, split: str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        open_source(f"hub:{saved}{query}", split)


def test_a_data_set_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be loaded"):
        open_source(f"hub:{tmp_path / 'none'}", "train")
    with pytest.raises(SourceError, match="needs the name"):
        open_source("hub:", "train")
