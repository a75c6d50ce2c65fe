"""``calligram paint``: what is written and told, the loop at the command line, and what bad input says."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.art.refining_things import make_model, make_painter
from tests.full_disk import run_on_full_disk

from calligram import registry
from calligram.provenance import Label
from calligram.provenance.reading import read_label

Command = Callable[[Sequence[object]], Any]
PLAIN = [{"when": "^red disc|^disc, dark", "paint": ["night.png", "red.png"]}, {"paint": "blue.png"}]
"""A painter that heeds plain words alone."""
WORDS = "a dark picture of a red disc, no blue"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is kept in a folder of the test."""
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))


def label_in(path: str) -> Label:
    """Return the label that a file must have."""
    label = read_label(Path(path).read_bytes())
    assert label is not None
    return label


@pytest.fixture
def painter(tmp_path: Path) -> str:
    """A painter that heeds plain words alone."""
    return make_painter(tmp_path / "painter", PLAIN)


def test_one_image_is_written_with_its_label(calligram_command: Command, painter: str) -> None:
    code, out, err = calligram_command(
        ["paint", "a", "red", "disc", "--painter", painter, "--seed", 7, "-o", "d.png"]
    )
    assert (code, out) == (0, "d.png\n")
    assert "1 image, seed 7, file blue.png" in err
    label = label_in("d.png")
    assert (label.prompt, label.seed, label.painter, label.made) == ("a red disc", 7, "scripted", "rendered")
    assert label.settings["file"] == "blue.png"


def test_several_images_go_into_a_folder_with_a_sheet(calligram_command: Command, painter: str) -> None:
    words = ["paint", "a disc", "--painter", painter, "--seed", 3, "-n", 3, "-o", "discs", "-q"]
    code, out, err = calligram_command(words)
    assert (code, err) == (0, "")
    files = [f"discs/a-disc-{seed}.png" for seed in (3, 4, 5)]
    assert out.splitlines() == [*files, "discs/sheet.png"]
    assert [label_in(file).seed for file in files] == [3, 4, 5]
    with Image.open("discs/sheet.png") as sheet:
        assert sheet.width > 3 * 64


def test_several_images_in_one_file_are_a_sheet(calligram_command: Command, painter: str) -> None:
    words = ["paint", "a disc", "--painter", painter, "--seed", 3, "-n", 2, "-o", "discs.webp", "--json"]
    told = [json.loads(line) for line in calligram_command(words).out.splitlines()]
    assert [(entry["file"], entry["seed"]) for entry in told] == [("discs.webp", 3), ("discs.webp", 4)]
    with Image.open("discs.webp") as sheet:
        assert sheet.width > 2 * 64


def test_without_a_name_files_are_named_by_words_and_seed(calligram_command: Command, painter: str) -> None:
    out = calligram_command(["paint", "A disc!", "--painter", painter, "--seed", 3]).out
    assert out == "a-disc-3.png\n"
    assert Path("a-disc-3.png").is_file()


def test_a_seed_that_is_not_given_is_fresh_and_told(calligram_command: Command, painter: str) -> None:
    words = ["paint", "a disc", "--painter", painter, "-o", "d.png", "--json"]
    seeds = {json.loads(calligram_command(words).out)["seed"] for _ in range(3)}
    assert len(seeds) == 3


def test_no_metadata_writes_no_word_and_private_no_prompt(calligram_command: Command, painter: str) -> None:
    words = ["paint", "a secret disc", "--painter", painter, "-n", 2, "-o"]
    calligram_command([*words, "plain", "--no-metadata"])
    calligram_command([*words, "private", "--private"])
    for path in Path("plain").iterdir():
        assert read_label(path.read_bytes()) is None
    for path in Path("private").iterdir():
        assert b"secret" not in path.read_bytes()
        assert read_label(path.read_bytes()) is not None


