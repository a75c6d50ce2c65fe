"""``calligram draw``."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from calligram.picture import decode

Command = Callable[[list[object]], tuple[int, str, str]]


def test_in_a_pipe_the_text_picture_alone_is_printed(tiny_model: str, calligram_command: Command) -> None:
    code, out, err = calligram_command(
        ["draw", "the digit 5", "--seed", "1", "--tries", "1", "--model", tiny_model]
    )
    assert code == 0
    assert decode(out).levels.shape == (11, 20)
    assert "seed 1" in err


def test_quiet_says_nothing_more(tiny_model: str, calligram_command: Command) -> None:
    _, _, err = calligram_command(["draw", "the digit 5", "-q", "--model", tiny_model])
    assert err == ""


def test_json_holds_what_others_script_against(tiny_model: str, calligram_command: Command) -> None:
    words = [
        "draw",
        "the digit 5",
        "-n",
        "3",
        "--seed",
        "4",
        "--no-until-read",
        "--json",
        "--model",
        tiny_model,
    ]
    code, out, _ = calligram_command(words)
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [line["seed"] for line in lines] == [4, 5, 6]
    for line in lines:
        assert {"request", "text", "rows", "columns", "read_as", "seed"} <= set(line)
        assert decode(line["text"]).levels.shape == (line["rows"], line["columns"])
    assert calligram_command(words)[1] == out


def test_several_drawings_become_a_contact_sheet(
    tiny_model: str, calligram_command: Command, tmp_path: Path
) -> None:
    code, _, err = calligram_command(["draw", "a bag", "-n", "4", "-o", "bags.png", "--model", tiny_model])
    assert code == 0
    assert "written to bags.png" in err
    with Image.open(tmp_path / "bags.png") as sheet:
        assert sheet.width > 300


def test_a_half_drawn_picture_is_completed(
    tiny_model: str, calligram_command: Command, tmp_path: Path
) -> None:
    half = "".join(f"<row:{row}>{'█▓' * 10}</row:{row}>\n" for row in range(1, 5))
    (tmp_path / "half.txt").write_text(half, encoding="utf-8")
    code, out, _ = calligram_command(["draw", "a three", "--complete", "half.txt", "--model", tiny_model])
    assert code == 0
    assert out.startswith(half)
    assert decode(out).rows == 11


def test_a_start_of_another_layout_than_the_one_asked_for_is_refused(
    tiny_model: str, calligram_command: Command, tmp_path: Path
) -> None:
    (tmp_path / "half.txt").write_text(f"<row:1>{'█▓' * 10}</row:1>\n", encoding="utf-8")
    words = ["draw", "a three", "--complete", "half.txt", "--layout", "fine", "--model", tiny_model]
    code, out, err = calligram_command(words)
    assert (code, out) == (2, "")
    assert "does not fit the layout fine" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["a cat"], "not taught to draw 'a cat'"),
        (["a two", "--temperature", "-1"], "temperature is -1.0"),
        (["a two", "--layout", "coarse"], "there is no layout 'coarse'"),
        (["a two", "-o", "two.doc"], "two.doc"),
        (["a two", "--complete", "nowhere.txt"], "there is no file 'nowhere.txt'"),
        (["a two", "-n", "0"], "invalid value"),
    ],
)
def test_bad_input_gives_one_sentence_and_code_2(
    words: list[object], sentence: str, tiny_model: str, calligram_command: Command, tmp_path: Path
) -> None:
    code, out, err = calligram_command(["draw", *words, "--model", tiny_model])
    assert (code, out) == (2, "")
    assert err.startswith("calligram: ")
    assert sentence in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_command_draws_by_way_of_an_endpoint(
    calligram_command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("openai", reason="endpoints need the extra endpoints")
    server = pytest.importorskip("tests.server.conftest", reason="serving needs the extra serve")
    from calligram.models.base import open_model

    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    words = ["draw", "the digit 5", "--seed", "1", "--no-until-read", "--json"]
    with server.running(open_model()) as port:
        address = f"http://127.0.0.1:{port}/v1"
        more = ["--model", "openai:builtin", "--base-url", address]
        code, told, err = calligram_command([*words, *more])
    assert (code, err) == (0, "")
    assert json.loads(told)["text"] == json.loads(calligram_command(words)[1])["text"]


@pytest.mark.parametrize("quiet", [False, True])
def test_what_a_local_model_computes_on_is_told_once(
    quiet: bool, calligram_command: Command, tmp_path: Path
) -> None:
    pytest.importorskip("transformers", reason="models of Hugging Face need the extra hf")
    from tests.models.hugging import make_gpt2

    spelled = f"hf:{make_gpt2(tmp_path / 'gpt2')}"
    words = ["draw", "the digit 5", "-n", "2", "--json", "--no-check", "--model", spelled]
    code, _, err = calligram_command([*words, *["--quiet"] * quiet])
    assert (code, err) == (0, "" if quiet else f"{spelled} computes on cpu in float32\n")
