"""``calligram evaluate`` with language models and with several, and faults before and between them."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from calligram.evaluation.examples import load_grids
from calligram.picture import get_layout, spell_batch

Command = Callable[[Sequence[str]], Any]
ASKED = ("digits:", "--limit", "10", "--layout", "classic", "--quiet")
ALWAYS = [{"say": "7", "shares": {"7": 0.75, "1": 0.25}}]
PLAIN = [{"say": "It is the digit 7."}]


@pytest.fixture
def home(tmp_path: Path, calligram_command: Command) -> Path:
    """Return the folder in which the command runs, with three scripts in it."""
    for name, script in (("always", ALWAYS), ("plain", PLAIN), ("mute", [])):
        (tmp_path / f"{name}.json").write_text(json.dumps(script), encoding="utf-8")
    return tmp_path


def spoil_some(home: Path, count: int = 3) -> str:
    """Return a source of 24 images of digits, the first ``count`` of which cannot be read."""
    rng = np.random.default_rng(0)
    for place in range(24):
        path = home / "photos" / "17"[place % 2] / f"{place:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (28, 28), dtype=np.uint8)).save(path)
        if place < count:
            path.write_bytes(b"spoilt")
    return "folder:photos?kind=digit"


def test_a_local_hugging_face_model_is_measured(home: Path, calligram_command: Command) -> None:
    transformers = pytest.importorskip("transformers", reason="needs the extra hf")
    transformers.utils.logging.disable_progress_bar()
    from tests.models.hugging import make_gpt2

    make_gpt2(home / "gpt2")
    done = calligram_command(["evaluate", "hf:gpt2", *ASKED, "--json"])
    assert (done.code, done.err) == (0, "")
    figures = json.loads(done.out)
    assert (figures["model"], figures["n"]) == ("hf:gpt2", 10)
    assert figures["reading"]["calibration"]["ece"] is not None
    assert figures["run"]["options"]["batch"] == 20
    assert figures["run"]["model_options"]["dtype"] == "auto"
    assert len(figures["run"]["weights"]) == 32
    fewer = json.loads(calligram_command(["evaluate", "hf:gpt2", *ASKED, "--batch", "3", "--json"]).out)
    assert fewer["outcomes"] == figures["outcomes"]


def test_a_scripted_model_that_tells_probabilities_is_measured(
    home: Path, calligram_command: Command
) -> None:
    done = calligram_command(["evaluate", "scripted:always.json", *ASKED, "--json"])
    figures = json.loads(done.out)
    sevens = next(row for row in figures["reading"]["per_class"]["classes"] if row["class"] == "7")
    assert figures["accuracy"] == sevens["n"] / 10
    (one,) = figures["reading"]["calibration"]["bins"]
    assert one["confidence"] == pytest.approx(0.75)
    assert "told no probabilities" not in calligram_command(["evaluate", "scripted:always.json", *ASKED]).out


def test_a_model_that_tells_no_probabilities_is_said_to_tell_none(
    home: Path, calligram_command: Command
) -> None:
    done = calligram_command(
        ["evaluate", "scripted:plain.json", *ASKED, "-o", "f.json", "--report", "r.html"]
    )
    assert "calibration error         told no probabilities" in done.out
    figures = json.loads((home / "f.json").read_text(encoding="utf-8"))
    assert figures["reading"]["calibration"]["ece"] is None
    page = (home / "r.html").read_text(encoding="utf-8")
    assert "told no probabilities for 10 of 10 pictures" in page
    assert "share answered" not in page
    several = calligram_command(["evaluate", "scripted:plain.json", "scripted:always.json", *ASKED]).out
    row = next(line for line in several.splitlines() if line.startswith("calibration error"))
    assert "told no probabilities" in row


def test_figures_do_not_depend_on_how_many_pictures_go_at_once(
    home: Path, calligram_command: Command
) -> None:
    told = []
    for more in ((), ("--batch", "3"), ("--batch", "1000")):
        done = calligram_command(["evaluate", "builtin", *ASKED, "--json", *more])
        told.append(json.loads(done.out))
        del told[-1]["run"]
        told[-1]["reading"]["calibration"] = told[-1]["reading"]["abstention"] = None
    assert told[0] == told[1] == told[2]


def test_a_later_model_that_fails_leaves_what_was_measured(home: Path, calligram_command: Command) -> None:
    models = ("scripted:always.json", "scripted:mute.json", "scripted:plain.json")
    done = calligram_command(["evaluate", *models, *ASKED, "-o", "f.json", "--report", "r.html", "--json"])
    assert done.code == 1
    assert done.err.startswith("calligram: scripted:mute.json was not measured: the script of")
    assert done.err.count("\n") == 1
    kept = [json.loads(line) for line in (home / "f.json").read_text(encoding="utf-8").splitlines()]
    assert [figures["model"] for figures in kept] == ["scripted:always.json", "scripted:plain.json"]
    assert [json.loads(line) for line in done.out.splitlines()] == kept
    assert (home / "r.html").exists()

    (home / "mute.json").write_text(json.dumps(ALWAYS), encoding="utf-8")
    again = calligram_command(["evaluate", *models, "digits:", *ASKED[1:5], "-o", "f.json", "--json"])
    assert again.code == 0
    assert "scripted:always.json goes on from f.json.1.steps" in again.err
    assert len(again.out.splitlines()) == 3
    assert not list(home.glob("*.steps"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("scripted:missing.json", "digits:"), "the script missing.json cannot be read"),
        (("digits:", "-o", "missing/f.json"), "'missing/f.json' cannot be written"),
        (("digits:", "--report", "."), "'.' cannot be written"),
        (("digits:", "--compare", "mute.json"), "mute.json lacks model"),
        (("digits:", "--split", "train[:9]", "--ceiling"), "share pictures"),
        (("digits:", "--abstention", "--photos", "missing"), "missing is no folder"),
        (("digits:", "--abstention", "--other", "folder:missing"), "missing is no folder"),
        (("digits:", "--suite", "drawing", "--train-split", "other"), "other"),
    ],
)
def test_what_can_be_known_at_once_is_told_before_any_picture_is_read(
    home: Path, calligram_command: Command, arguments: tuple[str, ...], sentence: str
) -> None:
    before = sorted(home.iterdir())
    done = calligram_command(["evaluate", "scripted:mute.json", *arguments, "--limit", "5"])
    assert done.code == 2
    assert sentence in done.err
    assert "has no reply" not in done.err
    assert done.err.count("\n") == 1
    assert sorted(home.iterdir()) == before


def test_a_later_model_that_cannot_be_opened_is_told_before_the_first_is_measured(
    home: Path, calligram_command: Command
) -> None:
    before = sorted(home.iterdir())
    models = ("scripted:mute.json", "scripted:missing.json")
    done = calligram_command(["evaluate", *models, *ASKED, "-o", "f.json"])
    assert done.code == 2
    assert "the script missing.json cannot be read" in done.err
    assert sorted(home.iterdir()) == before


def test_a_file_to_compare_with_needs_figures_of_each_model(home: Path, calligram_command: Command) -> None:
    models = ("scripted:always.json", "scripted:plain.json")
    assert calligram_command(["evaluate", *models, *ASKED, "-o", "two.json"]).code == 0
    done = calligram_command(["evaluate", "scripted:mute.json", *ASKED, "--compare", "two.json"])
    assert done.code == 2
    assert "none of scripted:mute.json" in done.err


def test_a_model_that_was_not_taught_the_classes_says_what_to_do(
    home: Path, calligram_command: Command
) -> None:
    for place, label in enumerate(("cat", "dog")):
        (home / "pets" / label).mkdir(parents=True)
        Image.new("L", (30, 30), 90 * place).save(home / "pets" / label / "one.png")
    done = calligram_command(["evaluate", "builtin", "folder:pets", "--split", "all", "--quiet"])
    assert done.code == 2
    assert "the model does not know the answer 'cat'" in done.err
    assert "It reads digits, garments, letters: where the images show such" in done.err
    assert "?kind=digit" in done.err
    assert "hf:" in done.err
    assert "calligram train" in done.err


def test_one_class_alone_is_said_to_mean_nothing(home: Path, calligram_command: Command) -> None:
    (home / "photos" / "7").mkdir(parents=True)
    Image.new("L", (30, 30), 90).save(home / "photos" / "7" / "one.png")
    asked = ["evaluate", "scripted:plain.json", "folder:photos?kind=digit", "--split", "all", "--quiet"]
    done = calligram_command([*asked, "--report", "r.html"])
    assert done.code == 0
    assert "There is but one class, '7'" in done.out
    assert "There is but one class, &#x27;7&#x27;" in (home / "r.html").read_text(encoding="utf-8")
    assert "but one class" not in calligram_command([*asked, "--open-answers"]).out


def test_images_that_cannot_be_read_stop_the_command_or_are_counted(
    home: Path, calligram_command: Command
) -> None:
    asked = ["evaluate", "scripted:plain.json", spoil_some(home), "--split", "all", "--quiet"]
    done = calligram_command(asked)
    assert done.code == 2
    assert "3 of 24 images" in done.err
    assert "--bad-images skip" in done.err
    asked += ["--bad-images", "skip", "--suite", "robustness", "--abstention", "--strange", "2"]
    done = calligram_command([*asked, "--other", "folder:photos?kind=digit", "-o", "f.json"])
    assert done.code == 0, done.err
    assert "3 images that cannot be read are left out of the split 'all'" in done.out
    figures = json.loads((home / "f.json").read_text(encoding="utf-8"))
    assert (figures["n"], figures["skipped"], figures["robustness"]["n"]) == (21, 3, 21)


def test_steps_of_other_weights_or_other_options_are_not_mixed_in(
    home: Path, calligram_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = spell_batch(load_grids("digits:", "test", get_layout("classic"), 10).levels[:1], "classic")[0]
    half = [{"when": re.escape(first), "say": "7"}]
    (home / "half.json").write_text(json.dumps(half), encoding="utf-8")
    asked = ["evaluate", "scripted:half.json", *ASKED, "--batch", "1", "-o", "f.json"]
    assert "has no reply" in calligram_command(asked).err
    steps = (home / "f.json.1.steps").read_bytes()
    assert steps.count(b'"reading ') > 0

    for name, told in (
        ("CALLIGRAM_SCRIPTED_STYLE", "model_options"),
        ("CALLIGRAM_SEE_BACKGROUND", "see_options"),
    ):
        with monkeypatch.context() as patched:
            patched.setenv(name, "told" if "STYLE" in name else "white")
            assert f"which differs in {told}:" in calligram_command(asked).err
    (home / "half.json").write_text(json.dumps([*half, {"say": "1"}]), encoding="utf-8")
    done = calligram_command(asked)
    assert done.code == 2
    assert "which differs in weights: finish that one" in done.err
    assert (home / "f.json.1.steps").read_bytes() == steps
