"""Templates filled in: choices by their weights, lists, variables, and where each piece came from."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calligram.art.chances import Chances
from calligram.art.filling import OWN, Piece, fill, tidy
from calligram.art.wildcards import WordLists
from calligram.errors import TemplateError

NAMES = "abcdefghijklmnopq"
DOUBLING = "${a=x}" + "".join(f"${{{b}=${{{a}}}${{{a}}}}}" for a, b in pairwise(NAMES)) + "${q}"
"""Each variable is the one before it twice, 2**16 letters in all."""


@pytest.fixture
def lists(tmp_path: Path) -> WordLists:
    for name, lines in {
        "coat": "a ${colour:grey} coat",
        "loop": "again __loop__",
        "sky": "dawn\ndusk\nnoon",
        "heavy": "9::often\nseldom",
        "broken": "a {b",
        "deep/one": "one",
        "deep/two": "two",
    }.items():
        place = tmp_path / f"{name}.txt"
        place.parent.mkdir(exist_ok=True)
        place.write_text(lines, encoding="utf-8")
    return WordLists(tmp_path)


def results(template: str, lists: WordLists, times: int = 300) -> Counter[str]:
    return Counter(fill(template, lists, Chances(seed)).text for seed in range(times))


def test_every_option_of_a_choice_comes_about_as_often_as_it_weighs(lists: WordLists) -> None:
    found = results("{3::a|b}", lists, 2000)
    assert set(found) == {"a", "b"}
    assert 0.71 < found["a"] / 2000 < 0.79


def test_a_line_of_a_list_comes_as_often_as_it_weighs(lists: WordLists) -> None:
    assert 0.86 < results("__heavy__", lists, 2000)["often"] / 2000 < 0.94


def test_several_are_taken_without_taking_one_twice(lists: WordLists) -> None:
    found = results("{2$$ and $$a|b|c}", lists)
    assert set(found) == {f"{one} and {other}" for one in "abc" for other in "abc" if one != other}
    assert set(results("{2$$__sky__}", lists)) == {
        f"{one}, {other}"
        for one in ("dawn", "dusk", "noon")
        for other in ("dawn", "dusk", "noon")
        if one != other
    }
    assert set(results("{9$$a|b}", lists)) == {"a, b", "b, a"}
    assert set(results("x{0-1$$a}", lists)) == {"x", "xa"}


def test_a_folder_or_a_pattern_stands_for_all_its_lists(lists: WordLists) -> None:
    assert set(results("__deep__", lists)) == {"one", "two"}
    assert set(results("__deep/t*__", lists)) == {"two"}


def test_a_variable_is_drawn_each_time_or_once(lists: WordLists) -> None:
    assert all(len(set(text.split())) == 1 for text in results("${x=!__sky__}${x} ${x} ${x}", lists))
    assert any(len(set(text.split())) > 1 for text in results("${x=__sky__}${x} ${x} ${x}", lists))


def test_a_list_takes_the_variables_it_is_given_and_no_others_keep_them(lists: WordLists) -> None:
    assert set(results("__coat(colour=red)__, __coat__", lists)) == {"a red coat, a grey coat"}


def test_pieces_know_where_they_came_from(lists: WordLists) -> None:
    given_words = {"words": (Piece("a river", OWN),)}
    filled = fill("${words} at __sky__, {wide|wide}", lists, Chances(1), given_words)
    assert filled.pieces[0] == Piece("a river", OWN)
    assert [piece.source for piece in filled.pieces] == ["you", "template", "list:sky", "template"]
    assert [pick.where for pick in filled.picks] == ["__sky__", "{…}"]


def test_spaces_and_commas_are_put_right_but_never_in_the_users_words(lists: WordLists) -> None:
    assert fill("a ,  b , {|} , c ,", lists, Chances(1)).text == "a, b, c"
    pieces = tidy((Piece("a  river ,x", OWN), Piece("  ,", "template"), Piece(" b ", "template")))
    assert "".join(piece.text for piece in pieces) == "a  river ,x, b"


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("__loop__", "never ends"),
        ("${a=${a}}${a}", "never ends"),
        (DOUBLING, "never ends"),
        ("${nothing}", "has no value"),
        ("__skyy__", "did you mean sky"),
        ("__broken__", "__broken__: the template, column 3"),
    ],
)
def test_what_cannot_be_filled_in_says_why(lists: WordLists, template: str, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        fill(template, lists, Chances(1))


@given(st.integers(0, 10**9))
def test_the_same_chances_fill_in_the_same(seed: int) -> None:
    template = "{a|b|c} __light__, {1-3$$__colour__}"
    lists = WordLists()
    assert fill(template, lists, Chances(seed)) == fill(template, lists, Chances(seed))


def test_chances_are_the_same_for_all_time() -> None:
    chances = Chances(1, "ideas")
    assert [round(chances.share(), 9) for _ in range(3)] == [0.292248538, 0.330043129, 0.806834214]
    assert [Chances(7).whole(0, 99), Chances(8).whole(0, 99), Chances(9).whole(0, 99)] == [96, 74, 87]


def test_shares_are_spread_evenly() -> None:
    chances = Chances(3)
    counts = Counter(int(chances.share() * 10) for _ in range(5000))
    # 500 each, and six standard deviations of 21
    assert all(370 < counts[tenth] < 630 for tenth in range(10))
