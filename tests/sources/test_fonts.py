"""Letters from fonts: whole alphabets only, framed, and no design in two splits."""

from pathlib import Path

import numpy as np
import pytest

from calligram.errors import SourceError
from calligram.sources import _font_files
from calligram.sources.base import open_source
from calligram.sources.fonts import LetterSource


@pytest.fixture(scope="module")
def letters() -> LetterSource:
    try:
        source = open_source("fonts:?per_letter=4", "train")
    except SourceError as fault:
        pytest.skip(f"too few fonts are installed: {fault}")
    assert isinstance(source, LetterSource)
    return source


def test_every_letter_comes_equally_often(letters: LetterSource) -> None:
    labels = letters.take(range(len(letters))).labels
    assert np.bincount(labels).tolist() == [4] * 52
    assert letters.classes[0] == "A"
    assert letters.classes[51] == "z"


def test_letters_are_light_on_dark_and_framed(letters: LetterSource) -> None:
    images = letters.take(range(104)).images
    assert isinstance(images, np.ndarray)
    assert (images.shape[1:], images.dtype) == ((28, 28), np.uint8)
    assert images.max(axis=(1, 2)).min() == 255
    inked = images > 0
    heights, widths = inked.any(2).sum(1), inked.any(1).sum(1)
    assert np.maximum(heights, widths).max() <= 20
    assert np.maximum(heights, widths).min() >= 18
    centre = (images.sum(2) @ (np.arange(28) + 0.5)) / images.sum((1, 2))
    assert np.abs(centre - 14).max() <= 4


def test_the_seed_decides_and_the_splits_differ(letters: LetterSource) -> None:
    other = open_source("fonts:?per_letter=4&seed=1", "train")
    again = open_source("fonts:?per_letter=4", "train")
    assert np.array_equal(again.take(range(20)).images, letters.take(range(20)).images)
    assert not np.array_equal(other.take(range(20)).images, letters.take(range(20)).images)
    assert other.digest([0]) != letters.digest([0])


def test_no_design_is_in_two_splits() -> None:
    splits = {}
    for split in ("train", "valid", "test"):
        try:
            source = open_source("fonts:", split)
        except SourceError as fault:
            pytest.skip(f"too few fonts are installed: {fault}")
        assert isinstance(source, LetterSource)
        splits[split] = [face for design in source.designs for face in design]
    for one, other in (("train", "test"), ("train", "valid"), ("valid", "test")):
        assert not {f.family for f in splits[one]} & {f.family for f in splits[other]}
        assert not {f.checksum for f in splits[one]} & {f.checksum for f in splits[other]}
        sheets = np.stack([face.sheet for face in splits[one]]).astype(float)
        gaps = [np.abs(sheets - face.sheet).mean(1).min() for face in splits[other]]
        assert min(gaps) >= _font_files.ALIKE


def test_fonts_of_signs_are_left_out(letters: LetterSource) -> None:
    families = {face.family.lower() for design in letters.designs for face in design}
    assert not [name for name in families if "dingbat" in name or "d050000l" in name or "emoji" in name]


def test_without_distortion_a_letter_of_one_face_is_always_the_same(
    tmp_path: Path, letters: LetterSource
) -> None:
    face = letters.designs[0][0].path
    (tmp_path / face.name).write_bytes(face.read_bytes())
    still = "rotation_degrees=0&shear=0&stretch=0&stroke_pixels=0"
    source = open_source(f"fonts:{tmp_path}?letters=Ab&per_letter=3&{still}", "all")
    images = source.take(range(6)).images
    assert np.array_equal(images[0], images[2])
    assert not np.array_equal(images[0], images[1])


def test_one_font_is_too_few_for_splits(tmp_path: Path, letters: LetterSource) -> None:
    face = letters.designs[0][0].path
    (tmp_path / face.name).write_bytes(face.read_bytes())
    with pytest.raises(SourceError, match="at least three"):
        open_source(f"fonts:{tmp_path}", "train")


def test_a_folder_without_usable_fonts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(SourceError, match="no font file with all letters"):
        open_source(f"fonts:{tmp_path}", "all")
    with pytest.raises(SourceError, match="does not exist"):
        open_source(f"fonts:{tmp_path / 'none'}", "all")
