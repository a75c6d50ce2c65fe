"""``calligram sign``, and how ``calligram provenance`` tells of what it signed."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("c2pa", reason="content credentials need the extra provenance")

from PIL import Image

from calligram.provenance import Label, write_image
from calligram.provenance.reading import read_label

Command = Callable[[Sequence[object]], Any]


@pytest.fixture
def cat(tmp_path: Path, calligram_command: Command, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a labelled image, beside keys in the usual folder."""
    monkeypatch.setenv("CALLIGRAM_KEYS", str(tmp_path / "keys"))
    assert calligram_command(["keys", "new", "--name", "Ada Lovelace"]).code == 0
    write_image(tmp_path / "cat.png", Image.new("RGB", (8, 8), "red"), Label("drawn", prompt="a red cat"))
    return tmp_path / "cat.png"


def test_a_signed_image_verifies(cat: Path, calligram_command: Command) -> None:
    code, out, err = calligram_command(["sign", "cat.png"])
    assert (code, out, err) == (0, "signed by 'Ada Lovelace', written to cat.png\n", "")
    code, out, _ = calligram_command(["provenance", "verify", "cat.png"])
    assert code == 0
    assert "valid: nothing was changed since 'Ada Lovelace' signed it" in out


def test_no_training_stands_in_label_and_credentials(cat: Path, calligram_command: Command) -> None:
    assert calligram_command(["sign", "cat.png", "-o", "signed.png", "--no-training"]).code == 0
    label = read_label((cat.parent / "signed.png").read_bytes())
    assert label is not None
    assert label.mining == "DMI-PROHIBITED-AIMLTRAINING"
    told = json.loads(calligram_command(["provenance", "verify", "signed.png", "--json"]).out)
    assert told["credentials"]["claims"]["mining"] == {
        "cawg.ai_generative_training": "notAllowed",
        "cawg.ai_training": "notAllowed",
    }


def test_a_changed_image_says_what_does_not_fit_with_code_1(cat: Path, calligram_command: Command) -> None:
    calligram_command(["sign", "cat.png"])
    cat.write_bytes(cat.read_bytes().replace(b"calligram:Made>drawn", b"calligram:Made>drown"))
    code, out, _ = calligram_command(["provenance", "verify", "cat.png"])
    assert code == 1
    assert "something was changed after 'Ada Lovelace' signed it" in out
    assert "assertion.dataHash.mismatch" in out


def test_a_stranger_is_told_the_root_is_unknown_and_can_trust_it(
    cat: Path, calligram_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    calligram_command(["sign", "cat.png"])
    root = Path(os.environ["CALLIGRAM_KEYS"]) / "root.pem"
    monkeypatch.delenv("CALLIGRAM_KEYS")
    code, out, _ = calligram_command(["provenance", "verify", "cat.png"])
    assert code == 1
    assert "the root of the signer is unknown here" in out
    assert calligram_command(["provenance", "verify", "cat.png", "--trust", root]).code == 0


def test_stripping_takes_the_credentials_away_and_labelling_does_not(
    cat: Path, calligram_command: Command
) -> None:
    calligram_command(["sign", "cat.png"])
    assert "C2PA" in calligram_command(["provenance", "strip", "cat.png", "-o", "bare.png"]).out
    code, out, _ = calligram_command(["provenance", "verify", "bare.png"])
    assert code == 1
    assert "no content credentials" in out
    before = cat.read_bytes()
    write_image(cat, before, Label("edited"))
    assert cat.read_bytes() == before


def test_what_was_signed_before_is_told(cat: Path, calligram_command: Command) -> None:
    calligram_command(["sign", "cat.png"])
    code, _, err = calligram_command(["sign", "cat.png"])
    assert code == 0
    assert err.startswith("it was signed already, and is the parent of what is signed now (valid:")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["none.png"], "there is no file 'none.png'"),
        (["cat.png", "-o", "cat.jpg"], "signing converts nothing"),
        (["cat.png", "--keys", "none"], "there are no keys in 'none'"),
        (["cat.png", "--mining", "never"], "mining is 'never', but must be one of"),
        (["cat.png", "--no-training", "--mining", "DMI-ALLOWED"], "say different things: give one"),
        (["cat.png", "--timestamp", "http://127.0.0.1:9/"], "the server of time stamps"),
        (["text.png"], "of no format that holds content credentials"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(
    words: list[str], told: str, cat: Path, calligram_command: Command
) -> None:
    (cat.parent / "text.png").write_text("no image")
    before = {path: path.read_bytes() for path in cat.parent.iterdir() if path.is_file()}
    code, out, err = calligram_command(["sign", *words])
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert told in err
    assert {path: path.read_bytes() for path in cat.parent.iterdir() if path.is_file()} == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_one_sentence(cat: Path, calligram_command: Command) -> None:
    (cat.parent / "closed").mkdir(mode=0o500)
    code, _, err = calligram_command(["sign", "cat.png", "-o", "closed/cat.png"])
    assert (code, err.count("\n")) == (2, 1)
    assert "cannot be written" in err
