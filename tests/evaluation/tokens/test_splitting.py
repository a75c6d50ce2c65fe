"""Where tokens lie in a text, against byte counting of another kind."""

from hypothesis import given
from hypothesis import strategies as st

from calligram.evaluation.tokens.splitting import align


@given(st.text("a ▓█\né", max_size=12), st.data())
def test_each_token_spans_the_characters_that_its_bytes_are_part_of(text: str, data: st.DataObject) -> None:
    whole = text.encode()
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=8)))
    parts = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    spans = align(text, parts)
    assert spans is not None
    place = 0
    for part, (start, end) in zip(parts, spans, strict=True):
        if not part:
            assert start == end
        else:
            assert len(text[:start].encode()) <= place
            assert len(text[:end].encode()) >= place + len(part)
            # one character less on either side would not hold the token
            assert len(text[: start + 1].encode()) > place
            assert len(text[: end - 1].encode()) < place + len(part)
        place += len(part)


def test_a_blank_put_before_the_text_spans_nothing() -> None:
    assert align("▓a", [" ▓".encode(), b"a"]) == ((0, 1), (1, 2))
    assert align("▓a", [b" ", "▓a".encode()]) == ((0, 0), (0, 2))


def test_bytes_that_are_not_the_texts_are_not_aligned() -> None:
    assert align("ab", [b"a"]) is None
    assert align("ab", [b"b", b"a"]) is None
    assert align("ab", [b"a", None]) is None
    assert align("ab", [b"  ", b"ab"]) is None
