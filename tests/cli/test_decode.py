"""``calligram decode`` as people and scripts meet it."""

import io
import re
import sys
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
from PIL import Image

from calligram.cli.main import run
from calligram.picture import encode, get_layout

ONE = "".join(f"<row:{row}>{'█▓'.center(20)}</row:{row}>\n" for row in range(1, 12))

Captured: TypeAlias = pytest.CaptureFixture[bytes]


@pytest.fixture
def one(tmp_path: Path) -> Path:
    path = tmp_path / "one.txt"
    path.write_bytes(ONE.encode())
    return path


def test_a_sound_text_comes_back_byte_for_byte(one: Path, capfdbinary: Captured) -> None:
    assert run(["decode", str(one)]) == 0
    shown = capfdbinary.readouterr()
    assert (shown.out, shown.err) == (ONE.encode(), b"")


def test_standard_input_is_a_dash(monkeypatch: pytest.MonkeyPatch, capfdbinary: Captured) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ONE.encode())))
    assert run(["decode", "-"]) == 0
    assert capfdbinary.readouterr().out == ONE.encode()


@pytest.mark.parametrize("ending", ["txt", "png", "svg", "html", "ans"])
def test_output_goes_to_a_file_by_its_ending(one: Path, tmp_path: Path, ending: str) -> None:
    assert run(["decode", str(one), "-o", str(tmp_path / f"out.{ending}")]) == 0
    assert (tmp_path / f"out.{ending}").stat().st_size > 0


def test_a_decoded_image_encodes_to_the_same_text(one: Path, tmp_path: Path) -> None:
    assert run(["decode", str(one), "-o", str(tmp_path / "one.png")]) == 0
    image = np.asarray(Image.open(tmp_path / "one.png"))
    assert encode(image[10::22, 5::12], get_layout("full")).columns == 28
    assert np.array_equal(image[10::22, 5::12][0], [0] * 9 + [255, 128] + [0] * 9)


def test_a_fault_is_told_with_row_and_column(one: Path, capfdbinary: Captured) -> None:
    one.write_text(ONE.replace("█▓", "█?", 1), encoding="utf-8")
    assert run(["decode", str(one), "-o", str(one.with_suffix(".png"))]) == 2
    shown = capfdbinary.readouterr()
    assert shown.err.decode() == (
        "calligram: row 1, column 11 holds '?', which is not in the ramp 'classic': "
        "mend it, or decode with repair\n"
    )
    assert not one.with_suffix(".png").exists()


def test_repair_gives_the_picture_and_lists_each_mend(one: Path, capfdbinary: Captured) -> None:
    damaged = ONE.replace("█▓", "█?", 1).replace("</row:5>", "")
    one.write_text(damaged, encoding="utf-8")
    assert run(["decode", str(one), "--repair"]) == 0
    shown = capfdbinary.readouterr()
    assert shown.out == ONE.replace("█▓", "█ ", 1).encode()
    assert shown.err.decode().splitlines() == [
        "mended: row 1, column 11: '?' was read as ' '",
        "mended: row 5: its ends were spelled anew as '<row:5>' and '</row:5>'",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty (0 bytes): give a text picture"),
        (b"\n\n", "the text is empty: give a text picture"),
        (b"\x89PNG\r\n\x1a\n\xff", "is no text picture (byte 0 is no UTF-8): give the text, not an image"),
        (b"Dear Sir,\nthank you.\n", "row 1, column "),
        (ONE.encode()[:-40], "row 11"),
        (None, "there is no file"),
    ],
)
def test_each_bad_input_gives_one_sentence_and_exit_code_2(
    content: bytes | None, words: str, tmp_path: Path, capfdbinary: Captured
) -> None:
    path = tmp_path / "bad.txt"
    if content is not None:
        path.write_bytes(content)
    assert run(["decode", str(path), "-o", str(tmp_path / "out.svg")]) == 2
    shown = capfdbinary.readouterr()
    assert shown.out == b""
    assert re.fullmatch(r"calligram: [^\n]+\n", shown.err.decode())
    assert words in shown.err.decode()
    assert not (tmp_path / "out.svg").exists()


def test_a_folder_is_refused(tmp_path: Path, capfdbinary: Captured) -> None:
    assert run(["decode", str(tmp_path)]) == 2
    assert "is a folder: give a file with a text picture" in capfdbinary.readouterr().err.decode()
