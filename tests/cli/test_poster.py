"""``calligram poster``."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.full_disk import run_on_full_disk

from calligram.provenance.reading import read_label

Command = Callable[[list[object]], tuple[int, str, str]]
SMALL = ("--columns", 20, "--size", "A6", "--dpi", 75)


@pytest.fixture
def painting(tmp_path: Path) -> Path:
    pixels = np.full((60, 90, 3), (20, 34, 75), np.uint8)
    pixels[:30] = (190, 210, 240)
    Image.fromarray(pixels).save(tmp_path / "shore.png")
    return tmp_path / "shore.png"


def test_every_form_is_written_from_one_command(painting: Path, calligram_command: Command) -> None:
    folder = painting.parent
    outputs = [folder / f"poster.{ending}" for ending in ("png", "svg", "pdf", "gif")]
    flags = [word for output in outputs for word in ("-o", output)]
    code, out, err = calligram_command(["poster", painting, *flags, *SMALL, "--title", "Shore"])
    assert (code, out) == (0, "")
    assert err.count("20 x 11 characters") == 4
    assert "105 x 148 mm" in err or "148 x 105 mm" in err
    for output in outputs:
        label = read_label(output.read_bytes())
        assert label is not None
        assert (label.made, label.title, label.sources) == ("rendered", "Shore", ("shore.png",))
        assert label.settings["command"] == "calligram poster"
        assert label.settings["columns"] == 20


def test_without_metadata_nothing_is_told(painting: Path, calligram_command: Command) -> None:
    output = painting.with_name("bare.svg")
    code, _, _ = calligram_command(["poster", painting, "-o", output, *SMALL, "--no-metadata"])
    assert code == 0
    assert read_label(output.read_bytes()) is None


def test_private_leaves_out_titles_and_names(painting: Path, calligram_command: Command) -> None:
    output = painting.with_name("private.png")
    words = ["--title", "Secret shore", "--words", "hidden verse"]
    code, _, _ = calligram_command(["poster", painting, "-o", output, *SMALL, *words, "--private", "-q"])
    assert code == 0
    content = output.read_bytes()
    assert not any(word in content for word in (b"Secret", b"hidden", b"shore"))


def test_a_drawing_is_set_from_standard_input(
    painting: Path, calligram_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(f"<row:{row}>{line}</row:{row}>\n" for row, line in enumerate([" ▓█", "█▓ "], 1))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    output = painting.with_name("drawing.svg")
    code, _, err = calligram_command(["poster", "-", "-o", output])
    assert (code, err.split(":")[1].split(",")[0]) == (0, " 3 x 2 characters in 1 inks")


def test_words_may_stand_in_a_file(painting: Path, calligram_command: Command) -> None:
    poem = painting.with_name("poem.txt")
    poem.write_text("Roll on,\n  thou deep\n\tand dark blue ocean", encoding="utf-8")
    output = painting.with_name("poem.gif")
    code, _, err = calligram_command(["poster", painting, "-o", output, *SMALL, "--words", poem])
    assert code == 0
    assert "the words run through the picture" in err


def test_an_animation_of_an_image_has_fewer_columns(painting: Path, calligram_command: Command) -> None:
    outputs = ["-o", painting.with_name("a.gif"), "-o", painting.with_name("a.svg")]
    code, _, err = calligram_command(["poster", painting, *outputs, "--size", "A6", "--dpi", 150])
    assert code == 0
    assert ["80 x" in err.splitlines()[0], "200 x" in err.splitlines()[1]] == [True, True]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--font", "no-such.ttf"], "font is 'no-such.ttf', but that file cannot be read"),
        (["--font", "shore.png"], "font is 'shore.png', but that file is no font"),
        (["--size", "huge"], "size is 'huge', but must be A0 to A6"),
        (["--size", "9x9in", "--dpi", "2400"], "max_sheet_pixels is 200000000"),
        (["--size", "600x900cm"], "no sheet is longer than 5000 mm"),
        (["--columns", "1999"], "ask for fewer columns"),
        (["--paper", "glass"], "paper is 'glass', but must be auto"),
        (["--words", "漢"], "has no 漢"),
        (["--charset", "  "], "charset is '  ', which has no ink"),
        (["--dpi", "nan"], "dpi is nan, but must be from 10 to 2400"),
        (["--colour", "many"], "'many' is not one of 'image', 'none'"),
        (["--margin", "0.6"], "margin is 0.6, but must be"),
    ],
)
def test_bad_options_are_told_in_one_sentence_and_nothing_is_written(
    painting: Path, calligram_command: Command, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.chdir(painting.parent)
    code, out, err = calligram_command(["poster", painting, "-o", "p.png", "--dpi", 75, *words])
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1
    assert sorted(path.name for path in painting.parent.iterdir()) == ["shore.png"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("missing.png", None, "there is no file"),
        ("torn.png", b"\x89PNG\r\n\x1a\n\0\0", "torn.png' is no image that can be opened"),
        ("empty.png", b"", "is empty"),
        ("notes.txt", "Äpfel und\nBirnen und noch mehr".encode(), "no image that can be opened"),
    ],
)
def test_what_is_neither_image_nor_picture_is_told(
    tmp_path: Path, calligram_command: Command, name: str, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, _, err = calligram_command(["poster", tmp_path / name, "-o", tmp_path / "p.svg"])
    assert code == 2
    assert len(err.splitlines()) == 1
    assert told in err
    assert name in err
    assert not (tmp_path / "p.svg").exists()


def test_an_unknown_ending_is_told_before_anything_is_made(
    painting: Path, calligram_command: Command
) -> None:
    code, _, err = calligram_command(
        ["poster", painting, "-o", painting.with_name("a.svg"), "-o", painting.with_name("a.bmp")]
    )
    assert code == 2
    assert "but a poster is one of .gif, .pdf, .png, .svg" in err
    assert not painting.with_name("a.svg").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_full_disk_is_told_and_leaves_nothing(painting: Path, calligram_command: Command) -> None:
    output = painting.with_name("p.svg")
    words = ["poster", str(painting), "-o", str(output), *map(str, SMALL)]
    told = run_on_full_disk(words, painting.parent, 2000)
    assert "cannot be written (File too large)" in told
    assert [path.name for path in painting.parent.iterdir()] == ["shore.png"]
