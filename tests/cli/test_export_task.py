"""``calligram export-task``: what it writes, says and refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[[list[object]], tuple[int, str, str]]


def test_a_folder_is_written_and_told_of(calligram_command: Command, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="the digits of scikit-learn need the extra train")
    code, out, err = calligram_command(["export-task", "lm-eval", "digits:", "--limit", 3, "-o", "task"])
    assert (code, err) == (0, "")
    assert out.startswith("wrote task: 3 pictures, task calligram_digit_classic\n")
    assert (tmp_path / "task" / "calligram_digit_classic.yaml").is_file()


def test_json_tells_what_was_written(calligram_command: Command) -> None:
    pytest.importorskip("sklearn", reason="the digits of scikit-learn need the extra train")
    words = ["export-task", "inspect", "digits:", "--limit", 2, "--name", "mine", "-o", "task", "--json"]
    code, out, _ = calligram_command(words)
    told = json.loads(out)
    assert code == 0
    assert (told["task"], told["n"]) == ("mine", 2)
    assert told["files"] == ["README.md", "task.json", "task.py", "pictures.jsonl"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["helm", "digits:"], "there is no harness 'helm': choose one of inspect, lm-eval"),
        (["lm-eval", "nowhere:"], "there is no 'nowhere' among the sources"),
        (["lm-eval", "digits:", "--layout", "coarse"], "there is no layout 'coarse'"),
        (["lm-eval", "digits:", "--limit", "-1"], "limit is -1, but must be at least 0"),
    ],
)
def test_bad_input_gives_one_sentence_and_code_2(
    words: list[object], sentence: str, calligram_command: Command, tmp_path: Path
) -> None:
    code, out, err = calligram_command(["export-task", *words, "-o", "task"])
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert not (tmp_path / "task").exists()
