"""Training on the command line, from nothing to a model that is evaluated and that draws."""

import json
from collections.abc import Callable

import pytest

pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("sklearn", reason="needs the extra train")
pytest.importorskip("onnx", reason="needs the extra train")

Command = Callable[[list[object]], tuple[int, str, str]]

TINY = ["--steps", "30", "--width", "32", "--layers", "1", "--batch-tokens", "1200"]


def test_a_model_is_trained_evaluated_and_draws(calligram_command: Command) -> None:
    code, out, err = calligram_command(["train", "nano", "digits:", *TINY, "-o", "toy"])
    assert code == 0
    assert out.startswith("The model is in toy.\n  digit classic: ")
    assert "images of the kind digit." in err
    code, out, _ = calligram_command(["evaluate", "builtin:toy", "digits:", "--limit", "20", "--json"])
    assert code == 0
    assert json.loads(out)["n"] == 20
    code, out, _ = calligram_command(
        ["draw", "the digit 3", "--model", "builtin:toy", "--seed", "1", "--json"]
    )
    assert code == 0
    assert json.loads(out)["rows"] == 11


def test_quiet_shows_no_progress(calligram_command: Command) -> None:
    words = ["train", "nano", "digits:", *TINY, "--steps", "1", "-q", "-o", "toy"]
    code, _, err = calligram_command(words)
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["digits:", "--rate", "7"], "rate is 7.0"),
        (["digits:", "--layouts", "coarse"], "there is no layout 'coarse'"),
        (["digits:", "--weights", "cat:1"], "weights names 'cat'"),
        (["digits:", "--width", "100"], "must be a multiple of 32"),
        (["nowhere:"], "no 'nowhere' among the sources"),
        (["folder:nowhere"], "nowhere"),
        ([], "missing argument"),
    ],
)
def test_bad_input_gives_one_sentence_and_code_2(
    words: list[object], sentence: str, calligram_command: Command
) -> None:
    code, out, err = calligram_command(["train", "nano", *words, "-o", "toy"])
    assert (code, out) == (2, "")
    assert err.startswith("calligram: ")
    assert sentence in err
    assert err.count("\n") == 1
