"""What a model may not say of a work unless its owner said it."""

import pytest

from calligram.art.record_claims import claims, given_words, keep_supported, sentences

GIVEN = given_words(["Saint Francis", "Peter Paul Rubens (Flemish, 1577–1640)", "c. 1615", "1880s"])


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("Claude Monet painted a pond.", "Monet"),
        ("It shows the garden of Monet.", "Monet"),
        ("Monet's garden lies in the sun.", "Monet"),
        ("A bridge stands in London.", "London"),
        ("A Dutch interior with a window.", "Dutch"),
        ("The light is italian.", "italian"),
        ("It was painted in 1872.", "1872"),
        ("Painted around 1872–74.", "1872–74"),
        ("Women wore this in the 1870s.", "1870s"),
        ("A scene of the late nineteenth century.", "nineteenth century"),
        ("In the taste of the 18th century.", "18th century"),
        ("A Renaissance portrait of a man.", "Renaissance"),
        ("A vessel of about 300 BCE.", "300 BCE"),
    ],
)
def test_names_places_cultures_and_years_that_nobody_gave_are_found(text: str, claimed: str) -> None:
    assert claimed in claims(text, GIVEN)


@pytest.mark.parametrize(
    "text",
    [
        "Two boats lie in a harbour.",
        "A rose window above the door; I see no people.",
        "Dark tones prevail, at 34 % of the picture.",
        "Number 300 is painted on a door.",
        "A man kneels. A bird sits beside him.",
        "“Light falls from the left.”",
    ],
)
def test_what_can_be_seen_may_be_said(text: str) -> None:
    assert claims(text, GIVEN) == []


@pytest.mark.parametrize(
    "text",
    [
        "Rubens painted Saint Francis.",
        "A Flemish picture of 1615.",
        "Francis's robe is brown.",
        "In the 1880s.",
    ],
)
def test_what_the_owner_said_may_be_repeated(text: str) -> None:
    assert claims(text, GIVEN) == []


def test_in_a_title_words_may_begin_with_capitals_but_name_nobody() -> None:
    assert claims("Two Boats at Rest", frozenset(), title=True) == []
    assert "Gustav" in claims("Portrait of Gustav in Red", frozenset(), title=True)


def test_a_sentence_with_a_claim_is_left_out_and_told_and_the_others_stay() -> None:
    kept, dropped = keep_supported("A man kneels. Claude Monet painted him. The tones are dark.", GIVEN)
    assert kept == "A man kneels. The tones are dark."
    assert dropped == [("Claude Monet painted him.", ["Claude", "Monet"])]


def test_a_name_does_not_escape_behind_the_point_of_an_initial() -> None:
    assert sentences("By J. M. Turner of London. A sea.") == ["By J. M. Turner of London.", "A sea."]


def test_nothing_is_left_of_a_text_that_only_claims() -> None:
    assert keep_supported("Painted by Cezanne in 1890.", frozenset())[0] == ""
    assert keep_supported("", frozenset()) == ("", [])


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("It was painted by rembrandt.", "rembrandt"),
        ("A sheet drawn by hokusai's hand.", "hokusai"),
        ("It is attributed to vermeer.", "vermeer"),
        ("School of giotto.", "giotto"),
        ("From the circle of bellini.", "bellini"),
        ("A copy after titian.", "titian"),
        ("A vessel of c. 850.", "c. 850"),
        ("It was made circa 900.", "circa 900"),
        ("The light is baroque.", "baroque"),
        ("A renaissance portrait.", "renaissance"),
    ],
)
def test_claims_in_small_letters_are_found(text: str, claimed: str) -> None:
    assert claimed in claims(text, frozenset())


@pytest.mark.parametrize(
    "text", ["It was painted by rubens.", "The sky after the storm.", "A bird in song.", "It is of c. 850."]
)
def test_what_was_given_and_everyday_words_are_no_claims_in_small_letters(text: str) -> None:
    assert claims(text, GIVEN | {"850"}) == []


def test_years_may_be_taken_from_some_of_the_texts_alone() -> None:
    words = given_words(["Gift of Ann Example, 1931", "1888"], ["1888"])
    assert {"ann", "1888"} <= words
    assert "1931" not in words
