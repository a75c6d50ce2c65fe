"""``calligram describe``: an opening gone on with in the reference's form, images, and what cannot be."""

import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler, running

Call = Callable[[Sequence[str]], Any]
OPENING = "An abstract painting with"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a script, two images, and a cache of its own; the hub is not asked."""
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    says = [" red strokes.", " a boat\nat sea.", " blue."]
    told = [{"when": f"^{OPENING}", "say": says}, {"say": " a boat on a river."}]
    (tmp_path / "says.json").write_text(json.dumps(told), encoding="utf-8")
    (tmp_path / "images").mkdir()
    for number in range(2):
        coarse = np.random.default_rng(number).integers(0, 256, (5, 6, 3), dtype=np.uint8)
        image = Image.fromarray(coarse.repeat(16, axis=0).repeat(16, axis=1))
        image.save(tmp_path / "images" / f"{number}.png")
    return tmp_path


WRITER = "scripted:says.json?talks=no"


def test_an_opening_is_gone_on_with_in_the_references_form(home: Path, calligram_command: Call) -> None:
    done = calligram_command(["describe", OPENING, "--model", WRITER, "-n", "3", "--quiet"])
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"Generated Description 1: {OPENING} red strokes.\n"
        f"Generated Description 2: {OPENING} a boat\nat sea.\n"
        f"Generated Description 3: {OPENING} blue.\n"
    )


def test_what_is_known_of_the_texts_stands_below_them(home: Path, calligram_command: Call) -> None:
    (home / "corpus.txt").write_text("He used red strokes.", encoding="utf-8")
    asked = ["describe", OPENING, "--model", WRITER, "--seed", "4"]
    plain = calligram_command(asked)
    assert "    seed 4, the model does not tell how likely it is\n" in plain.out
    assert "no corpus was named to compare with" in plain.out
    assert "self-bleu" in plain.out
    compared = calligram_command([*asked, "--corpus", "corpus.txt"])
    assert "longest stretch in the corpus: 2 words: “red strokes”" in compared.out
    assert "nearest passage, similarity 0." in compared.out


def test_json_holds_the_whole_of_it(home: Path, calligram_command: Call) -> None:
    done = calligram_command(["describe", *OPENING.split(), "--model", WRITER, "-n", "2", "--json"])
    told = json.loads(done.out)
    assert [text["text"] for text in told["descriptions"]] == [
        f"{OPENING} red strokes.",
        f"{OPENING} a boat\nat sea.",
    ]
    assert told["opening"] == OPENING
    assert set(told["figures"]) == {"distinct_1", "distinct_2", "distinct_3", "self_bleu"}


def test_the_model_that_was_chosen_is_told_with_the_reason(
    home: Path, calligram_command: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("huggingface_hub", reason="GPT-2 needs the extra hf")
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "hub"))
    done = calligram_command(["describe", OPENING, "-n", "1", "--max-length", "20", "--seed", "1"])
    assert done.code == 0
    assert done.err.startswith("calligram: writing with builtin:writer: gpt2 is not in the cache of the hub")
    assert done.out.startswith(f"Generated Description 1: {OPENING} ")


def test_a_folder_is_described_image_by_image(home: Path, calligram_command: Call) -> None:
    done = calligram_command(["describe", "images", "--model", WRITER, "--json"])
    assert done.code == 0
    told = [json.loads(line) for line in done.out.splitlines()]
    assert [each["file"] for each in told] == [str(Path("images") / f"{number}.png") for number in range(2)]
    assert all(each["description"] for each in told)


def test_several_descriptions_of_an_image_differ_by_seed(home: Path, calligram_command: Call) -> None:
    asked = ["describe", "images/0.png", "--model", WRITER, "--json", "-n", "3", "--seed", "5"]
    told = [json.loads(line) for line in calligram_command(asked).out.splitlines()]
    assert [each["seed"] for each in told] == [5, 6, 7]
    assert len({each["description"] for each in told}) == 3


def test_a_bad_image_stops_no_other(home: Path, calligram_command: Call) -> None:
    (home / "images" / "0a.png").write_bytes(b"no image")
    done = calligram_command(["describe", "images", "nowhere.png", "--model", WRITER, "--json"])
    told = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 1
    assert ["fault" in each for each in told] == [False, True, False, True]
    assert done.err.count("calligram: ") == 2
    assert calligram_command(["describe", "images/0a.png", "--model", WRITER]).code == 2


def test_an_empty_standard_input_stops_no_other(
    home: Path, calligram_command: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    done = calligram_command(["describe", "-", "images/0.png", "--model", WRITER, "--json"])
    told = [json.loads(line) for line in done.out.splitlines()]
    assert (done.code, ["fault" in each for each in told]) == (1, [True, False])


def test_a_name_that_looks_like_a_file_is_not_taken_for_words(home: Path, calligram_command: Call) -> None:
    done = calligram_command(["describe", "painting.jpg", "--model", WRITER])
    assert done.code == 2
    assert "there is no file 'painting.jpg'" in done.err
    assert "--text" in done.err
    (home / OPENING).mkdir()
    forced = calligram_command(["describe", OPENING, "--text", "--model", WRITER, "-n", "1", "-q"])
    assert forced.out == f"Generated Description 1: {OPENING} red strokes.\n"
    assert calligram_command(["describe", "A river", "--image", "--model", WRITER]).code == 2
    assert calligram_command(["describe", "A river", "--image", "--text", "--model", WRITER]).code == 2


def test_a_model_that_cannot_write_is_told_in_one_sentence(
    home: Path, calligram_command: Call, tiny_model: str
) -> None:
    done = calligram_command(["describe", OPENING, "--model", tiny_model])
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "does not go on with texts" in done.err


def answer(body: dict[str, Any]) -> str:
    """Go on with a text; describe a picture as asked."""
    if "Go on with the text" in str(body["messages"][0]["content"]):
        return f"{OPENING} red strokes."
    sentence = {"text": "Its contrast is what was measured.", "facts": ["contrast"], "regions": ["A1"]}
    return f"Here it is:\n```json\n{json.dumps({'sentences': [sentence]})}\n```"


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_both_work_with_models_behind_endpoints(home: Path, calligram_command: Call, kind: str) -> None:
    pytest.importorskip(kind, reason="endpoints need the extra endpoints")
    handler = {"openai": OpenAIHandler, "anthropic": AnthropicHandler}[kind]
    with running(Endpoint(answer), handler) as served:
        asked = ["--model", f"{kind}:any?images=yes&retries=0", "--base-url", served.base_url, "--json"]
        words = calligram_command(["describe", OPENING, *asked, "-n", "2"])
        assert words.code == 0, words.err
        told = json.loads(words.out)
        assert [text["text"] for text in told["descriptions"]] == [f"{OPENING} red strokes."] * 2
        image = calligram_command(["describe", "images/0.png", *asked, "--image-too"])
        assert image.code == 0, image.err
        (sentence,) = json.loads(image.out)["sentences"]
        assert (sentence["facts"], sentence["regions"]) == (["contrast"], ["A1"])
        shown = [part["type"] for part in served.asked[-1]["messages"][0]["content"]]
        assert shown == ["image_url" if kind == "openai" else "image", "text"]


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_an_endpoint_that_fails_ends_the_batch_with_one_sentence(
    home: Path, calligram_command: Call, kind: str
) -> None:
    pytest.importorskip(kind, reason="endpoints need the extra endpoints")
    asked = ["--model", f"{kind}:any?retries=0", "--base-url", "http://127.0.0.1:9"]
    done = calligram_command(["describe", "images", *asked])
    assert (done.code, done.out, done.err.count("calligram: ")) == (2, "", 1)
    assert "cannot be reached" in done.err
