"""Answers end where they are to, however their text is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calligram.server.answers import Piece, Scored
from calligram.server.endings import Ending


def run(ending: Ending, texts: list[str]) -> tuple[str, str | None]:
    pieces = [Piece(0, text, (Scored(text, -1.0),), tokens=1) for text in texts] + [
        Piece(0, "", ended="length")
    ]
    out = [part for piece in pieces for part in ending.take(piece)]
    assert [part.ended for part in out[:-1]] == [None] * (len(out) - 1)
    return "".join(part.text for part in out), out[-1].ended


@given(
    st.lists(st.text("ab.", max_size=4), max_size=8),
    st.lists(st.text("ab.", min_size=1, max_size=3), max_size=3),
)
def test_an_answer_ends_before_what_is_first_whole_of_the_texts_to_stop_at(
    texts: list[str], stops: list[str]
) -> None:
    whole, places = "", []
    for text in texts:
        whole += text
        if places := [whole.index(stop) for stop in stops if stop in whole]:
            break
    told, reason = run(Ending(stops), texts)
    assert told == whole[: min(places, default=len(whole))]
    assert reason == ("stop" if places else "length")


def test_what_may_begin_a_stop_is_held_back_and_no_more() -> None:
    ending = Ending(["end."])
    assert [piece.text for piece in ending.take(Piece(0, "the "))] == ["the "]
    assert [piece.text for piece in ending.take(Piece(0, "en"))] == []
    assert [piece.text for piece in ending.take(Piece(0, "try"))] == ["en", "try"]


def test_tokens_keep_their_figures_up_to_the_end() -> None:
    ending = Ending(["c"])
    pieces = [Piece(0, text, (Scored(text, -1.0),)) for text in ("a", "bc", "d")]
    out = [part for piece in pieces for part in ending.take(piece)]
    assert [(part.text, len(part.scores), part.ended) for part in out] == [
        ("a", 1, None),
        ("b", 1, None),
        ("", 0, "stop"),
    ]
    assert list(ending.take(Piece(0, "more"))) == []


@pytest.mark.parametrize(
    ("most", "told", "reason"), [(3, "123", "length"), (6, "123456", "stop"), (9, "123456", "stop")]
)
def test_larger_pieces_are_cut_after_so_many_tokens(
    most: int, told: str, reason: str, builtin: object
) -> None:
    from calligram.models.base import Speaking

    assert isinstance(builtin, Speaking)
    ending = Ending((), most, builtin)
    pieces = [Piece(0, "12"), Piece(0, "345"), Piece(0, "6", ended="stop")]
    out = [part for piece in pieces for part in ending.take(piece)]
    assert ("".join(part.text for part in out), out[-1].ended) == (told, reason)
