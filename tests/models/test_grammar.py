"""The drawing grammar as bytes, as a regular expression and as GBNF."""

import re
from dataclasses import replace

import numpy as np
import pytest

from calligram import registry
from calligram.errors import PictureError
from calligram.models._grammar import START, PictureGrammar, TokenTree
from calligram.picture import Layout, spell

LEVELS = np.random.default_rng(0).integers(3, size=(4, 6)).astype(np.uint8)
LAYOUTS = [
    Layout("small", columns=6, rows=4, ramp=ramp, markup=markup, header=header)
    for ramp in ("classic", "@.-", "]^\\")
    for markup in registry.members("picture.markups")
    for header in (False, True)
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_a_picture_of_the_layout_is_within_the_grammar_and_comes_back(layout: Layout) -> None:
    grammar, text = PictureGrammar.of(layout), spell(LEVELS, layout)
    place = grammar.follow(START, text.encode())
    assert place is not None
    assert grammar.is_whole(place)
    assert re.fullmatch(grammar.regex(), text)
    assert np.array_equal(grammar.levels(text), LEVELS)


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_given_rows_are_not_written_again(layout: Layout) -> None:
    grammar, text = PictureGrammar.of(layout, LEVELS[:2]), spell(LEVELS, layout)
    assert text.startswith(grammar.given_text)
    rest = text.removeprefix(grammar.given_text)
    assert re.fullmatch(grammar.regex(), rest)
    place = grammar.follow(START, rest.encode())
    assert place is not None
    assert grammar.is_whole(place)
    assert np.array_equal(grammar.levels(rest), LEVELS)


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_rows_are_read_as_soon_as_they_stand(layout: Layout) -> None:
    grammar, text = PictureGrammar.of(layout), spell(LEVELS, layout)
    seen = [len(grammar.rows_in(text[:end])) for end in range(len(text) + 1)]
    assert seen == sorted(seen)
    assert (seen[0], seen[-2], seen[-1]) == (0, 3, 4)
    assert np.array_equal(grammar.rows_in(text), LEVELS)


@pytest.mark.parametrize("damage", ["x", "<row:2>", "▓" * 7, "</row:1>"])
def test_what_is_no_such_picture_is_outside(damage: str) -> None:
    grammar = PictureGrammar.of(Layout("small", columns=6, rows=4))
    assert grammar.follow(START, f"<row:1>{damage}".encode()) is None


def test_a_fault_is_told_with_its_row() -> None:
    grammar = PictureGrammar.of(Layout("small", columns=6, rows=4), LEVELS[:1])
    with pytest.raises(PictureError, match="row 2, column 7 goes on"):
        grammar.levels("<row:2>       </row:2>\n<row:3>      </row:3>\n<row:4>      </row:4>\n")


def test_gbnf_counts_cells_and_quotes_what_has_to_be() -> None:
    told = PictureGrammar.of(Layout("q", columns=2, rows=1, ramp='"\\ ', markup="rows")).gbnf()
    assert told == 'root ::= "<row:1>" cell{2} "</row:1>\\n"\ncell ::= "\\"" | "\\\\" | " "\n'


def test_tokens_that_hold_parts_of_a_glyph_or_several_cells_may_follow_where_they_fit() -> None:
    layout = Layout("small", columns=3, rows=1, markup="plain")
    pieces = [b"\xe2", b"\x96", b"\x93", b"\x88", b"  ", b" \xe2\x96", b"   \n", b"\n", b"x", b""]
    tree, grammar = TokenTree(dict(enumerate(pieces))), PictureGrammar.of(layout)

    def following(text: bytes) -> set[bytes]:
        place = grammar.follow(START, text)
        assert place is not None
        return {pieces[token] for token in tree.allowed(grammar, place)}

    assert following(b"") == {b"\xe2", b"  ", b" \xe2\x96", b"   \n"}
    assert following(b" \xe2\x96") == {b"\x93", b"\x88"}
    assert following(b"  ") == {b"\xe2"}  # one cell is left
    assert following(b"   ") == {b"\n"}
    assert following(b"   \n") == set()


def test_a_layout_without_rows_draws_as_for_a_square_image() -> None:
    grammar = PictureGrammar.of(replace(Layout("free", columns=20), rows=None))
    assert (grammar.rows, len(grammar.fixed)) == (11, 12)
