"""``calligram see``."""

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
    pixels = np.full((60, 60), 240, np.uint8)
    pixels[10:50, 25:33] = 30
    Image.fromarray(pixels).save(tmp_path / "one.png")
    return tmp_path / "one.png"


def test_a_line_tells_file_and_answer(png: Path, tiny_model: str, calligram_command: Command) -> None:
    code, out, err = calligram_command(["see", png, "--model", tiny_model])
    assert (code, err) == (0, "")
    assert out.startswith(f"{png}: ")
    assert out.count("\n") == 1


def test_json_holds_what_others_script_against(
    png: Path, tiny_model: str, calligram_command: Command
) -> None:
    code, out, _ = calligram_command(
        ["see", png, png, "--json", "--model", tiny_model, "--ask", "which digit"]
    )
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(lines) == 2
    told = lines[0]
    assert list(told) == ["file", "answer", "confidence", "candidates", "familiarity", "abstained"]
    assert told["file"] == str(png)
    assert told["abstained"] == (told["answer"] is None)
    assert 0 <= told["confidence"] <= 1
    assert {"answer", "confidence"} == set(told["candidates"][0])


def test_one_bad_file_gives_code_1_and_the_others_are_read(
    png: Path, tmp_path: Path, tiny_model: str, calligram_command: Command
) -> None:
    (tmp_path / "bad.png").write_bytes(b"no image")
    code, out, err = calligram_command(["see", "bad.png", png, "--json", "--model", tiny_model])
    assert code == 1
    bad, good = map(json.loads, out.splitlines())
    assert good["file"] == str(png)
    assert (bad["file"], bad["answer"]) == ("bad.png", None)
    assert "'bad.png' is no image" in bad["fault"]
    assert err.startswith("calligram: 'bad.png' is no image")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere.png"], "there is no file 'nowhere.png'"),
        (["one.png", "--ask", "Is it a cat?"], "was not taught the question 'Is it a cat?'"),
        (["one.png", "--layout", "coarse"], "there is no layout 'coarse'"),
        (["one.png", "--framing", "round"], "framing"),
        ([], "missing argument"),
    ],
)
def test_bad_input_gives_one_sentence_and_code_2(
    words: list[object], sentence: str, png: Path, tiny_model: str, calligram_command: Command
) -> None:
    code, out, err = calligram_command(["see", *words, "--model", tiny_model])
    assert (code, out) == (2, "")
    assert err.startswith("calligram: ")
    assert sentence in err
    assert err.count("\n") == 1


def test_quiet_prints_the_answer_alone(png: Path, tiny_model: str, calligram_command: Command) -> None:
    _, out, _ = calligram_command(["see", png, "-q", "--model", tiny_model])
    assert ":" not in out
    assert out.count("\n") == 1


def test_why_prints_a_second_map_where_there_is_no_colour(
    png: Path, tiny_model: str, calligram_command: Command
) -> None:
    _, out, _ = calligram_command(["see", png, "--why", "--model", tiny_model])
    assert out.count("\n") == 15
    assert "@@@@" in out
    assert "\033" not in out


def test_why_stands_in_json_too(png: Path, tiny_model: str, calligram_command: Command) -> None:
    _, out, _ = calligram_command(["see", png, "--why", "--json", "--model", tiny_model])
    assert np.array(json.loads(out)["why"]).shape == (14, 28)


def test_a_drawing_can_be_piped_in(
    tiny_model: str, calligram_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, drawn, _ = calligram_command(["draw", "a two", "--seed", "1", "--model", tiny_model])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(drawn.encode())))
    code, out, _ = calligram_command(["see", "-", "--json", "--model", tiny_model])
    assert code == 0
    assert json.loads(out)["file"] == "-"


def test_the_command_reads_by_way_of_an_endpoint(
    png: Path, calligram_command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("openai", reason="endpoints need the extra endpoints")
    server = pytest.importorskip("tests.server.conftest", reason="serving needs the extra serve")
    from calligram.models.base import open_model

    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    words = ["see", png, "--json", "--ask", "What digit is this?", "--layout", "classic"]
    with server.running(open_model()) as port:
        address = f"http://127.0.0.1:{port}/v1"
        code, told, err = calligram_command([*words, "--model", "openai:builtin", "--base-url", address])
    assert (code, err) == (0, "")
    through, direct = json.loads(told), json.loads(calligram_command(words)[1])
    assert through["answer"] == direct["answer"] == "1"
    for name in ("confidence", "familiarity"):
        assert through[name] == pytest.approx(direct[name], abs=2e-6)


@pytest.mark.parametrize("quiet", [False, True])
def test_what_a_local_model_computes_on_is_told_once(
    quiet: bool, png: Path, calligram_command: Command, tmp_path: Path
) -> None:
    pytest.importorskip("transformers", reason="models of Hugging Face need the extra hf")
    from tests.models.hugging import make_gpt2

    spelled = f"hf:{make_gpt2(tmp_path / 'gpt2')}"
    words = ["see", png, png, "--model", spelled, "--layout", "classic", "--ask", "What digit is this?"]
    code, _, err = calligram_command([*words, *["--quiet"] * quiet])
    assert (code, err) == (0, "" if quiet else f"{spelled} computes on cpu in float32\n")
