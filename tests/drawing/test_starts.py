"""Half-drawn text pictures keep their rows."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.drawing import parse_start, read_start
from calligram.errors import ImageError, InputError, PictureError
from calligram.picture import Layout, get_layout, spell

LEVELS = np.random.default_rng(0).integers(1, 3, (11, 20), dtype=np.uint8)


def first_rows(count: int) -> str:
    return "".join(spell(LEVELS).splitlines(keepends=True)[:count])


@pytest.mark.parametrize("count", [1, 5, 10])
def test_whole_rows_are_kept(count: int) -> None:
    start = parse_start(first_rows(count))
    assert start.layout == get_layout("classic")
    assert (start.levels == LEVELS[:count]).all()


def test_a_row_that_was_cut_off_is_left_out() -> None:
    assert (parse_start(first_rows(4)[:-15]).levels == LEVELS[:3]).all()


def test_bare_lines_may_end_early() -> None:
    start = parse_start("\n  █▓\n   █\n")
    assert start.levels.shape == (3, 20)
    assert start.levels[1, 2:4].tolist() == [2, 1]


def test_the_layout_given_is_kept() -> None:
    rows = "".join(spell(np.full((2, 28), 3, np.uint8), "full"))
    assert parse_start(rows, get_layout("full")).layout.name == "full"
    assert parse_start(rows).layout.name == "fine"
    with pytest.raises(PictureError, match=r"does not fit the layout classic .*, or name another"):
        parse_start(rows, get_layout("classic"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (spell(LEVELS), "nothing is left to draw"),
        ("<row:1>abc</row:1>\n", "fits none of the layouts classic, fine, full"),
        ("hello, this is no picture at all", "fits none"),
        ("", "is empty: give its first rows"),
        ("\n\n", "is empty: give its first rows"),
        ("<row:1> █", "no row is whole"),
    ],
)
def test_what_is_no_start_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(PictureError, match=sentence):
        parse_start(text)


def test_a_start_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "half.txt").write_text(first_rows(3), encoding="utf-8")
    assert read_start(tmp_path / "half.txt").rows == 3
    with pytest.raises(ImageError, match="no file"):
        read_start(tmp_path / "nowhere.txt")


def test_a_file_that_holds_no_rows_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    Image.new("L", (3, 3)).save(tmp_path / "image.png")
    (tmp_path / "bytes.txt").write_bytes(b"<row:1>\xff</row:1>\n")
    for name, sentence in {
        "empty.txt": "is empty (0 bytes): give a half-drawn text picture",
        "image.png": "is an image, but a half-drawn text picture is completed",
        "bytes.txt": "is no half-drawn text picture (byte 7 is no UTF-8)",
    }.items():
        with pytest.raises(InputError, match=re.escape(sentence)):
            read_start(tmp_path / name)


def test_bare_lines_fit_a_layout_of_fixed_rows() -> None:
    fixed = Layout("mine", columns=20, rows=11, markup="rows")
    assert parse_start("█" * 20 + "\n" + " " * 20, fixed).levels.shape == (2, 20)
