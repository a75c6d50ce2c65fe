"""Tests of calligram.picture.decoding: the exact inverse, and the place of each fault."""

import dataclasses
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from calligram import registry
from calligram.errors import InputError, LimitError, PictureError
from calligram.picture import LAYOUTS, RAMPS, Layout, Limits, decode, get_layout, spell

MARKUPS = registry.members("picture.markups")


@given(
    data=st.data(),
    ramp=st.sampled_from(sorted(RAMPS)),
    markup=st.sampled_from(MARKUPS),
    header=st.booleans(),
    rows=st.integers(1, 13),
    columns=st.integers(1, 25),
)
@settings(max_examples=200, deadline=None)
def test_decoding_is_the_exact_inverse_of_spelling(
    data: st.DataObject, ramp: str, markup: str, header: bool, rows: int, columns: int
) -> None:
    if markup == "letters" and len(RAMPS[ramp]) > 52:
        markup = "rows"
    layout = Layout("mine", columns=columns, ramp=ramp, markup=markup, header=header)
    highest = layout.level_count - 1
    levels = data.draw(npst.arrays(np.uint8, (rows, columns), elements=st.integers(0, highest)))
    picture = decode(spell(levels, layout), layout)
    assert np.array_equal(picture.levels, levels)
    assert picture.text == spell(levels, layout)
    assert picture.layout == layout
    assert np.array_equal(decode(picture.text, layout, repair=True).levels, levels)
    assert decode(picture.text, layout, repair=True).mends == ()


printing = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))


@given(
    ramp=st.lists(printing.filter(str.isprintable), min_size=2, max_size=12, unique=True),
    seed=st.integers(0, 99),
)
@settings(max_examples=100, deadline=None)
def test_any_custom_ramp_comes_back(ramp: list[str], seed: int) -> None:
    if "".join(ramp) in RAMPS:
        return
    levels = np.random.default_rng(seed).integers(0, len(ramp), (3, 7)).astype(np.uint8)
    for markup in MARKUPS:
        for header in (False, True):
            layout = Layout("mine", columns=7, ramp="".join(ramp), markup=markup, header=header)
            assert np.array_equal(decode(spell(levels, layout), layout).levels, levels)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_named_layout_is_recognised(name: str) -> None:
    layout = get_layout(name)
    levels = np.random.default_rng(3).integers(0, layout.level_count, layout.grid()).astype(np.uint8)
    assert decode(spell(levels, layout)).layout == layout


def test_the_published_sample_comes_back_byte_for_byte(published: str) -> None:
    assert decode(published).text == published
    assert decode(published).layout.name == "classic"


def test_a_header_tells_the_layout() -> None:
    layout = Layout("mine", columns=4, ramp=" ox", markup="plain", header=True)
    levels = np.zeros((2, 4), np.uint8)
    found = decode(spell(levels, layout))
    assert (found.layout.ramp, found.layout.markup, found.levels.shape) == (" ox", "plain", (2, 4))
    assert found.text == spell(levels, layout)


@pytest.mark.parametrize(
    ("damage", "row", "column", "words"),
    [
        (lambda text: text[:-1], 11, None, "ends without a line break"),
        (
            lambda text: text.replace("▓████▓", "▓█x██▓", 1),
            3,
            10,
            "holds 'x', which is not in the ramp 'classic'",
        ),
        (
            lambda text: text.replace("<row:4>", "<row:44>"),
            4,
            1,
            "begins with '<row:44', but must begin with",
        ),
        (lambda text: text.replace("<row:4> ", "<row:4>"), 4, 20, "ends after 19 cells, but must have 20"),
        (lambda text: text.replace("<row:4>", "<row:4> "), 4, 21, "goes on with ' </row:4>' after 20 cells"),
        (lambda text: text.replace("</row:4>", "</row:5>"), 4, 21, "must end with '</row:4>'"),
        (lambda text: "hello\n" + text, 1, 1, "begins with 'hello', but must begin with '<row:1>'"),
        (lambda text: text.replace("<row:4>", "\n<row:4>"), 4, 1, "must begin with '<row:4>'"),
    ],
)
def test_a_fault_is_told_with_its_place(five: str, damage, row: int, column: int | None, words: str) -> None:  # type: ignore[no-untyped-def]
    for layout in ("classic", None):
        with pytest.raises(PictureError) as caught:
            decode(damage(five), layout)
        assert (caught.value.row, caught.value.column) == (row, column)
        assert words in str(caught.value)
        assert str(caught.value).startswith(f"row {row}" + (f", column {column} " if column else " "))


def test_missing_and_surplus_rows_are_told_where_the_number_is_known(five: str) -> None:
    layout = dataclasses.replace(get_layout("classic"), rows=12)
    with pytest.raises(PictureError, match=r"row 12 is missing \(there must be 12 rows\)"):
        decode(five, layout)
    layout = dataclasses.replace(get_layout("classic"), rows=10)
    with pytest.raises(PictureError, match="row 11 is one too many"):
        decode(five, layout)


@pytest.mark.parametrize("text", ["", "\n", "\r\n\n"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(PictureError, match="the text is empty"):
        decode(text)


def test_a_text_that_is_no_picture_is_refused() -> None:
    prose = "It was a bright cold day in April,\nand the clocks were striking thirteen.\n"
    with pytest.raises(PictureError, match="row 1"):
        decode(prose)


def test_too_long_a_text_is_refused_by_its_limit(five: str) -> None:
    with pytest.raises(LimitError, match=r"too many for 10 cells: .* raise max_cells"):
        decode(five * 10, limits=Limits(max_cells=10))


@given(st.text(alphabet=" ▓█<row:/>123\n|x", max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_picture_or_one_clear_error(text: str) -> None:
    for repair in (False, True):
        with suppress(InputError):
            picture = decode(text, repair=repair)
            assert decode(picture.text, picture.layout).levels.shape == picture.levels.shape


def test_cells_are_counted_whatever_the_text_claims(five: str) -> None:
    assert decode(five, limits=Limits(max_cells=220)).levels.size == 220
    with pytest.raises(LimitError, match=r"20 x 11 = 220 cells, but max_cells is 219"):
        decode(five, limits=Limits(max_cells=219))
    with pytest.raises(LimitError, match=r"9999999 x 9999999"):
        decode("<picture:9999999x9999999:classic>\n<row:1> </row:1>\n", repair=True)
