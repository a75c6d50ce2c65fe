import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calligram.errors import ModelError
from calligram.nano.vocabulary import Vocabulary, build
from calligram.picture import LAYOUTS, get_layout, spell

RAMPS = [get_layout("classic").symbols, get_layout("fine").symbols]
VOCABULARY = build(RAMPS, ["What digit is this?\n"], ["5", "ankle boot", "none"])


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_the_fast_path_spells_a_picture_as_its_text_is_spelled(name: str) -> None:
    layout = get_layout(name)
    levels = np.random.default_rng(1).integers(0, layout.level_count, (3, *layout.grid())).astype(np.uint8)
    levels[0, 2] = 0
    fast = VOCABULARY.picture_ids(levels, layout.symbols)
    assert [row.tolist() for row in fast] == [VOCABULARY.encode(spell(grid, layout)) for grid in levels]


def test_a_classic_picture_takes_sixty_seven_tokens() -> None:
    assert VOCABULARY.picture_ids(np.zeros((1, 11, 20), np.uint8), RAMPS[0]).shape == (1, 67)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_survives_encoding(text: str) -> None:
    assert VOCABULARY.decode(VOCABULARY.encode(text)) == text


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from([*" ▓█.:-=+*#5\n<>/row:1ankle boté", "ankle boot", "</row:1>\n<row:2>"])).map(
        "".join
    )
)
def test_hugging_face_cuts_a_text_as_we_do(text: str) -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="needs the extra train")
    theirs = tokenizers.Tokenizer.from_str(json.dumps(VOCABULARY.tokenizer_json()))
    assert theirs.encode(text).ids == VOCABULARY.encode(text)


def test_a_written_vocabulary_comes_back(tmp_path: Path) -> None:
    VOCABULARY.save(tmp_path / "tokenizer.json")
    assert Vocabulary.load(tmp_path / "tokenizer.json") == VOCABULARY


def test_a_damaged_vocabulary_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text('{"model": {}}')
    with pytest.raises(ModelError, match="no vocabulary of a built-in model"):
        Vocabulary.load(tmp_path / "tokenizer.json")


def test_columns_that_are_no_fours_are_refused() -> None:
    with pytest.raises(ModelError, match="columns in fours"):
        VOCABULARY.picture_ids(np.zeros((1, 4, 10), np.uint8), RAMPS[0])


def test_a_ramp_that_was_not_taught_is_refused() -> None:
    with pytest.raises(ModelError, match="no tokens for the ramp"):
        VOCABULARY.run_ids("01")


def test_ramps_that_share_more_than_the_blank_are_refused() -> None:
    with pytest.raises(ModelError, match="share more than the blank"):
        build([" .:", " .#"], [], [])
