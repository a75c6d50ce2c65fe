"""The history of ideas: nothing is ever taken out, and a killed program leaves nothing that hurts."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from calligram.art.history import check_history, keep, mark, read_history
from calligram.art.ideas import propose_ideas
from calligram.art.ideas_options import IdeasOptions
from calligram.errors import InputError, OutputError


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "project" / "ideas.jsonl"


def add(place: Path, words: str, seed: int = 1) -> int:
    return keep(place, propose_ideas(words, options=IdeasOptions(count=2, seed=seed, model="none")))


def test_a_set_is_kept_with_all_that_finds_it_again(place: Path) -> None:
    assert (add(place, "a {slow|wide} river"), add(place, "mill", 5)) == (1, 2)
    kept = read_history(place).get(1)
    again = propose_ideas(kept.wish.words, options=kept.options)
    assert tuple(idea.prompt for idea in again.ideas) == kept.prompts
    idea = kept.told["ideas"][0]
    assert idea["template"] == "${words}"
    assert idea["choices"][0]["took"] in ("slow", "wide")
    assert (kept.options.seed, idea["model"]) == (1, None)


def test_undo_marks_the_last_set_and_redo_takes_the_mark_away(place: Path) -> None:
    for words in ("one", "two", "three"):
        add(place, words)
    before = place.read_bytes()
    assert [mark(place, "undo").number, mark(place, "undo").number] == [3, 2]
    assert [kept.undone for kept in read_history(place).sets] == [False, True, True]
    assert mark(place, "redo").number == 3
    assert mark(place, "undo", 1).number == 1
    assert [kept.undone for kept in read_history(place).sets] == [True, True, False]
    assert place.read_bytes().startswith(before)


def test_there_may_be_nothing_to_undo(place: Path) -> None:
    with pytest.raises(InputError, match="nothing to undo"):
        mark(place, "undo")
    with pytest.raises(InputError, match="no set 3: it is empty"):
        read_history(place).get(3)


def test_a_torn_line_is_passed_over_and_the_next_set_stands_behind_it(place: Path) -> None:
    add(place, "one")
    with place.open("ab") as stream:
        stream.write(b'{"event": "ideas", "ideas": [{"pro')
    assert add(place, "two") == 2
    history = read_history(place)
    assert [kept.wish.words for kept in history.sets] == ["one", "two"]
    assert history.damaged == (2,)
    assert all(line.endswith(b"}") for line in place.read_bytes().splitlines()[2:])


def test_lines_of_other_programs_do_no_harm(place: Path) -> None:
    add(place, "one")
    with place.open("a") as stream:
        stream.write('[]\n{"event": "undo"}\n{"event": "ideas", "ideas": 3}\n\n')
    assert len(read_history(place).sets) == 1
    assert read_history(place).damaged == (2, 3, 4)


def test_an_option_of_a_newer_program_is_left_alone(place: Path) -> None:
    add(place, "one")
    told = json.loads(place.read_text())
    told["options"]["colour_of_tomorrow"] = 3
    place.write_text(json.dumps(told) + "\n")
    assert read_history(place).get(1).options.count == 2


def test_a_place_that_cannot_be_written_is_said_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="name another file with --history"):
        check_history(tmp_path / "file" / "ideas.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        read_history(tmp_path)


def test_a_file_name_that_is_not_utf_8_is_kept_and_comes_back(place: Path) -> None:
    found = propose_ideas("pond", options=IdeasOptions(count=1, seed=1, model="none"))
    keep(place, replace(found, wish=replace(found.wish, image="caf\udce9.png")))
    assert read_history(place).get(1).wish.image == "caf\udce9.png"


def test_a_disk_that_fills_up_leaves_the_file_as_it_was(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(place, "pond")
    before = place.read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        mark(place, "undo")
    assert place.read_bytes() == before
