"""How the painter's adapter is taught: its names, the phrases made of them, and the file that comes out."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch", reason="needs the extra train")

from calligram.errors import OutputError
from calligram.painters.adversarial.framing import without_frame
from calligram.painters.adversarial.kinds import COLOURS, KINDS
from calligram.painters.adversarial.understanding import ADAPTER, open_adapter
from calligram.training.painter_phrases import (
    NONE,
    UNCOLOURED,
    Wordings,
    phrases_to_check,
    phrases_to_learn,
    read_wordings,
)
from calligram.training.painter_words import Teaching, train_adapter


@pytest.fixture(scope="module")
def wordings() -> Wordings:
    return read_wordings()


def few(wordings: Wordings, names: int) -> Wordings:
    """Return the first names of each kind and colour."""
    kinds = {part: [each[:names] for each in told] for part, told in wordings.kinds.items()}
    colours = {part: [each[:1] for each in told] for part, told in wordings.colours.items()}
    return Wordings(kinds, colours, [[] for _ in wordings.further])


def test_each_kind_has_many_names_to_learn_and_others_to_check(wordings: Wordings) -> None:
    assert min(len(names) for names in wordings.kinds["learn"]) >= 40
    assert min(len(names) for names in wordings.kinds["check"]) >= 4


def test_no_name_is_both_learnt_and_checked(wordings: Wordings) -> None:
    checked = {without_frame(name) for names in wordings.kinds["check"] for name in names}
    learnt = {without_frame(name) for names in wordings.kinds["learn"] for name in names}
    learnt |= {without_frame(name) for names in wordings.further for name in names}
    assert not checked & learnt


def test_no_name_stands_for_two_kinds(wordings: Wordings) -> None:
    names = [name.lower() for part in wordings.kinds.values() for told in part for name in told]
    assert len(names) == len(set(names))


def test_phrases_follow_from_the_seed_alone(wordings: Wordings) -> None:
    cut = few(wordings, 3)
    assert phrases_to_learn(cut, "learn", 5) == phrases_to_learn(cut, "learn", 5)
    assert phrases_to_learn(cut, "learn", 5) != phrases_to_learn(cut, "learn", 6)


@given(st.integers(0, 10_000))
def test_phrases_carry_the_numbers_of_what_they_name(seed: int) -> None:
    cut = few(read_wordings_once(), 2)
    made = phrases_to_learn(cut, "learn", seed)
    for phrase in made:
        assert phrase.words
        assert phrase.name in cut.kinds["learn"][phrase.kind]
    assert {phrase.kind for phrase in made} == set(range(NONE + 1))
    assert {phrase.colour for phrase in made} == set(range(len(COLOURS)))


KEPT: list[Wordings] = []


def read_wordings_once() -> Wordings:
    """Return the names, read from their files the first time alone."""
    if not KEPT:
        KEPT.append(read_wordings())
    return KEPT[0]


def test_a_name_with_a_colour_in_it_is_of_that_colour(wordings: Wordings) -> None:
    made = phrases_to_learn(wordings, "learn", 0)
    black_cats = {phrase.colour for phrase in made if phrase.name == "black cat"}
    assert black_cats == {COLOURS.index("black")}


def test_checked_names_are_asked_for_in_seven_ways(wordings: Wordings) -> None:
    made = [
        phrase
        for phrase in phrases_to_check(wordings, 0)
        if phrase.name == "feline" or phrase.name == "a feline"
    ]
    assert len(made) == 7
    assert {phrase.kind for phrase in made} == {KINDS.index("cat")}
    assert sum(phrase.colour != UNCOLOURED for phrase in made) == 1


def test_teaching_twice_gives_the_same_file(tmp_path: Path, wordings: Wordings) -> None:
    cut, teaching = few(wordings, 1), Teaching(hidden=32, rounds=60, batch=64, rate=1e-2)
    measured = [train_adapter(tmp_path / name, teaching, cut) for name in ("one", "two")]
    files = [(tmp_path / name / ADAPTER).read_bytes() for name in ("one", "two")]
    assert files[0] == files[1]
    assert measured[0] == measured[1]
    assert measured[0].names == len(KINDS)
    assert measured[0].right > 2 / len(KINDS)
    assert len(measured[0].lines()) == 2


def test_what_was_taught_is_read_back_as_it_was(tmp_path: Path, wordings: Wordings) -> None:
    train_adapter(tmp_path, Teaching(hidden=8, rounds=1, batch=64), few(wordings, 1))
    adapter = open_adapter(tmp_path / ADAPTER)
    kinds, colours = adapter.probabilities(np.zeros((3, len(adapter.mean)), np.float32))
    assert (kinds.shape, colours.shape) == ((3, len(KINDS) + 1), (3, len(COLOURS)))
    assert np.allclose(kinds.sum(1), 1, atol=1e-5)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, wordings: Wordings) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        train_adapter(tmp_path / "file" / "folder", Teaching(rounds=1), few(wordings, 1))
