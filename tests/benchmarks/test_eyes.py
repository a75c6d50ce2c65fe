"""The rule that reads prompts: it finds what is there, and nothing that is not."""

from pathlib import Path

import numpy as np
import pytest
from benchmarks.eyes import QUESTIONS, answer, answer_from_picture, count, look_again
from PIL import Image

from calligram.art.eyes import eyes_of

SHARED = Path(__file__).parents[2] / "../shared/data/art"


def scene() -> np.ndarray:
    image = np.full((200, 300, 3), (127, 187, 230), np.uint8)
    image[120:] = (43, 143, 60)
    return image


def test_the_rule_finds_the_answers_in_the_lines() -> None:
    prompt = eyes_of(scene(), png=False).prompt
    found = [answer(question, prompt) for question in QUESTIONS]
    assert found == ["sky blue", "landscape", "light", "colour", "yes", "empty"]


@pytest.mark.parametrize("question", list(QUESTIONS))
def test_without_the_lines_of_facts_the_rule_answers_nothing(question: str) -> None:
    drawn = "\n".join(eyes_of(scene(), png=False).drawn_lines())
    assert answer(question, drawn) is None


def test_a_prompt_that_says_two_things_answers_nothing() -> None:
    prompt = "Colour or grey: grey\nColour or grey: colour\n"
    assert answer("colour or grey", prompt) is None


@pytest.mark.parametrize(
    ("shape", "told"), [((200, 300), "landscape"), ((300, 200), "portrait"), ((256, 256), "square")]
)
def test_the_characters_alone_tell_the_orientation(shape: tuple[int, int], told: str) -> None:
    prompt = eyes_of(np.zeros((*shape, 3), np.uint8), png=False).prompt
    assert answer_from_picture("orientation", prompt) == told


def test_the_second_look_knows_nothing_of_our_measures(tmp_path: Path) -> None:
    Image.fromarray(scene()).save(tmp_path / "scene.png")
    path = str(tmp_path / "scene.png")
    assert look_again("light or dark", path) == "light"
    assert look_again("colour or grey", path) == "colour"
    assert look_again("main colour", path) is None


def test_wrong_answers_are_counted_as_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.fromarray(scene()).save(tmp_path / "scene.png")
    monkeypatch.setitem(QUESTIONS, "orientation", ("orientation", r"^Colour or grey: (colour|grey)$"))
    read, counts = count([str(tmp_path / "scene.png"), str(tmp_path / "none.png")])
    assert read == 1
    assert (counts["orientation"]["right"], counts["orientation"]["wrong"]) == (0, 1)
    assert counts["light or dark"]["right"] == 1


def test_nine_of_ten_questions_on_real_pictures_are_answered_as_measured() -> None:
    paths = [str(path) for path in sorted(SHARED.glob("p*s/*.*"))[::20]]
    if not paths:
        pytest.skip("shared/data/art is not here")
    read, counts = count(paths)
    for question, tally in counts.items():
        assert tally["right"] >= 0.9 * read, question
        assert tally["look right"] >= 0.9 * tally["look"], question
