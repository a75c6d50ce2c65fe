"""``calligram encode`` as people and scripts meet it."""

import io
import os
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
from PIL import Image

from calligram.cli.main import run
from calligram.picture import encode

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

Captured: TypeAlias = pytest.CaptureFixture[bytes]


@pytest.fixture
def digit(tmp_path: Path) -> Path:
    """Return the path of a small grey image."""
    array = np.zeros((28, 28), np.uint8)
    array[4:24, 12:16] = 255
    path = tmp_path / "one.png"
    Image.fromarray(array).save(path)
    return path


def bomb() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(99)))
        + chunk(b"IEND", b"")
    )


def test_the_text_picture_is_printed_and_nothing_else(digit: Path, capfdbinary: Captured) -> None:
    assert run(["encode", str(digit), "--layout", "classic"]) == 0
    shown = capfdbinary.readouterr()
    assert shown.out == encode(digit, "classic").text.encode()
    assert shown.err == b""


@pytest.mark.parametrize(
    ("flags", "shape"),
    [
        (["--size", "30x7"], (7, 30)),
        (["--width", "40"], (22, 40)),
        (["--height", "11"], (11, 20)),
        (["--width", "9", "--height", "4"], (4, 9)),
        (["--font-ratio", "1"], (20, 20)),
        (["-l", "fine"], (14, 28)),
    ],
)
def test_the_flags_that_people_know_set_the_size(
    digit: Path, flags: list[str], shape: tuple[int, int], capfdbinary: Captured
) -> None:
    assert run(["encode", str(digit), "--markup", "plain", *flags]) == 0
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert (len(lines), len(lines[0])) == shape


@pytest.mark.parametrize("flag", ["--symbols", "--chars"])
def test_symbols_are_a_ramp_or_its_characters(digit: Path, flag: str, capfdbinary: Captured) -> None:
    assert run(["encode", str(digit), "--markup", "plain", flag, ".x"]) == 0
    assert set(capfdbinary.readouterr().out.decode()) == {".", "x", "\n"}
    assert run(["encode", str(digit), "--markup", "plain", flag, "braille"]) == 0
    assert "⣿" in capfdbinary.readouterr().out.decode()


def test_inverting_and_dithering_change_the_text(digit: Path, capfdbinary: Captured) -> None:
    texts = set()
    for flags in ([], ["--invert"], ["--gamma", "3", "--dither", "ordered"]):
        assert run(["encode", str(digit), *flags]) == 0
        texts.add(capfdbinary.readouterr().out)
    assert len(texts) == 3


def test_colour_is_shown_when_asked_for(capfdbinary: Captured) -> None:
    assert run(["encode", str(EXAMPLES / "landscape.png"), "--colors", "256", "--symbols", "blocks"]) == 0
    shown = capfdbinary.readouterr().out.decode()
    assert "\x1b[38;5;" in shown
    assert "<row:" not in shown


def test_standard_input_is_a_dash(digit: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from calligram.cli.main import main; main()", "encode", "-"],
        input=digit.read_bytes(),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.stdout == encode(digit).text.encode()


@pytest.mark.parametrize("ending", ["txt", "png", "svg", "html", "ans"])
def test_output_goes_to_a_file_by_its_ending(
    digit: Path, tmp_path: Path, ending: str, capfdbinary: Captured
) -> None:
    path = tmp_path / f"out.{ending}"
    assert run(["encode", str(digit), "--output", str(path)]) == 0
    assert path.stat().st_size > 0
    assert capfdbinary.readouterr().out == b""
    assert sorted(found.name for found in tmp_path.iterdir()) == sorted(["one.png", path.name])


def test_several_files_come_one_after_another(digit: Path, capfdbinary: Captured) -> None:
    assert run(["encode", str(digit), str(digit)]) == 0
    assert capfdbinary.readouterr().out == encode(digit).text.encode() * 2


def test_a_folder_becomes_a_folder_of_texts(digit: Path, tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("a.png", "deep/b.png"):
        (tmp_path / "in" / name).write_bytes(digit.read_bytes())
    assert run(["encode", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 0
    found = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_text("utf-8") for path in out_files(tmp_path)
    }
    assert found == {"a.txt": encode(digit).text, "deep/b.txt": encode(digit).text}


def out_files(folder: Path) -> list[Path]:
    return [path for path in (folder / "out").rglob("*") if path.is_file()]


def test_one_bad_file_never_stops_the_rest(digit: Path, tmp_path: Path, capfdbinary: Captured) -> None:
    (tmp_path / "bad.png").write_bytes(b"")
    assert run(["encode", str(digit), str(tmp_path / "bad.png"), str(digit)]) == 1
    shown = capfdbinary.readouterr()
    assert shown.out == encode(digit).text.encode() * 2
    assert shown.err.decode().count("\n") == 1
    assert "bad.png' is empty (0 bytes): give an image" in shown.err.decode()


def test_a_folder_without_images_stops_no_other(digit: Path, tmp_path: Path, capfdbinary: Captured) -> None:
    (tmp_path / "none").mkdir()
    assert run(["encode", str(digit), str(tmp_path / "none"), str(digit)]) == 1
    shown = capfdbinary.readouterr()
    assert shown.out == encode(digit).text.encode() * 2
    assert "holds no image: give one that does, or files" in shown.err.decode()
    assert shown.err.decode().count("\n") == 1


@pytest.mark.parametrize("name", ["out.png", "out.TXT"])
def test_several_images_are_not_written_to_one_file(
    name: str, digit: Path, tmp_path: Path, capfdbinary: Captured
) -> None:
    assert run(["encode", str(digit), str(digit), "-o", str(tmp_path / name)]) == 2
    shown = capfdbinary.readouterr().err.decode()
    assert "names one file: name a folder, or give one image" in shown
    assert [path.name for path in tmp_path.iterdir()] == ["one.png"]


def test_the_command_that_is_advertised_fits_80_columns(capfdbinary: Captured) -> None:
    flags = ["--width", "76", "--chars", "ascii10", "--markup", "plain"]
    assert run(["encode", str(EXAMPLES / "landscape.png"), *flags]) == 0
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert {len(line) for line in lines} == {76}
    assert len(set("".join(lines))) > 5


def write_bad_input(kind: str, folder: Path) -> Path:
    """Return the path of one of the bad inputs that people meet."""
    path = folder / f"{kind}.png"
    noise = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64)).astype(np.uint8)).save(noise, "PNG")
    if kind == "line":
        Image.new("L", (3000, 1)).save(path)
    elif kind == "folder":
        path.mkdir()
    elif kind != "missing":
        contents = {
            "bomb": bomb(),
            "truncated": noise.getvalue()[:900],
            "empty": b"",
            "text": b"Dear Sir or Madam,\n",
        }
        path.write_bytes(contents[kind])
    return path


