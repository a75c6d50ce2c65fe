"""``calligram critique``: three forms of output, bad input, and a batch that goes on."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.conftest import Outcome

Command = Callable[..., Outcome]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Return the path of an image of two blues."""
    sea = np.full((80, 100, 3), (20, 50, 80), np.uint8)
    sea[:30] = (170, 200, 230)
    path = tmp_path / "sea.png"
    Image.fromarray(sea).save(path)
    return path


def test_the_terminal_shows_four_steps_with_evidence_and_the_limits(
    calligram_command: Command, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    done = calligram_command(["critique", image, "--model", "none"])
    assert done.code == 0
    heads = [line.strip() for line in done.out.splitlines()]
    assert [each for each in heads if each in ("Describe", "Analyse", "Interpret", "Judge")] == [
        "Describe",
        "Analyse",
        "Interpret",
        "Judge",
    ]
    assert "main_colour" in done.out
    assert "not measured" in done.out


def test_offline_the_built_in_writer_imagines_and_that_is_marked(
    calligram_command: Command, image: Path
) -> None:
    done = calligram_command(["critique", image, "--json", "--voice", "children"])
    told = json.loads(done.out)
    assert (done.code, told["voice"], told["model"]) == (0, "children", "builtin:writer")
    assert told["interpret"][-1]["origin"] == "imagined"


def test_markdown_and_quiet_are_for_reading(calligram_command: Command, image: Path) -> None:
    markdown = calligram_command(["critique", image, "--model", "none", "--markdown"])
    assert markdown.out.startswith("# ")
    quiet = calligram_command(["critique", image, "--model", "none", "--quiet"])
    assert len(quiet.out.strip().split("\n\n")) == 4
    assert "main_colour" not in quiet.out


def test_a_batch_goes_on_after_what_is_no_image(calligram_command: Command, image: Path) -> None:
    (image.parent / "broken.png").write_text("no image")
    done = calligram_command(["critique", image.parent, "--model", "none", "--json"])
    assert done.code == 1
    assert "broken.png" in done.err
    told = {Path(each["file"]).name: each for each in map(json.loads, done.out.splitlines())}
    assert set(told) == {"broken.png", "sea.png"}
    assert "broken.png" in told["broken.png"]["fault"]
    nothing = calligram_command(["critique", image.parent / "broken.png", "--model", "none"])
    assert nothing.code == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--voice", "shouting"], "there is no voice 'shouting'"),
        (["--language", "Korean"], "writes English alone"),
        (["--image-too"], "not said to take images"),
        (["--json", "--markdown"], "exclude each other"),
        (["--claims", "0"], "claims"),
    ],
)
def test_bad_wishes_are_one_sentence(
    calligram_command: Command, image: Path, words: list[str], told: str
) -> None:
    done = calligram_command(["critique", image, "--model", "none", *words])
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert done.err.count("\n") == 1
