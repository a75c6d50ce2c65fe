"""Spellings, splits and slices, and what every source promises."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from calligram import registry
from calligram.errors import NameInFamilyError, OptionError, SourceError
from calligram.sources.base import Source, open_source


@pytest.fixture(params=registry.members("sources"))
def source(request: pytest.FixtureRequest, tmp_path: Path, idx_folder: Path, image_folder: Path) -> Source:
    """Each member of the family: a new one says here how a small source of it is spelled."""
    if request.param == "digits":
        pytest.importorskip("sklearn")
    spelling = {
        "idx": f"idx:{idx_folder}",
        "mnist": f"mnist:{idx_folder}",
        "fashion": f"fashion:{idx_folder}",
        "folder": f"folder:{image_folder}",
        "table": f"table:{_as_table(image_folder, tmp_path)}",
        "hub": f"hub:{tmp_path / 'saved'}",
        "digits": "digits:",
        "fonts": "fonts:?per_letter=2",
    }[request.param]
    if request.param == "hub":
        _save_as_dataset(image_folder, tmp_path / "saved")
    try:
        return open_source(spelling, "all")
    except SourceError as fault:
        if request.param == "fonts":
            pytest.skip(f"no usable fonts: {fault}")
        raise


def _as_table(images: Path, folder: Path) -> Path:
    rows = "".join(f"{path},{path.parent.name}\n" for path in sorted(images.rglob("*.png")))
    (folder / "list.csv").write_text("path,label\n" + rows)
    return folder / "list.csv"


def _save_as_dataset(images: Path, folder: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="needs the extra data")
    paths = sorted(images.rglob("*.png"))
    rows = {"image": [str(path) for path in paths], "label": [path.parent.name for path in paths]}
    table = datasets.Dataset.from_dict(rows).cast_column("image", datasets.Image())
    datasets.DatasetDict({"train": table.class_encode_column("label")}).save_to_disk(str(folder))


def test_taking_gives_images_labels_and_names_of_one_length(source: Source) -> None:
    batch = source.take([3, 0, 2])
    assert len(batch.images) == len(batch.labels) == len(batch.names) == len(batch) == 3
    assert batch.labels.dtype == np.int64
    assert all(0 <= label < len(source.classes) for label in batch.labels)


def test_an_image_does_not_depend_on_what_else_is_taken(source: Source) -> None:
    alone, among = source.take([4]).images[0], source.take([2, 4, 1]).images[1]
    assert np.array_equal(np.frombuffer(bytes(alone), np.uint8), np.frombuffer(bytes(among), np.uint8))


def test_the_digest_tells_places_apart_and_is_always_the_same(source: Source) -> None:
    assert source.digest([0, 1]) == source.digest(range(2))
    assert source.digest([0, 1]) != source.digest([1, 0])


def test_batches_cover_the_source_in_order(source: Source) -> None:
    labels = np.concatenate([labels for _, labels in source.batches(7)])
    assert np.array_equal(labels, source.take(range(len(source))).labels)


def test_the_question_is_plain(source: Source) -> None:
    assert source.question == f"What {source.kind} is this?"


@pytest.mark.parametrize(
    ("split", "wanted"),
    [
        ("train[:3]", [0, 1, 2]),
        ("train[8:]", [8, 9]),
        ("train[90%:]", [9]),
        ("train[20%:40%]", [2, 3]),
        ("train[:]", list(range(10))),
        ("test", [0, 1, 2, 3, 4]),
        (None, [*range(10), *range(5)]),
    ],
)
def test_a_split_can_be_sliced(idx_folder: Path, split: str | None, wanted: list[int]) -> None:
    source = open_source(f"idx:{idx_folder}", split)
    assert source.take(range(len(source))).labels.tolist() == wanted


def test_a_slice_has_the_digest_of_its_images(idx_folder: Path) -> None:
    whole, part = open_source(f"idx:{idx_folder}", "train"), open_source(f"idx:{idx_folder}", "train[4:]")
    assert part.digest([0, 1]) == whole.digest([4, 5])


@pytest.mark.parametrize("split", ["train[5:2]", "train[a:]", "train[", "[1:2]", "train[100:]"])
def test_a_wrong_slice_is_refused(idx_folder: Path, split: str) -> None:
    with pytest.raises(SourceError, match=r"split"):
        open_source(f"idx:{idx_folder}", split)


def test_an_unknown_kind_of_source_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NameInFamilyError, match=r"'cloud'.*digits.*idx"):
        open_source("cloud:here")


def test_an_unknown_option_is_refused_with_the_known_ones(idx_folder: Path) -> None:
    with pytest.raises(OptionError, match=r"no option 'colour'.*kind, classes"):
        open_source(f"idx:{idx_folder}?colour=red")


@pytest.mark.parametrize("query", ["per_letter=many", "per_letter=0", "shear=2", "letters=Aß"])
def test_an_option_out_of_its_range_is_refused(query: str) -> None:
    with pytest.raises(OptionError):
        open_source(f"fonts:?{query}")


def test_a_folder_may_have_a_question_mark_in_its_name(idx_folder: Path) -> None:
    strange = idx_folder.rename(idx_folder.parent / "what?")
    assert len(open_source(f"idx:{strange}", "train")) == 10


def test_a_part_has_its_images_also_in_another_process(source: Source) -> None:
    part = pickle.loads(pickle.dumps(source.part([5, 1, 2]).part(range(1, 3))))
    batch, wanted = part.take(range(2)), source.take([1, 2])
    assert len(part) == 2
    assert [bytes(image) for image in batch.images] == [bytes(image) for image in wanted.images]
    assert (batch.labels.tolist(), batch.names) == (wanted.labels.tolist(), wanted.names)
    assert part.digest(range(2)) == source.digest([1, 2])
    assert len(pickle.dumps(part)) < 200_000
