"""``calligram keys``."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("cryptography", reason="keys need the extra provenance")

Command = Callable[[Sequence[object]], Any]


def test_new_keys_tell_name_end_and_fingerprints(calligram_command: Command, tmp_path: Path) -> None:
    code, out, err = calligram_command(["keys", "new", "keys", "--name", "Ada Lovelace", "--days", "30"])
    assert (code, err) == (0, "")
    assert "name: Ada Lovelace\nfolder: keys\n" in out
    assert len(re.findall(r"SHA-256: (?:[0-9A-F]{2}:){31}[0-9A-F]{2}", out)) == 2
    assert calligram_command(["keys", "show", "keys"]) == (0, out, "")


def test_the_usual_folder_is_that_of_the_environment(
    calligram_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLIGRAM_KEYS", str(tmp_path / "mine"))
    assert calligram_command(["keys", "new"]).code == 0
    assert "name: a user of Calligram" in calligram_command(["keys", "show"]).out
    assert (tmp_path / "mine" / "leaf.key").is_file()


def test_new_keys_take_the_place_of_none(calligram_command: Command, tmp_path: Path) -> None:
    calligram_command(["keys", "new", "keys"])
    before = (tmp_path / "keys" / "leaf.key").read_bytes()
    code, out, err = calligram_command(["keys", "new", "keys"])
    assert (code, out) == (2, "")
    assert err == (
        "calligram: 'keys' is there already: keys are never overwritten, since what they signed could no "
        "longer be checked, so name a new folder\n"
    )
    assert (tmp_path / "keys" / "leaf.key").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["keys", "show"], "there are no keys in"),
        (["keys", "new", "keys", "--days", "0"], "days is 0, but must be from 1 to 7300"),
        (["keys", "new", "keys", "--name", ""], "the name '' cannot stand in a certificate"),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], told: str, calligram_command: Command) -> None:
    code, out, err = calligram_command(words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert told in err
