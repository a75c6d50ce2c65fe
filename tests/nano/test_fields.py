"""Fields before a text."""

from hypothesis import given
from hypothesis import strategies as st

from calligram.nano.fields import KINDS, Fields, spell_fields, split_fields

words = st.text("abcdefghij", min_size=1, max_size=8)
FIELDS = st.builds(
    Fields,
    kind=st.sampled_from(KINDS),
    medium=words | st.just(""),
    period=words | st.just(""),
    tags=st.lists(words, max_size=3).map(tuple),
    colours=st.lists(words, max_size=3).map(tuple),
    title=words | st.just(""),
)


@given(FIELDS, st.text(max_size=40))
def test_fields_are_found_again_before_any_text(fields: Fields, text: str) -> None:
    assert split_fields(spell_fields(fields) + text) == (fields, text)


def test_a_text_that_only_looks_like_fields_stays_whole() -> None:
    for text in ("Kind: sonnet\n\nO", "Kind words\n\nhere", "Kind: label\nMaker: X\n\nA"):
        assert split_fields(text) == (None, text)
