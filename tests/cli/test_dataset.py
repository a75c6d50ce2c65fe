"""``calligram dataset``: what a user types, sees and gets back as exit code."""

import functools
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.cli.main import run


@pytest.fixture(autouse=True)
def clean_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, level in (("dark", 20), ("light", 230)):
        (tmp_path / "shades" / name).mkdir(parents=True)
        for number in range(4):
            pixels = np.full((16, 16), level + number, np.uint8)
            pixels[number] = 128
            Image.fromarray(pixels).save(tmp_path / "shades" / name / f"{number}.png")
    return tmp_path / "shades"


BUILD = ["dataset", "build", "folder:shades", "--split", "all", "--workers", "1"]


def test_build_writes_the_file_and_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BUILD, "--format", "ascii-image", "-o", "out.json"]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0] == "wrote out.json"
    assert shown.err == ""
    assert len(json.loads(Path("out.json").read_text())) == 8


def test_build_prints_the_manifest_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BUILD, "-o", "out", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [str(Path("out") / "all.json")]
    assert told["splits"]["all"]["labels"] == {"dark": 4, "light": 4}


def test_build_takes_the_options_of_encoding(folder: Path) -> None:
    assert run([*BUILD, "-o", "out.json", "--width", "6", "--chars", " o", "--quiet"]) == 0
    entry = json.loads(Path("out.json").read_text())[-1]
    assert (entry["size"], entry["Response"]) == ("6", "light")
    assert "<row:1>oooooo</row:1>" in entry["ASCII_image"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["build", "folder:none", "-o", "out"], "none is no folder"),
        (["build", "cloud:x", "-o", "out"], "no 'cloud' among the sources"),
        (["build", "folder:shades?colour=red", "-o", "out"], "no option 'colour'"),
        (["build", "folder:shades", "--split", "dev", "-o", "out"], "the split is 'dev'"),
        (["build", "folder:shades", "--split", "all[9:1]", "-o", "out"], "is empty"),
        (["build", "folder:shades", "--split", "all", "--format", "yaml", "-o", "out"], "no 'yaml'"),
        (["build", "folder:shades", "--split", "all", "--task", "draw", "-o", "out"], "no requests to draw"),
        (["build", "folder:shades", "--split", "all", "--shard-size", "0", "-o", "out"], "shard_size is 0"),
        (["build", "folder:shades", "--split", "all", "--seed", "x", "-o", "out"], "--seed"),
        (["build", "folder:shades"], "-o"),
        (["build", "folder:shades", "--split", "all", "-o", "shades/dark/0.png"], "is a file"),
        (["check", "none.json"], "none.json cannot be read"),
        (["check", "shades/dark/0.png"], "no training file of a known format"),
        (["check", "shades", "--format", "yaml"], "no 'yaml'"),
        (["show", "none.json"], "none.json cannot be read"),
        (["show", "folder:none"], "none is no folder"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    before = sorted(Path().rglob("*"))
    assert run(["dataset", *words]) == 2
    shown = capsys.readouterr()
    assert told in shown.err
    assert shown.err.startswith("calligram: ")
    assert shown.err.count("\n") == 1
    assert sorted(Path().rglob("*")) == before


def test_an_unreadable_image_is_one_sentence_and_leaves_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "dark" / "1.png").write_bytes(b"no image")
    assert run([*BUILD, "-o", "out"]) == 2
    assert "the image dark/1.png cannot be used" in capsys.readouterr().err
    assert not Path("out").exists()


def test_check_tells_what_is_in_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run([*BUILD, "-o", "out.json", "-q"])
    assert run(["dataset", "check", "out.json"]) == 0
    shown = capsys.readouterr().out
    assert "out.json: ascii-image, 8 records, no faults" in shown
    assert "dark 4, light 4" in shown
    assert "the same bytes" in shown


def test_check_tells_line_and_field_and_exits_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("bad.jsonl").write_text('{"messages": 7}\n')
    assert run(["dataset", "check", "bad.jsonl"]) == 2
    assert "bad.jsonl, line 1, field messages: must be an array" in capsys.readouterr().err
    run([*BUILD, "-o", "good.json", "-q"])
    assert run(["dataset", "check", "good.json", "bad.jsonl", "-q"]) == 1


def test_check_repair_writes_a_strict_file_or_the_same_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run([*BUILD, "-o", "out.json", "-q"])
    found = Path("out.json").read_bytes().replace(b"}\n]", b"},\n]")
    Path("found.json").write_bytes(found)
    assert run(["dataset", "check", "found.json"]) == 2
    assert run(["dataset", "check", "found.json", "--repair", "-o", "mended.json"]) == 0
    assert run(["dataset", "check", "found.json", "--repair", "--as-found", "-o", "same.json"]) == 0
    assert "removed the comma after the last entry" in capsys.readouterr().out
    assert Path("mended.json").read_bytes() == Path("out.json").read_bytes()
    assert Path("same.json").read_bytes() == found


def test_check_prints_one_json_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run([*BUILD, "-o", "out.json", "-q"])
    assert run(["dataset", "check", "out.json", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["faults"] == 0
    assert told["files"][0]["labels"] == {"dark": 4, "light": 4}


def test_show_prints_examples_of_a_file_and_of_a_source(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run([*BUILD, "-o", "out.json", "-q"])
    assert run(["dataset", "show", "out.json", "-n", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == ["dark", ""]
    assert (
        run(["dataset", "show", "folder:shades", "--split", "all", "-n", "2", "--start", "4", "--json"]) == 0
    )
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["completion"] for line in lines] == ["light\n", "light\n"]


def test_an_interrupted_build_says_how_to_go_on(folder: Path) -> None:
    program = "import sys; from calligram.cli.main import run; sys.exit(run(sys.argv[1:]))"
    words = [*BUILD, "-o", "out.json", "--copies", "500", "--shard-size", "1"]
    command = [sys.executable, "-c", program, *words]
    # what runs in a shell's background is started deaf to interruptions
    hear = functools.partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hear
    ) as process:
        while process.poll() is None and not list(Path().glob(".out.json.shards/*.json")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert "goes on from the finished shards" in err
    assert not Path("out.json").exists()
    assert list(Path().glob(".out.json.shards/*.json"))