BAD_INPUTS = {
    "line": "is 3000 x 1 pixels, longer than 1000:1, and would be a line: crop it or raise max_aspect",
    "bomb": "has 60000 x 60000 pixels, but max_pixels is 100000000: give a smaller image or raise max_pixels",
    "truncated": "is a damaged image",
    "folder": "holds no image: give one that does, or files",
    "missing": "there is no file",
    "empty": "is empty (0 bytes): give an image",
    "text": "is no image that can be opened (it begins with b'Dear Sir or ')",
}


@pytest.mark.parametrize("kind", BAD_INPUTS)
def test_each_bad_input_gives_one_sentence_and_exit_code_2(
    kind: str, tmp_path: Path, capfdbinary: Captured
) -> None:
    path = write_bad_input(kind, tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert run(["encode", str(path), "-o", str(tmp_path / "out.png")]) == 2
    shown = capfdbinary.readouterr()
    assert shown.out == b""
    assert re.fullmatch(r"calligram: [^\n]+\n", shown.err.decode())
    assert BAD_INPUTS[kind] in shown.err.decode()
    assert path.name in shown.err.decode()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_limit_can_be_raised(tmp_path: Path, capfdbinary: Captured) -> None:
    path = write_bad_input("line", tmp_path)
    assert run(["encode", str(path), "--max-aspect", "5000"]) == 0
    assert capfdbinary.readouterr().out.decode() == f"<row:1>{' ' * 20}</row:1>\n"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--size", "big"], "size is 'big', but must be columns x rows, as in 80x40"),
        (["--layout", "huge"], "there is no layout 'huge': choose one of classic, fine, full"),
        (["--gamma", "0"], "gamma is 0.0, but must be from 0.01 to 100"),
        (["--symbols", "##"], "has '#' twice"),
        (["--colors", "full", "--framing", "content"], "cropped and centred has no colours"),
        (["--max-cells", "10"], "11 = 220 cells, but max_cells is 10"),
    ],
)
def test_a_bad_option_gives_one_sentence_and_exit_code_2(
    digit: Path, flags: list[str], words: str, capfdbinary: Captured
) -> None:
    assert run(["encode", str(digit), *flags]) == 2
    assert words in capfdbinary.readouterr().err.decode()


def test_an_unknown_ending_leaves_nothing(digit: Path, tmp_path: Path, capfdbinary: Captured) -> None:
    assert run(["encode", str(digit), "-o", str(tmp_path / "out.gif")]) == 2
    assert "no known kind of file" in capfdbinary.readouterr().err.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["one.png"]


def test_the_help_needs_no_numpy() -> None:
    code = (
        "import sys; from calligram.cli.main import run; run(['encode', '--help']); "
        "assert not {'numpy', 'PIL'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "calligram encode digit.png --layout classic" in done.stdout


def test_every_example_can_be_encoded(capfdbinary: Captured) -> None:
    assert run(["encode", str(EXAMPLES), "--polarity", "auto"]) == 0
    assert capfdbinary.readouterr().out.decode().count("<row:1>") >= 6


def test_files_of_several_hold_text_alone_whatever_colour_is_asked_for(digit: Path, tmp_path: Path) -> None:
    pair = tmp_path / "pair"
    pair.mkdir()
    for name in ("a.png", "b.png"):
        (pair / name).write_bytes(digit.read_bytes())
    assert run(["encode", str(pair), "--colors", "full", "-o", str(tmp_path / "out")]) == 0
    assert "\x1b" not in "".join(path.read_text() for path in (tmp_path / "out").rglob("*.txt"))
