"""``calligram facts``."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

Command = Callable[[list[object]], tuple[int, str, str]]


@pytest.fixture
def png(tmp_path: Path) -> Path:
    pixels = np.full((60, 90, 3), (20, 34, 75), np.uint8)
    pixels[40:] = (249, 189, 36)
    Image.fromarray(pixels).save(tmp_path / "shore.png")
    return tmp_path / "shore.png"


def test_a_table_tells_the_facts_in_groups(png: Path, calligram_command: Command) -> None:
    code, out, err = calligram_command(["facts", png])
    assert (code, err) == (0, "")
    for told in (
        "shore.png",
        "Colour",
        "Composition",
        "navy blue",
        "67 %",
        "#14224b",
        "landscape",
        "busy or empty",
    ):
        assert told in out


def test_json_has_an_object_a_line_with_every_fact(png: Path, calligram_command: Command) -> None:
    code, out, err = calligram_command(["facts", png, png, "--json"])
    assert (code, err) == (0, "")
    first, second = (json.loads(line) for line in out.splitlines())
    assert first == second
    assert first["file"] == str(png)
    assert first["main_colour"] == "navy blue"
    assert [first["palette"][1][key] for key in ("name", "hex", "share")] == [
        "golden yellow",
        "#f9bd24",
        0.3333,
    ]
    assert first["horizon"] == pytest.approx(2 / 3, abs=0.02)


def test_a_picture_is_written_whole_and_nothing_else_is_printed(
    png: Path, calligram_command: Command
) -> None:
    code, out, err = calligram_command(["facts", png, "--picture", "sheet.png"])
    assert (code, out, err) == (0, "", f"{png}: sheet.png\n")
    with Image.open(png.parent / "sheet.png") as sheet:
        assert sheet.width == 1480
    assert not list(png.parent.glob("*.part"))


def test_the_pictures_of_a_folder_go_to_a_folder(png: Path, calligram_command: Command) -> None:
    (png.parent / "in" / "deep").mkdir(parents=True)
    for name in ("in/one.png", "in/deep/two.jpg"):
        Image.open(png).save(png.parent / name)
    code, out, _ = calligram_command(["facts", "in", "--picture", "sheets", "--json"])
    assert code == 0
    assert len(out.splitlines()) == 2
    written = {
        path.relative_to(png.parent / "sheets").as_posix() for path in (png.parent / "sheets").rglob("*.png")
    }
    assert written == {"one.facts.png", "deep/two.facts.png"}


def test_the_prompt_is_printed_as_a_model_is_given_it(png: Path, calligram_command: Command) -> None:
    from calligram.art.eyes import eyes_of

    code, out, err = calligram_command(["facts", png, "--prompt"])
    assert (code, out, err) == (0, eyes_of(png).prompt, "")


def test_a_bad_file_is_told_and_the_others_are_measured(png: Path, calligram_command: Command) -> None:
    (png.parent / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    code, out, err = calligram_command(["facts", "bad.png", "none.png", png, "--json"])
    assert code == 1
    bad, none, good = (json.loads(line) for line in out.splitlines())
    assert "damaged" in bad["fault"] or "no image" in bad["fault"]
    assert none["fault"] == "there is no file 'none.png': check the path"
    assert good["orientation"] == "landscape"
    assert err.count("calligram: ") == 2


def test_bad_files_alone_are_exit_code_2(calligram_command: Command) -> None:
    code, out, err = calligram_command(["facts", "none.png"])
    assert (code, out) == (2, "")
    assert err == "calligram: there is no file 'none.png': check the path\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--picture", "sheet.gif"], "does not end in .png"),
        (["--picture", "none/there/sheet.png", "--longest-px", "3"], "longest_px is 3"),
    ],
)
def test_bad_options_are_one_sentence(
    words: list[str], sentence: str, png: Path, calligram_command: Command
) -> None:
    code, _, err = calligram_command(["facts", png, *words])
    assert code == 2
    assert sentence in err
    assert err.count("\n") == 1


def test_one_file_cannot_take_the_pictures_of_several(png: Path, calligram_command: Command) -> None:
    code, _, err = calligram_command(["facts", png, png, "--picture", "sheet.png"])
    assert code == 2
    assert "several images go to a folder" in err
    assert not (png.parent / "sheet.png").exists()


def test_a_place_that_cannot_be_written_is_one_sentence(png: Path, calligram_command: Command) -> None:
    (png.parent / "file").write_text("in the way")
    code, _, err = calligram_command(["facts", png, "--picture", "file/sheet.png"])
    assert code == 2
    assert err.startswith("calligram: the folder 'file' cannot be made")


def test_standard_input_is_an_image(
    png: Path, calligram_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(png.read_bytes())))
    code, out, _ = calligram_command(["facts", "-", "--json"])
    assert code == 0
    assert json.loads(out)["width_px"] == 90


def test_an_option_can_stand_in_the_environment(
    png: Path, calligram_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLIGRAM_FACTS_MAX_PIXELS", "100")
    code, _, err = calligram_command(["facts", png])
    assert code == 2
    assert "max_pixels is 100" in err
