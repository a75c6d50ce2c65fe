"""Where boundaries fall, as pieces and as plain lines."""

from calligram.evaluation.tokens.boundaries import Panel, make_panel, plain_lines
from calligram.evaluation.tokens.splitting import Split

TEXT = "a▓ \nbb"
SPLIT = Split((7, 8, 9, 9), ((0, 2), (1, 2), (2, 5), (5, 6)))
"""The glyph is cut in two; the third token goes over the end of a line."""


def panel() -> Panel:
    return make_panel("two lines", TEXT, SPLIT)


def test_lines_are_cut_where_tokens_end() -> None:
    assert plain_lines(panel()) == ["a‖▓‖ ↵", "b|b"]
    assert "".join(piece.text for line in panel().lines for piece in line) == "a▓ ↵bb"
    assert panel().columns == 4


def test_tokens_have_two_tints_by_turns_and_shared_characters_a_third() -> None:
    pieces = [piece for line in panel().lines for piece in line]
    assert [(piece.text, piece.tint) for piece in pieces] == [
        ("a", 0),
        ("▓", 2),
        (" ↵", 0),
        ("b", 0),
        ("b", 1),
    ]
