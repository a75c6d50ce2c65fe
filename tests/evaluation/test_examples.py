"""Loading labelled grids."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.errors import ImageError, OptionError, SourceError
from calligram.evaluation.examples import (
    LabelledGrids,
    check_apart,
    check_same_classes,
    check_teaches,
    choose_framing,
    load_frames,
    load_grids,
    load_images,
)
from calligram.picture import get_layout
from calligram.sources._files import FileSource
from calligram.sources.base import Batch


def test_a_split_is_loaded_in_the_layout_asked_for(held_out: LabelledGrids) -> None:
    assert held_out.levels.shape == (len(held_out), 11, 20)
    assert held_out.levels.dtype == np.uint8
    assert held_out.levels.max() == 2
    assert held_out.classes == tuple("0123456789")


def test_a_limit_takes_the_same_pictures_each_time_and_from_all_over(held_out: LabelledGrids) -> None:
    first = load_grids("digits", "test", get_layout("classic"), limit=50, seed=3)
    again = load_grids("digits", "test", get_layout("classic"), limit=50, seed=3)
    assert len(first) == 50
    assert first.names == again.names
    assert set(first.names) <= set(held_out.names)
    assert first.names != held_out.names[:50]


def test_a_folder_of_files_of_many_sizes_becomes_grids_of_one_shape(tmp_path: Path) -> None:
    for label, size in (("a", (40, 30)), ("b", (30, 70))):
        (tmp_path / label).mkdir()
        Image.new("L", size, 200).save(tmp_path / label / "one.png")
    grids = load_grids(f"folder:{tmp_path}", "all", get_layout("classic"))
    assert grids.levels.shape == (2, 11, 20)
    assert (grids.levels == 2).all()


def test_splits_that_share_pictures_are_refused(train: LabelledGrids, held_out: LabelledGrids) -> None:
    check_apart(train, held_out)
    with pytest.raises(OptionError, match="share pictures"):
        check_apart(train, train.take(np.arange(3)))


def test_a_copied_picture_under_another_splits_name_is_refused(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for split in ("train", "test"):
        for label in ("a", "b"):
            (tmp_path / split / label).mkdir(parents=True)
            pixels = rng.integers(0, 256, (20, 20), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / split / label / "one.png")
    layout = get_layout("classic")
    train, test = (load_grids(f"folder:{tmp_path}", split, layout) for split in ("train", "test"))
    check_apart(train, test)
    (tmp_path / "test" / "a" / "copy.png").write_bytes((tmp_path / "train" / "b" / "one.png").read_bytes())
    with pytest.raises(OptionError, match=r"\(1 the same: train/b/one.png and test/a/copy.png\).*delete one"):
        check_apart(train, load_grids(f"folder:{tmp_path}", "test", layout))


def test_splits_of_different_classes_are_refused(train: LabelledGrids) -> None:
    other = LabelledGrids(**{**vars(train), "classes": ("a", "b")})
    with pytest.raises(SourceError, match="different classes"):
        check_same_classes(train, other)


def test_only_three_pairs_of_the_same_image_are_named(tmp_path: Path) -> None:
    for split in ("train", "test"):
        for place in range(5):
            (tmp_path / split / "ab"[place % 2]).mkdir(parents=True, exist_ok=True)
            Image.new("L", (9, 9), 40 * place).save(tmp_path / split / "ab"[place % 2] / f"{place}.png")
    train, test = (
        load_grids(f"folder:{tmp_path}", split, get_layout("classic")) for split in ("train", "test")
    )
    with pytest.raises(OptionError, match=r"5 the same: .*") as caught:
        check_apart(train, test)
    assert str(caught.value).count(" and test/") == 3


def test_a_split_of_one_class_teaches_nothing(train: LabelledGrids) -> None:
    check_teaches(train, train)
    with pytest.raises(SourceError, match=r"shows 1 class, '3', but .* leave out --ceiling and --drawing"):
        check_teaches(train.take(np.flatnonzero(train.labels == 3)), train)


@pytest.fixture
def spoilt(tmp_path: Path) -> str:
    """Return a folder of 30 images, 12 of which cannot be read."""
    for place in range(30):
        (tmp_path / "ab"[place % 2]).mkdir(exist_ok=True)
        path = tmp_path / "ab"[place % 2] / f"{place:02}.png"
        Image.new("L", (30, 20), 8 * place).save(path)
        if place < 12:
            path.write_bytes(b"spoilt %d" % place)
    return f"folder:{tmp_path}"


def test_all_images_that_cannot_be_read_are_told_in_one_sentence(spoilt: str) -> None:
    with pytest.raises(ImageError, match=r"12 of 30 images .* cannot be read: a/00.png, .*, …") as caught:
        load_grids(spoilt, "all", get_layout("classic"))
    assert str(caught.value).count(".png, ") == 10
    assert str(caught.value).endswith("or pass over them with --bad-images skip")
    assert "\n" not in str(caught.value)


def test_images_that_cannot_be_read_can_be_left_out_everywhere_alike(spoilt: str) -> None:
    grids = load_grids(spoilt, "all", get_layout("classic"), bad_images="skip")
    assert (len(grids), len(grids.skipped)) == (18, 12)
    assert grids.skipped[0] == "a/00.png"
    assert len(grids.levels) == len(grids.names) == len(grids.digests) == 18
    assert not set(grids.names) & set(grids.skipped)
    assert len(load_frames(spoilt, "all", bad_images="skip")) == 18
    assert len(load_images(spoilt, "all", bad_images="skip")) == 18


def test_a_source_of_which_nothing_can_be_read_is_refused_in_any_case(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.png").write_bytes(b"spoilt")
    with pytest.raises(ImageError, match=r"1 of 1 images .* mend them, take them away$"):
        load_grids(f"folder:{tmp_path}", "all", get_layout("classic"), bad_images="skip")


def test_few_whole_files_are_in_memory_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    for place in range(100):
        Image.new("L", (20, 20), place).save(tmp_path / "a" / f"{place}.png")
    counts, take = [], FileSource.take

    def counted(self: FileSource, places: np.ndarray) -> Batch:
        counts.append(len(places))
        return take(self, places)

    monkeypatch.setattr(FileSource, "take", counted)
    grids = load_grids(f"folder:{tmp_path}", "all", get_layout("classic"))
    assert len(grids) == 100
    assert max(counts) <= 32


def test_a_framing_of_files_is_chosen_without_reading_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    for place in range(20):
        Image.new("L", (28, 28), place).save(tmp_path / "a" / f"{place}.png")
    read: list[str] = []

    def counted(path: str, name: str) -> bytes:
        read.append(name)
        return Path(path).read_bytes()

    monkeypatch.setattr("calligram.sources._files.read_file", counted)
    chosen = choose_framing(
        f"folder:{tmp_path}", "all", "auto", "auto", lambda *given: np.zeros((28, 28), np.uint8)
    )
    assert chosen.way == "auto"
    assert len(read) == 1
