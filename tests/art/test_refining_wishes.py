"""Wishes: whether an image has what is wished, and by how much."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.art.refining_things import disc

from calligram.art.colour_names import hex_of
from calligram.art.facts import measure_facts
from calligram.art.refining_wishes import QUALITIES, Found, Wish, check_wishes
from calligram.art.work_wishes import QUALITIES as WORDS
from calligram.models.base import Reading


def found(image: Image.Image, wish: Wish, **readings: Reading) -> Found:
    (one,) = check_wishes((wish,), measure_facts(image), readings)
    return one


COLOUR = st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))


@settings(max_examples=12, deadline=None)
@given(COLOUR, COLOUR, st.sampled_from([(48, 64), (64, 64), (70, 40)]), st.floats(0.05, 0.5))
def test_a_quality_is_met_exactly_where_the_facts_say_so(
    ink: tuple[int, int, int], paper: tuple[int, int, int], size: tuple[int, int], reach: float
) -> None:
    facts = measure_facts(disc(hex_of(ink), hex_of(paper), size, reach))
    for quality in WORDS:
        for wanted in (True, False):
            (one,) = check_wishes((Wish("quality", quality.name, wanted),), facts, {})
            assert one.met == (quality.test(facts.to_json()) == wanted), quality.name
            assert (one.margin >= 0) == one.met or abs(one.margin) < 1e-4
            assert -1 <= one.margin <= 1


def test_every_quality_that_words_ask_for_has_a_measure() -> None:
    assert {quality.name for quality in WORDS} <= set(QUALITIES)


@pytest.mark.parametrize(
    ("ink", "paper", "colour", "met"),
    [
        ("#c4302b", "#faf6ee", "red", True),
        ("#c4302b", "#faf6ee", "white", True),
        ("#c4302b", "#faf6ee", "blue", False),
        ("#70409a", "#faf6ee", "purple", True),
        ("#808082", "#faf6ee", "grey", True),
        ("#222024", "#faf6ee", "black", True),
        ("#e6b422", "#faf6ee", "yellow", True),
        ("#7a4e30", "#faf6ee", "brown", True),
    ],
)
def test_a_colour_is_found_by_its_plain_name(ink: str, paper: str, colour: str, met: bool) -> None:
    wanted, unwanted = (found(disc(ink, paper), Wish("colour", colour, each)) for each in (True, False))
    assert (wanted.met, unwanted.met) == (met, not met)
    assert wanted.margin == -unwanted.margin


def test_thin_ink_counts_by_its_share_of_the_figure() -> None:
    small = disc("#c4302b", "#faf6ee", reach=0.1)
    assert found(small, Wish("colour", "red")).met is True
    assert found(small, Wish("colour", "green")).met is False


@pytest.mark.parametrize(("most", "met"), [("1", False), ("2", True), ("3", True)])
def test_colours_are_counted_without_soft_edges(most: str, met: bool) -> None:
    soft = disc("#c4302b", "#faf6ee", (256, 256)).resize((48, 48), Image.Resampling.BILINEAR)
    assert found(soft, Wish("colours", most)).met is met


def test_a_subject_is_met_where_it_is_read_and_only_there() -> None:
    image = disc("#c4302b", "#faf6ee")
    sure = Reading("cat", 0.9, [("cat", 0.9), ("bird", 0.1)], None, False)
    other = Reading("bird", 0.6, [("bird", 0.6), ("cat", 0.4)], None, False)
    unsure = Reading(None, 0.5, [("cat", 0.5), ("bird", 0.2)], None, True)
    wish = Wish("subject", "cat")
    assert (found(image, wish, cat=sure).met, found(image, wish, cat=sure).margin) == (True, 0.8)
    assert (found(image, wish, cat=other).met, found(image, wish, cat=other).margin) == (False, -0.2)
    assert found(image, wish, cat=unsure).met is False
    assert found(image, wish, cat=unsure).margin < 0


def test_a_subject_that_nothing_can_read_is_neither_met_nor_missed() -> None:
    one = found(disc("#c4302b", "#faf6ee"), Wish("subject", "lighthouse"))
    assert (one.met, one.says) == (
        None,
        "unread: lighthouse (nothing at hand can read whether it shows that)",
    )


def test_what_is_found_tells_what_was_measured() -> None:
    one = found(disc("#c4302b", "#faf6ee"), Wish("quality", "dark"))
    assert one.says.startswith("missed: dark (Light or dark: light (mean lightness ")
