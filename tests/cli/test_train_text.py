"""Teaching a language model on the command line."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("transformers", reason="needs the extra hf")
pytest.importorskip("accelerate", reason="needs the extra hf")

Command = Callable[[Sequence[object]], tuple[int, str, str]]
MakeModel = Callable[[str], Path]

FEW = ["--steps", "4", "--check-every", "2", "--batch", "4", "--samples", "1", "--valid-share", "0.3"]
FEW += ["--precision", "float32", "--device", "cpu"]


@pytest.fixture
def data(tmp_path: Path) -> str:
    """Write a training file of thirty small pictures."""
    lines = []
    for number in range(30):
        rows = [f"{number:05b}".replace("0", " ").replace("1", "█"), "▓▓ ▓▓"]
        picture = "".join(f"<row:{n}>{row}</row:{n}>\n" for n, row in enumerate(rows, start=1))
        lines.append({"prompt": f"{picture}What digit is this?\n", "completion": f"{number % 2}\n"})
    path = tmp_path / "train.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def test_a_model_is_taught_from_a_training_file(
    calligram_command: Command, data: str, language_model: MakeModel
) -> None:
    words = ["train", data, "--model", f"hf:{language_model('gpt2')}", "--method", "full", *FEW, "-o", "run"]
    code, out, err = calligram_command(words)
    assert (code, err) == (0, "Computing on the processor in float32.\n")
    assert out.startswith("The model is in run: calligram see --model hf:run picture.png\n  validation loss ")
    assert "of the answers right, at step" in out
    assert calligram_command(words) == (0, out, ""), "what is finished is told again"
    assert (Path("run") / "curve.png").exists()


def test_a_dry_run_tells_what_a_training_takes_and_writes_nothing(
    calligram_command: Command, data: str, language_model: MakeModel
) -> None:
    before = sorted(Path().rglob("*"))
    words = ["--model", f"hf:{language_model('llama')}", "--method", "lora", "--dry-run", *FEW]
    code, out, _ = calligram_command(["train", *words, data])
    assert code == 0
    lines = out.splitlines()
    assert lines[1].startswith("texts: ")
    assert "steps: 4" in lines
    assert any(line.startswith("memory: ") and " at most while steps were made" in line for line in lines)
    assert any(line.startswith("time: ") and line.endswith(" in all") for line in lines)
    weights = next(line for line in lines if line.startswith("weights: "))
    assert 0 < float(weights.rpartition("(")[2].partition("%")[0]) < 50
    assert "What digit is this?\n<|end|><|assistant|>⟦" in out
    assert out.endswith("\n<|end|>⟧\n")
    assert sorted(Path().rglob("*")) == before


def test_quiet_says_nothing_but_the_end(
    calligram_command: Command, data: str, language_model: MakeModel
) -> None:
    words = ["train", "text", data, "-m", f"hf:{language_model('gpt2')}", *FEW, "-q", "-o", "run"]
    code, out, err = calligram_command(words)
    assert (code, err) == (0, "")
    assert out.count("\n") == 2


def test_the_help_tells_of_both_ways_to_train(calligram_command: Command) -> None:
    code, out, _ = calligram_command(["train", "--help"])
    assert code == 0
    assert "nano" in out
    assert "DATASET --model hf:" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere.jsonl", "--model", "hf:x"], "there is no file or folder 'nowhere.jsonl'"),
        (["DATA", "--model", "gpt2"], "give hf:FOLDER or hf:ORG/NAME"),
        (["DATA", "--model", "hf:no/such/folder"], "no tokenizer can be loaded from 'no/such/folder'"),
        (["DATA", "--model", "hf:x", "--method", "half"], "invalid value for '--method'"),
        (["DATA"], "missing option '--model' / '-m': see 'calligram train text --help'"),
        (["--model", "hf:x"], "missing argument"),
    ],
)
def test_bad_input_gives_one_sentence_and_code_2(
    words: list[str], sentence: str, calligram_command: Command, data: str
) -> None:
    code, out, err = calligram_command(["train", *[data if word == "DATA" else word for word in words]])
    assert (code, out) == (2, "")
    assert err.startswith("calligram: ")
    assert sentence in err
    assert err.count("\n") == 1
    assert not Path("my-model").exists()


def test_tensorboard_is_asked_for_where_it_is_missing(calligram_command: Command, data: str) -> None:
    try:
        import tensorboard  # type: ignore[import-not-found, unused-ignore]  # noqa: F401
    except ImportError:
        code, _, err = calligram_command(["train", data, "--model", "hf:x", "--tensorboard"])
        assert code == 2
        assert "run pip install tensorboard" in err
    else:
        pytest.skip("tensorboard is installed")