def test_the_loop_writes_the_best_image_and_keeps_the_rounds(
    calligram_command: Command, painter: str
) -> None:
    words = ["paint", WORDS, "--painter", painter, "--seed", 0, "-n", 2, "--refine", 4, "-o", "d.png"]
    code, out, err = calligram_command(words)
    assert (code, out) == (0, "d.png\n")
    assert "round 1: a dark picture of a red disc, no blue  (the brief's own words)" in err
    assert "missed: red (Main colour: " in err
    assert "the brief is met: image 1 of round 2 meets the brief" in err
    assert "met: dark (Light or dark: dark" in err
    assert "kept in d-rounds" in err
    label = label_in("d.png")
    assert (label.prompt, label.prompt_writer, label.avoid) == ("red disc, dark", "Calligram", "blue, bright")
    assert label_in("d-rounds/rounds/01/1.png").prompt == WORDS


def test_the_loop_says_what_still_misses(calligram_command: Command, tmp_path: Path) -> None:
    painter = make_painter(tmp_path / "other", [{"paint": "red.png"}])
    words = ["paint", WORDS, "--painter", painter, "--seed", 0, "--refine", 2, "-o", "out", "--json"]
    told = json.loads(calligram_command(words).out)
    assert (told["reached"], told["file"], len(told["rounds"])) == (False, "out/best.png", 2)
    assert told["missing"] == [found["says"] for found in told["best"]["found"] if not found["met"]]
    assert told["missing"][0].startswith("missed: dark (")
    assert told["spent"]["images"] == 2


def test_a_brief_in_a_file_and_a_model_for_the_words(
    calligram_command: Command, painter: str, tmp_path: Path
) -> None:
    Path("brief.toml").write_text(
        'words = "something scarlet"\n[[wishes]]\nkind = "colour"\nvalue = "red"\n', encoding="utf-8"
    )
    model = make_model(
        tmp_path / "m.json", {"wishes": []}, {"words": "red disc", "avoid": "", "why": "plain words"}
    )
    words = [
        "paint",
        "--brief",
        "brief.toml",
        "--painter",
        painter,
        "--refine",
        2,
        "--model",
        model,
        "-o",
        "d.png",
    ]
    code, _, err = calligram_command(words)
    assert code == 0
    assert "round 2: red disc  (plain words)" in err
    assert label_in("d.png").prompt_writer == model


def test_a_model_reads_what_images_show(calligram_command: Command, painter: str, tmp_path: Path) -> None:
    Path("brief.toml").write_text(
        'words = "a red lighthouse"\n[[wishes]]\nkind = "subject"\nvalue = "lighthouse"\n', encoding="utf-8"
    )
    model = make_model(
        tmp_path / "m.json",
        {"shows": "none of these", "sure": 0.7},
        {"shows": "lighthouse", "sure": 0.9},
    )
    words = [
        "paint",
        "--brief",
        "brief.toml",
        "--painter",
        painter,
        "--refine",
        3,
        "--looks",
        model,
        "--json",
    ]
    told = json.loads(calligram_command(words).out)
    assert (told["reached"], told["best"]["round"], told["spent"]["requests"]) == (True, 2, 2)
    first = told["rounds"][0]["images"][0]["found"][0]["says"]
    assert first == "missed: lighthouse (it is read as nothing it knows (0.70))"


