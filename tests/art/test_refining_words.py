"""Other words, by rules: plain ones, what is missed said again or first, and what to avoid."""

from tests.art.refining_things import disc

from calligram.art.facts import measure_facts
from calligram.art.refining_brief import Brief, make_brief
from calligram.art.refining_rounds import RULES, Attempt, Round, Shot
from calligram.art.refining_wishes import Wish, check_wishes
from calligram.art.refining_words import revise_by_rules


def round_of(
    number: int, brief: Brief, attempt: Attempt, ink: str = "#2654a4", paper: str = "#faf6ee"
) -> Round:
    facts = measure_facts(disc(ink, paper))
    found = tuple(check_wishes(brief.wishes, facts, {}))
    return Round(number, attempt, (Shot(number, 1, f"{number}.png", found, number, 64, 64),))


def wordings(brief: Brief, count: int) -> list[str]:
    rounds = [round_of(1, brief, Attempt(brief.words))]
    while len(rounds) < count:
        rounds.append(round_of(len(rounds) + 1, brief, revise_by_rules(brief, rounds)))
    return [each.attempt.words for each in rounds[1:]]


def test_each_wording_is_tried_once_and_then_the_best_again() -> None:
    brief = make_brief("a dark painting of a red disc, no blue")
    assert wordings(brief, 9) == [
        "red disc, dark",
        "red disc",
        "a dark painting of a red disc, no blue, dark, red, dark, red",
        "dark, red, a dark painting of a red disc, no blue",
        "disc",
        "a picture of a disc",
        "a dark painting of a red disc, no blue",
        "a dark painting of a red disc, no blue",
    ]


def test_a_missed_colour_is_asked_for_in_the_fewest_words_first() -> None:
    assert wordings(make_brief("some red disc"), 2) == ["red disc"]


def test_a_subject_that_can_be_read_is_named_as_it_is_read() -> None:
    brief = Brief("footwear, scarlet", (Wish("subject", "garment ankle boot"), Wish("colour", "red")))
    assert wordings(brief, 2) == ["red ankle boot"]


def test_words_that_came_nearer_are_kept_for_other_seeds() -> None:
    brief = make_brief("a dark red disc, no blue", "dots")
    rounds = [
        round_of(1, brief, Attempt(brief.words)),
        round_of(2, brief, Attempt("x"), "#c4302b", "#d8c7a5"),
    ]
    again = revise_by_rules(brief, rounds)
    assert (again.words, again.by) == ("x", RULES)


def test_what_is_unwanted_and_the_opposite_of_what_is_missed_are_to_be_avoided() -> None:
    brief = make_brief("a dark painting of a red disc, no blue", "dots")
    attempt = revise_by_rules(brief, [round_of(1, brief, Attempt(brief.words))])
    assert attempt.avoid == "dots, blue, bright"


def test_a_size_that_was_refused_is_not_asked_for_again() -> None:
    brief = make_brief("a red disc in a wide format")
    first = round_of(1, brief, Attempt(brief.words), "#c4302b")
    wide = revise_by_rules(brief, [first])
    assert (wide.width, wide.height) == (64, 43)
    refused = Round(2, wide, (), {1: "square images alone"})
    assert revise_by_rules(brief, [first, refused]).width is None


def test_where_longer_words_were_refused_the_subject_alone_comes_next() -> None:
    brief = Brief("a red seven, small", (Wish("subject", "digit 7"), Wish("colour", "red")))
    refused = Round(1, Attempt(brief.words), (), {1: "not taught"})
    assert revise_by_rules(brief, [refused]).words == "digit 7"


def test_a_painter_that_has_refused_words_is_asked_for_no_longer_ones_again() -> None:
    brief = Brief("the digit 7", (Wish("subject", "digit 7"), Wish("colour", "red")))
    first = round_of(1, brief, Attempt(brief.words))
    refused = Round(2, Attempt("red digit 7"), (), {1: "not taught"})
    third = revise_by_rules(brief, [first, refused])
    fourth = revise_by_rules(brief, [first, refused, round_of(3, brief, third)])
    assert (third.words, fourth.words) == ("digit 7", "the digit 7")
