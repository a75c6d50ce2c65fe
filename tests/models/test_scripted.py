"""Scripts: what is said in what order, and how an answer that cannot be used is asked for again."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.models.conftest import CLASSIC_DRAWING

from calligram.errors import ModelError, OptionError
from calligram.models._asking import OnText, Said, Wish
from calligram.models.base import SamplingOptions, open_model
from calligram.models.scripted import Options, Scripted, read_script
from calligram.picture import get_layout

CLASSIC = get_layout("classic")
LEVELS = np.zeros((1, 11, 20), np.uint8)
QUESTION = "What digit is this?"


class Listening(Scripted):
    """A scripted model that remembers what it was asked."""

    def __init__(self, path: Path, options: Options | None = None) -> None:
        super().__init__(str(path), read_script(path), options or Options())
        self.heard: list[Wish] = []

    def say(self, wish: Wish, on_text: OnText | None = None) -> Said:
        self.heard.append(wish)
        return super().say(wish, on_text)


def test_a_wrong_answer_is_told_what_was_wrong_and_asked_for_again(script: Callable[..., Path]) -> None:
    model = Listening(script({"say": ["a cat", "The answer is seven."]}))
    reading = model.read(LEVELS, CLASSIC, QUESTION)[0]
    assert (reading.answer, reading.confidence, reading.abstained) == ("7", 1.0, False)
    last = model.heard[-1].turns
    assert [turn.role for turn in last] == ["user", "assistant", "user"]
    assert "'a cat' is none of 0, 1, 2" in last[-1].text


def test_after_all_tries_without_an_answer_the_model_abstains(script: Callable[..., Path]) -> None:
    model = Listening(script({"say": "a cat"}), Options(tries=2))
    reading = model.read(LEVELS, CLASSIC, QUESTION)[0]
    assert (reading.answer, reading.abstained, len(model.heard)) == (None, True, 2)


def test_shares_of_first_tokens_become_confidence(script: Callable[..., Path]) -> None:
    shares = {"7": 0.5, " 7": 0.1, "1": 0.2, "The": 0.2}
    reading = Listening(script({"say": "7", "shares": shares})).read(LEVELS, CLASSIC, QUESTION)[0]
    assert reading.candidates[:2] == [("7", pytest.approx(0.6)), ("1", 0.2)]


def test_a_beginning_that_two_answers_share_counts_for_neither(script: Callable[..., Path]) -> None:
    shares = {"s": 0.4, "sn": 0.3, "bag": 0.2}
    model = Listening(script({"say": "sneaker", "shares": shares}))
    told = dict(model.read(LEVELS, CLASSIC, "Which?", ["shirt", "sneaker", "bag"])[0].candidates)
    assert told == {"sneaker": 0.3, "bag": 0.2, "shirt": 0.0}


def test_json_is_parsed_strictly(script: Callable[..., Path]) -> None:
    model = Listening(script({"say": ["7", '{"answer": 7}', '{"answer": "7"}']}), Options(as_json=True))
    assert model.read(LEVELS, CLASSIC, QUESTION)[0].answer == "7"
    faults = [turn.text for turn in model.heard[-1].turns if turn.role == "user"][1:]
    assert "is not JSON" in faults[0]
    assert "the answer 7 is no text" in faults[1]


def test_a_broken_drawing_is_told_its_row_and_drawn_again(script: Callable[..., Path]) -> None:
    broken = CLASSIC_DRAWING.replace("<row:3>▓", "<row:3>")
    model = Listening(script({"say": [broken, f"```\n{CLASSIC_DRAWING}```"]}))
    rows: list[int] = []
    drawn = model.draw("the digit 5", CLASSIC, 1, on_row=lambda number, row, levels: rows.append(row))
    assert drawn[0].tolist() == [[1, 2] * 10] * 11
    assert "row 3, column 20" in model.heard[-1].turns[-1].text
    assert rows == list(range(11))


def test_a_drawing_that_never_fits_is_one_clear_sentence(script: Callable[..., Path]) -> None:
    model = Listening(script({"say": "I cannot draw"}))
    with pytest.raises(ModelError, match=r"no drawing that could be used in 3 tries .* row 2 is missing"):
        model.draw("the digit 5", CLASSIC)
    assert len(model.heard) == 3


def test_what_such_a_model_does_not_have_is_refused(script: Callable[..., Path]) -> None:
    model = Listening(script({"say": CLASSIC_DRAWING}))
    for options in (SamplingOptions(beams=2), SamplingOptions(guidance=2.0)):
        with pytest.raises(OptionError, match="has neither"):
            model.draw("the digit 5", CLASSIC, 1, options)


def test_taught_models_are_asked_as_training_files_ask(script: Callable[..., Path]) -> None:
    model = Listening(script({"say": ["7", CLASSIC_DRAWING]}), Options(style="bare"))
    model.read(LEVELS, CLASSIC, QUESTION)
    model.draw("a five", CLASSIC)
    assert model.heard[0].turns[0].text.endswith("</row:11>\nWhat digit is this?\n")
    assert model.heard[1].turns[0].text == "Draw the digit 5, classic.\n"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "7",
        '{"say": "7"}',
        '[{"when": "x"}]',
        '[{"say": []}]',
        '[{"say": 7}]',
        '[{"when": "(", "say": "7"}]',
    ],
)
def test_what_is_no_script_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "script.json"
    path.write_text(content)
    with pytest.raises(ModelError, match="is no list of replies"):
        open_model(f"scripted:{path}")


def test_a_missing_script_and_a_missing_reply_are_told(tmp_path: Path, script: Callable[..., Path]) -> None:
    with pytest.raises(ModelError, match="names no file"):
        open_model("scripted:")
    with pytest.raises(ModelError, match="cannot be read"):
        open_model(f"scripted:{tmp_path / 'nowhere.json'}")
    with pytest.raises(ModelError, match="has no reply to"):
        open_model(f"scripted:{script({'when': 'letter', 'say': 'a'})}").read(LEVELS, CLASSIC, QUESTION)
