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
    load_grids,
    read_photographs,
)
from calligram.picture import get_layout


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
    with pytest.raises(OptionError, match=r"share pictures \(1 images are the same\)"):
        check_apart(train, load_grids(f"folder:{tmp_path}", "test", layout))


def test_splits_of_different_classes_are_refused(train: LabelledGrids) -> None:
    other = LabelledGrids(**{**vars(train), "classes": ("a", "b")})
    with pytest.raises(SourceError, match="different classes"):
        check_same_classes(train, other)


def test_a_photograph_gives_its_middle_and_nine_smaller_squares(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 256, (60, 90, 3), dtype=np.uint8)).save(tmp_path / "one.png")
    squares, names = read_photographs(tmp_path)
    assert squares.shape == (10, 224, 224)
    assert names[0] == "one.png, square 0"
    assert len({square.tobytes() for square in squares}) == 10


def test_a_folder_without_photographs_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="holds no image file"):
        read_photographs(tmp_path)


def test_a_broken_photograph_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(ImageError, match=r"broken\.png"):
        read_photographs(tmp_path)
