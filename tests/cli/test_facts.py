"""``calligram facts``."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.art.eyes import eyes_of
from calligram.art.facts import measure_facts

Command = Callable[[list[object]], tuple[int, str, str]]


@pytest.fixture
def png(tmp_path: Path) -> Path:
    pixels = np.full((60, 90, 3), (200, 40, 40), np.uint8)
    pixels[:, 60:] = (245, 240, 225)
    Image.fromarray(pixels).save(tmp_path / "flag.png")
    return tmp_path / "flag.png"


@pytest.fixture
def folder(tmp_path: Path, png: Path) -> Path:
    made = tmp_path / "works"
    (made / "deep").mkdir(parents=True)
    with Image.open(png) as image:
        image.save(made / "one.png")
        image.rotate(90, expand=True).save(made / "deep" / "two.png")
    (made / "broken.png").write_bytes(b"no image")
    return made


# what is printed


def test_the_table_names_the_file_and_every_line_of_the_facts(
    png: Path, calligram_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    code, out, err = calligram_command(["facts", png])
    assert (code, err) == (0, "")
    assert "flag.png" in out
    for word in ("90", "60", "landscape", "white", "67 %", "33 %", measure_facts(png)["main_colour"]):
        assert word in out


def test_json_is_one_object_a_line_with_every_fact(png: Path, calligram_command: Command) -> None:
    code, out, err = calligram_command(["facts", png, png, "--json"])
    assert (code, err) == (0, "")
    first, second = map(json.loads, out.splitlines())
    assert first == second == {"file": str(png), **json.loads(json.dumps(measure_facts(png).to_json()))}


def test_the_prompt_is_what_a_model_is_given(png: Path, calligram_command: Command) -> None:
    code, out, err = calligram_command(["facts", png, "--prompt"])
    assert (code, err) == (0, "")
    assert out == eyes_of(png, png=False).prompt


def test_prompts_of_several_images_begin_with_their_names(png: Path, calligram_command: Command) -> None:
    code, out, _ = calligram_command(["facts", png, png, "--prompt"])
    assert code == 0
    assert out == f"{png}\n\n{eyes_of(png, png=False).prompt}" * 2


def test_an_image_may_come_from_standard_input(
    png: Path, calligram_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(png.read_bytes())))
    code, out, err = calligram_command(["facts", "-", "--json"])
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert (told["file"], told["width_px"], told["format"]) == ("-", 90, "PNG")


def test_facts_are_measured_on_a_copy_as_large_as_asked(png: Path, calligram_command: Command) -> None:
    _, out, _ = calligram_command(["facts", png, "--json", "--longest-px", "16"])
    told = json.loads(out)
    assert (told["width_px"], told["height_px"]) == (90, 60)
    assert told["edge_density"] > measure_facts(png)["edge_density"]


# folders, and files that are none


def test_a_folder_is_looked_through_and_what_is_broken_is_told(
    folder: Path, calligram_command: Command
) -> None:
    code, out, err = calligram_command(["facts", folder, "--json"])
    told = {Path(line["file"]).name: line for line in map(json.loads, out.splitlines())}
    assert code == 1
    assert set(told) == {"one.png", "two.png", "broken.png"}
    assert (told["one.png"]["orientation"], told["two.png"]["orientation"]) == ("landscape", "portrait")
    assert set(told["broken.png"]) == {"file", "fault"}
    assert "broken.png' is no image" in told["broken.png"]["fault"]
    assert err.count("\n") == 1


def test_no_image_at_all_ends_with_code_2_and_one_sentence(
    tmp_path: Path, calligram_command: Command
) -> None:
    (tmp_path / "no.png").write_bytes(b"no image")
    for wrong in ("no.png", "missing.png"):
        code, out, err = calligram_command(["facts", wrong])
        assert (code, out) == (2, "")
        assert wrong in err
        assert err.count("\n") == 1


def test_an_image_over_a_limit_is_refused_and_the_next_is_measured(
    png: Path, tmp_path: Path, calligram_command: Command
) -> None:
    Image.new("RGB", (200, 200)).save(tmp_path / "large.png")
    code, out, err = calligram_command(["facts", "large.png", png, "--json", "--max-pixels", "10000"])
    assert code == 1
    assert "max_pixels" in err
    assert [("fault" in line) for line in map(json.loads, out.splitlines())] == [True, False]


# the picture of the facts


def test_one_picture_is_written_and_its_place_is_told(
    png: Path, tmp_path: Path, calligram_command: Command
) -> None:
    code, out, err = calligram_command(["facts", png, "--picture", "shown.png"])
    assert (code, out) == (0, "")
    assert "shown.png" in err
    with Image.open(tmp_path / "shown.png") as shown:
        colours = {colour for _, colour in shown.convert("RGB").getcolors(1 << 24) or ()}
    assert {(200, 40, 40), (245, 240, 225)} <= colours


def test_a_folder_of_images_has_its_pictures_in_a_folder(
    folder: Path, tmp_path: Path, calligram_command: Command
) -> None:
    code, _, _ = calligram_command(["facts", folder, "--picture", "sheets"])
    assert code == 1
    made = sorted(path.name for path in (tmp_path / "sheets").rglob("*"))
    assert [name for name in made if name.endswith(".png")] == ["one.facts.png", "two.facts.png"]


def test_several_images_to_one_file_are_refused_before_anything_is_measured(
    png: Path, tmp_path: Path, calligram_command: Command
) -> None:
    code, out, err = calligram_command(["facts", png, png, "--picture", "one.png"])
    assert (code, out) == (2, "")
    assert "name a folder" in err
    assert not (tmp_path / "one.png").exists()


def test_a_picture_of_another_ending_is_refused(
    png: Path, tmp_path: Path, calligram_command: Command
) -> None:
    code, out, err = calligram_command(["facts", png, "--picture", "one.gif"])
    assert (code, out) == (2, "")
    assert "does not end in .png" in err
    assert not (tmp_path / "one.gif").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(
    png: Path, tmp_path: Path, calligram_command: Command
) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    code, _, err = calligram_command(["facts", png, "--picture", "closed/one.png"])
    assert code == 2
    assert err.count("\n") == 1


def test_a_file_in_the_place_of_the_folder_is_told_in_one_sentence(
    png: Path, tmp_path: Path, calligram_command: Command
) -> None:
    (tmp_path / "file").write_text("mine")
    code, _, err = calligram_command(["facts", png, "--picture", "file/one.png"])
    assert code == 2
    assert "file" in err
    assert "Traceback" not in err
    assert (tmp_path / "file").read_text() == "mine"


# starting


def test_the_help_loads_no_numpy() -> None:
    code = "import sys; from calligram.cli.main import run; run(['facts', '--help']); "
    heavy = "assert 'numpy' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code + heavy], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--picture" in done.stdout