def test_the_painters_are_listed_with_what_they_need(calligram_command: Command) -> None:
    code, out, _ = calligram_command(["paint", "--list"])
    assert code == 0
    assert "scripted:FILE\n    A painter that shows the images" in out
    told = [json.loads(line) for line in calligram_command(["paint", "--list", "--json"]).out.splitlines()]
    assert [entry["name"] for entry in told] == registry.members("painters")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["a disc", "--painter", "nobody"], "there is no 'nobody' among the painters: choose one of "),
        ([], "there are no words to paint from"),
        (["a disc", "-n", "0"], "number is 0"),
        (["a disc", "--width", "-3"], "width is -3"),
        (["a disc", "--brief", "b.toml"], "add --refine 3"),
        (["--brief", "none.toml", "--refine", "2"], "'none.toml' cannot be read"),
        (["a disc", "--brief", "none.toml", "--refine", "2"], "write the words into the brief"),
        (["--refine", "2"], "no words to paint from"),
        (["a disc", "--refine", "2"], "nothing that 'a disc' wishes can be checked"),
        (["a red disc", "--refine", "2", "--model", "builtin"], "does not follow instructions"),
        (["a red disc", "--refine", "2", "--model", "nobody"], "no 'nobody' among the models"),
        (["a red disc", "--refine", "2", "--most-images", "0"], "most_images is 0"),
        (["a disc", "-o", "d.xyz"], "'d.xyz' ends in '.xyz'"),
        (["a disc", "-o", "file/d.png"], "cannot be written"),
        (["a disc", "-o", "file/folder"], "cannot be made"),
    ],
)
def test_bad_input_gives_one_sentence_and_exit_code_2(
    calligram_command: Command, painter: str, words: list[str], told: str
) -> None:
    Path("file").write_text("", encoding="utf-8")
    given = words if "--painter" in words else [*words, "--painter", painter]
    before = set(Path().rglob("*"))
    code, out, err = calligram_command(["paint", *given])
    assert (code, out) == (2, "")
    assert told in err
    assert err.startswith("calligram: ")
    assert len(err.splitlines()) == 1
    assert not [path for path in set(Path().rglob("*")) - before if path.suffix in (".png", ".part")]


def test_a_model_that_never_answers_as_asked_gives_one_sentence(
    calligram_command: Command, painter: str, tmp_path: Path
) -> None:
    model = make_model(tmp_path / "m.json", "I would rather not")
    words = ["paint", WORDS, "--painter", painter, "--refine", 2, "--model", model, "-q"]
    code, out, err = calligram_command(words)
    assert (code, out) == (2, "")
    assert "gave no answer that could be used in 3 tries" in err


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into any folder; CI runs this as a user")
def test_a_read_only_folder_is_told(calligram_command: Command, painter: str) -> None:
    Path("locked").mkdir(mode=0o500)
    for more in ([], ["--refine", 2]):
        code, _, err = calligram_command(["paint", WORDS, "--painter", painter, "-o", "locked/d.png", *more])
        assert code == 2
        assert "Permission denied" in err


def test_a_full_disk_is_told_and_leaves_nothing_half_written(painter: str, tmp_path: Path) -> None:
    words = ["paint", WORDS, "--painter", painter, "--refine", "4", "-n", "4", "-o", "d.png", "-q"]
    run_on_full_disk(words, tmp_path)
    assert not list(tmp_path.rglob("*.part"))
    assert not (tmp_path / "d.png").exists()
    lines = (tmp_path / "d-rounds/journal.jsonl").read_bytes().splitlines(keepends=True)
    assert all(line.endswith(b"\n") and json.loads(line) for line in lines)


def test_a_run_killed_and_gone_on_with_loses_and_doubles_nothing(
    calligram_command: Command, tmp_path: Path
) -> None:
    slow = make_painter(tmp_path / "slow", [{"paint": ["blue.png", "deep.png", "red.png"]}], 0.1)
    words = ["paint", WORDS, "--painter", slow, "--seed", "5", "-n", "3", "--refine", "4", "-q", "-o"]
    code = f"from calligram.cli.main import run; run({[*words, 'out']})"
    run = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    journal = tmp_path / "out/journal.jsonl"
    for _ in range(4000):
        if journal.exists() and journal.read_bytes().count(b'{"image"') > 3:
            break
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    done = journal.read_bytes().count(b'{"image"')
    assert 3 < done < 12
    with journal.open("ab") as stream:
        stream.write(b'{"image": {"round": 2, "half')
    assert calligram_command([*words, "out"]).code == 0
    assert calligram_command([*words, "whole"]).code == 0
    one, other = (json.loads((tmp_path / name / "result.json").read_text()) for name in ("out", "whole"))
    assert one["rounds"] == other["rounds"]
    assert one["spent"]["images"] == other["spent"]["images"] == 12
    assert journal.read_bytes().count(b'{"image"') == 12
    assert (tmp_path / "out/best.png").read_bytes() == (tmp_path / "whole/best.png").read_bytes()
