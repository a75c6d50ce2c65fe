"""``calligram publish``: what it lists, writes, says and refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("huggingface_hub", reason="publishing needs the extra hf")
pytest.importorskip("sklearn", reason="the digits of scikit-learn need the extra train")

Command = Callable[[list[object]], tuple[int, str, str]]


@pytest.fixture
def built(calligram_command: Command) -> str:
    assert calligram_command(["dataset", "build", "digits:", "--limit", 5, "-o", "digits", "-q"])[0] == 0
    return "digits"


def test_a_dry_run_lists_the_files_and_shows_the_card(built: str, calligram_command: Command) -> None:
    code, out, err = calligram_command(["publish", built, "--to", "me/digits", "--dry-run"])
    assert (code, err) == (0, "")
    assert out.startswith("dataset for me/digits, licence cc-by-4.0, ")
    assert "  manifest.json " in out
    assert "license: cc-by-4.0\n" in out
    assert out.endswith("the checksum of every file.\n")


def test_a_folder_is_written_for_other_programs(
    built: str, calligram_command: Command, tmp_path: Path
) -> None:
    code, out, err = calligram_command(["publish", built, "--to-folder", "out", "--json"])
    assert (code, err) == (0, "")
    assert json.loads(out)["folder"] == "out"
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(json.loads(out)["files"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "one place is needed: --to ORG/NAME, or --to-folder FOLDER"),
        (["--to", "me/x", "--to-folder", "out"], "one place is needed"),
        (["--to", "x"], "to is 'x', but must be ORG/NAME"),
        (["--to", "me/x", "--licence", "free"], "licence is 'free'"),
        (["--to", "me/x", "--figures", "none.json"], "figures are of a model"),
    ],
)
def test_bad_input_gives_one_sentence_and_code_2(
    words: list[object], sentence: str, built: str, calligram_command: Command
) -> None:
    code, out, err = calligram_command(["publish", built, *words])
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
