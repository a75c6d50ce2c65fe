"""Asking for answers that can be used: faults told, tries bounded, answers kept by what was asked."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from calligram.art.asking import AskingOptions, ask
from calligram.errors import ModelError, OptionError, OutputError
from calligram.models.base import Reply, SamplingOptions, Talking, Turn, open_model
from calligram.models.scripted import Options, Talker, read_script

SCHEMA = {"type": "object", "properties": {"level": {"type": "integer", "maximum": 5}}, "required": ["level"]}
TURNS = [Turn("user", "How much of it?")]


class Listening(Talker):
    """A scripted model that remembers what it was asked."""

    def __init__(self, path: Path, options: Options | None = None) -> None:
        super().__init__(str(path), read_script(path), options or Options())
        self.heard: list[tuple[list[Turn], SamplingOptions]] = []

    def reply(self, turns: Sequence[Turn], options: SamplingOptions, *more: Any) -> Reply:
        self.heard.append((list(turns), options))
        return super().reply(turns, options, *more)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep answers in a folder of the test."""
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def saying(tmp_path: Path) -> Callable[..., Listening]:
    """Return a function that gives a model which says these things, one after another."""

    def make(*say: object) -> Listening:
        path = tmp_path / "script.json"
        path.write_text(json.dumps([{"say": list(say)}]), encoding="utf-8")
        return Listening(path)

    return make


def test_what_was_wrong_is_told_and_asked_for_again(saying: Callable[..., Listening]) -> None:
    model = saying("I would say four.", {"level": 9}, {"level": 4})
    answer = ask(model, TURNS, SCHEMA, options=AskingOptions(seed=5))
    assert (answer.value, answer.tries, answer.seed, answer.cached) == ({"level": 4}, 3, 7, False)
    turns = model.heard[-1][0]
    assert [turn.role for turn in turns] == ["user", "assistant", "user", "assistant", "user"]
    assert "it is no JSON" in turns[2].text
    assert "level is 9, but at most 5 is allowed" in turns[4].text
    assert [options.seed for _, options in model.heard] == [5, 6, 7]


def test_the_model_is_told_the_schema_and_the_turns_stay_as_they_were(
    saying: Callable[..., Listening],
) -> None:
    model = saying({"level": 1})
    turns = [Turn("user", "first"), Turn("assistant", "yes"), Turn("user", "How much?")]
    ask(model, turns, SCHEMA)
    told = model.heard[0][0]
    assert told[:2] == turns[:2]
    assert told[2].text.startswith("How much?\n\n")
    assert json.dumps(SCHEMA) in told[2].text
    assert turns[2].text == "How much?"


def test_a_check_of_the_callers_own_is_told_in_its_words(saying: Callable[..., Listening]) -> None:
    model = saying({"level": 2}, {"level": 3})
    answer = ask(model, TURNS, SCHEMA, lambda value: ["two is taken"] if value["level"] == 2 else [])
    assert (answer.value, answer.tries) == ({"level": 3}, 2)
    assert "two is taken" in model.heard[-1][0][-1].text


def test_after_the_last_try_the_last_fault_is_told(saying: Callable[..., Listening]) -> None:
    with pytest.raises(ModelError, match=r"in 2 tries \(the last one: level is 9, .*\): try another seed"):
        ask(saying("no", {"level": 9}), TURNS, SCHEMA, options=AskingOptions(tries=2))


def test_an_answer_is_kept_by_all_that_was_asked(saying: Callable[..., Listening]) -> None:
    model = saying({"level": 1}, {"level": 2}, {"level": 3}, {"level": 4}, {"level": 5})
    options = AskingOptions()
    assert ask(model, TURNS, SCHEMA, options=options).value == {"level": 1}
    again = ask(model, TURNS, SCHEMA, options=options)
    assert (again.value, again.cached) == ({"level": 1}, True)
    assert ask(model, TURNS, SCHEMA, options=replace(options, seed=1)).value == {"level": 2}
    assert ask(model, TURNS, SCHEMA | {"title": "x"}, options=options).value == {"level": 3}
    assert ask(model, [Turn("user", "Else?")], SCHEMA, options=options).value == {"level": 4}
    assert ask(model, TURNS, SCHEMA, options=replace(options, keep=False)).value == {"level": 5}
    assert len(model.heard) == 5


def test_images_are_part_of_what_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text(json.dumps([{"say": [{"level": 1}, {"level": 2}]}]), encoding="utf-8")
    model: Any = open_model(f"scripted:{path}?images=yes")
    one, other = (ask(model, [Turn("user", "?", (image,))], SCHEMA).value for image in (b"a", b"b"))
    assert (one, other) == ({"level": 1}, {"level": 2})


def test_a_kept_answer_that_no_longer_passes_the_check_is_asked_for_anew(
    saying: Callable[..., Listening],
) -> None:
    model = saying({"level": 1}, {"level": 2})
    ask(model, TURNS, SCHEMA)
    assert ask(model, TURNS, SCHEMA, lambda value: ["no"] if value["level"] == 1 else []).value == {
        "level": 2
    }


def test_a_damaged_answer_on_disk_is_asked_for_anew(
    saying: Callable[..., Listening], own_cache: Path
) -> None:
    model = saying({"level": 1}, {"level": 2})
    ask(model, TURNS, SCHEMA)
    (kept,) = (own_cache / "asked").rglob("*.json")
    kept.write_text("{half", encoding="utf-8")
    assert ask(model, TURNS, SCHEMA).value == {"level": 2}


def test_a_model_that_wants_no_cache_gets_none(saying: Callable[..., Listening], own_cache: Path) -> None:
    class Forgetful(Talking):
        """A model that is not named, so that its answers are nobody's."""

        def reply(self, *_: Any) -> Reply:
            return Reply('{"level": 1}')

    assert ask(Forgetful(), TURNS, SCHEMA).value == {"level": 1}
    assert not own_cache.exists()


def test_a_cache_that_is_no_folder_is_told_before_anything_is_asked(
    saying: Callable[..., Listening], own_cache: Path
) -> None:
    own_cache.write_text("a file", encoding="utf-8")
    model = saying({"level": 1})
    with pytest.raises(OutputError, match="set CALLIGRAM_CACHE to a folder that can be written"):
        ask(model, TURNS, SCHEMA)
    assert not model.heard


def test_options_out_of_range_are_told(saying: Callable[..., Listening]) -> None:
    with pytest.raises(OptionError, match="tries is 0, but must be from 1 to 20"):
        ask(saying("x"), TURNS, SCHEMA, options=AskingOptions(tries=0))


def test_an_answer_that_was_cut_off_says_what_to_raise() -> None:
    class Chatty(Talking):
        """A model that never comes to its end."""

        def reply(self, *_: Any) -> Reply:
            return Reply('{"level": ', whole=False)

    with pytest.raises(ModelError, match=r"cut off for its length; .* raise answer_tokens above 50"):
        ask(Chatty(), TURNS, SCHEMA, options=AskingOptions(answer_tokens=50))
