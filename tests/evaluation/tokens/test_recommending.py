"""Which spelling is recommended, the reason given, and the command that spells so."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from calligram.evaluation.tokens.inspection import inspect
from calligram.evaluation.tokens.measuring import Cutting, Measure
from calligram.evaluation.tokens.options import TokensOptions
from calligram.evaluation.tokens.recommending import flags_of, recommend
from calligram.picture import Layout, encode, get_layout

WHOLE, TORN, MIXED = Cutting(1, 0, 0, 0), Cutting(0.9, 0, 0.1, 0.1), Cutting(0.2, 0.8, 0, 0)
THREE = Path(__file__).parents[3] / "examples" / "three.png"


def spelled(
    markup: str,
    tokens: int,
    cutting: Cutting = WHOLE,
    returned: float = 1,
    ramp: str = "012",
    header: bool = False,
) -> Measure:
    layout = Layout("custom", ramp=ramp, markup=markup, header=header)
    return Measure(layout, 9, 220, tokens, tokens + 9, cutting, cutting, {}, returned, "")


def test_the_shortest_spelling_is_recommended() -> None:
    found = recommend([spelled("rows", 300), spelled("plain", 60), spelled("numbered", 90)], 8192)
    assert found.measure.layout.markup == "plain"
    assert found.reason == "It takes the fewest tokens, 60 a picture."
    assert found.alternative is None, "it is one token for every cell already"
    assert flags_of(found.measure, "classic") == "--markup plain --chars 012"


def test_what_cannot_be_used_is_passed_over_and_the_reason_says_so() -> None:
    torn, lost, whole = spelled("rows", 50, TORN), spelled("plain", 60, returned=0.9), spelled("letters", 231)
    found = recommend([torn, lost, whole], 8192)
    assert found.measure is whole
    assert "among those that come back from the tokenizer whole and cut no character" in found.reason
    assert flags_of(found.measure, "012") == "--markup letters"


def test_inked_cells_of_their_own_go_before_few_tokens() -> None:
    found = recommend([spelled("plain", 60, MIXED), spelled("letters", 231)], 8192)
    assert found.measure.tokens == 231
    assert "among those that give each inked cell a token of its own" in found.reason
    assert recommend([spelled("plain", 60, MIXED), spelled("rows", 300, MIXED)], 8192).measure.tokens == 60


def test_where_blanks_merge_one_token_for_every_cell_is_named_beside_it() -> None:
    merged = replace(spelled("plain", 72), cutting=MIXED)  # its ink is whole
    torn = spelled("rows", 90, TORN)
    found = recommend([merged, spelled("plain", 232), spelled("letters", 231), torn], 8192)
    assert found.measure is merged
    assert found.alternative is not None
    assert found.alternative.tokens == 231
    assert recommend([merged, torn], 8192).alternative is None


@pytest.mark.parametrize("layout", ["classic", "fine"])
def test_the_printed_command_spells_the_picture_that_was_measured(
    layout: str, byte_level: Any, calligram_command: Callable[[Sequence[str]], tuple[int, str, str]]
) -> None:
    found = inspect(str(byte_level.folder), TokensOptions(limit=1, layout=layout))
    asked = [found.own, *(each for each in found.measures if not each.layout.header)]
    for measure in {each.spelling: each for each in asked}.values():
        words = shlex.split(found.command(measure).replace("FILE", str(THREE)))
        code, out, _ = calligram_command(words[1:])
        assert code == 0
        assert out == encode(THREE, measure.layout).text, measure.spelling
    assert found.own.layout.columns == get_layout(layout).columns


def test_a_torn_spelling_that_fits_goes_before_a_whole_one_that_does_not() -> None:
    assert recommend([spelled("plain", 200, TORN), spelled("letters", 231)], 210).measure.tokens == 200


def test_where_no_spelling_is_usable_the_shortest_is_named_all_the_same() -> None:
    found = recommend([spelled("rows", 300, TORN, 0.5), spelled("plain", 200, TORN, 0.5)], 100)
    assert (found.measure.tokens, "among" in found.reason) == (200, False)


def test_a_header_is_not_recommended_and_blanks_at_the_ends_are_warned_of() -> None:
    found = recommend(
        [spelled("plain", 40, ramp="classic", header=True), spelled("plain", 60, ramp="classic")], 99
    )
    assert found.measure.tokens == 60
    assert found.reason.endswith("may strip the blanks at its ends.")


def test_the_built_in_model_is_given_what_it_was_taught() -> None:
    found = inspect("builtin", TokensOptions(limit=1, layout="fine"))
    assert found.recommended.measure is found.own
    assert (found.own.layout.ramp, found.own.layout.markup) == ("grey8", "rows")
    assert "was taught" in found.recommended.reason
    assert len(found.panels()) == 1
