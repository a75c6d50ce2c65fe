"""``calligram export-task``: what it writes, says and refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

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


def test_images_that_cannot_be_read_stop_the_export_or_are_left_out(
    calligram_command: Command, tmp_path: Path
) -> None:
    for place in range(3):
        (tmp_path / "photos" / str(place)).mkdir(parents=True)
        Image.new("L", (28, 28), 90).save(tmp_path / "photos" / str(place) / "one.png")
    (tmp_path / "photos" / "1" / "one.png").write_bytes(b"spoilt")
    words: list[object] = ["export-task", "lm-eval", "folder:photos", "--split", "all", "-o", "task"]
    code, _, err = calligram_command(words)
    assert code == 2
    assert "1 of 3 images" in err
    code, out, _ = calligram_command([*words, "--bad-images", "skip"])
    assert code == 0
    assert "2 pictures" in out
    assert "1 left out that cannot be read" in out
    assert "--bad-images skip" in (tmp_path / "task" / "README.md").read_text(encoding="utf-8")
