"""What is said of a spelling, against cells and tokens counted by hand."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from string import ascii_letters

import numpy as np
import pytest

from calligram.evaluation.tokens.measuring import (
    cell_spans,
    describe_loss,
    load_pictures,
    measure,
    own_ramps,
    spellings,
)
from calligram.evaluation.tokens.opening import open_tokenizer
from calligram.evaluation.tokens.splitting import Tokenizer
from calligram.picture import RAMPS, Layout, get_layout, spell

TINY = Layout("tiny", columns=4, rows=2, markup="plain")
LEVELS = np.array([[0, 0, 1, 2], [0, 2, 1, 0]], np.uint8)


class Cutter(Tokenizer):
    """Cuts a text at given bytes."""

    name = kind = "cutter"
    size = 0

    def __init__(self, cuts: Sequence[int], stripped: bool = False) -> None:
        self._cuts, self._stripped, self._parts = cuts, stripped, [b""]

    def encode(self, text: str) -> Sequence[int]:
        whole = text.encode()
        ends = [*self._cuts, len(whole)]
        self._parts = [whole[start:end] for start, end in zip([0, *self._cuts], ends, strict=True)]
        return range(len(self._parts))

    def decode(self, ids: Sequence[int]) -> str:
        text = b"".join(self._parts[token] for token in ids).decode()
        return text.strip() if self._stripped else text

    def content(self, token: int) -> bytes:
        return self._parts[token]


def test_cells_are_counted_as_alone_shared_split_and_torn() -> None:
    # "  ▓█\n █▓ \n" in bytes: two blanks, 3 and 3, a break, a blank, 3 and 3, a blank, a break
    found = measure(Cutter([2, 5, 7, 9, 10, 13, 16]), [LEVELS], TINY)
    assert (found.tokens, found.most, found.cells, found.tokens_per_cell) == (8, 8, 8, 1)
    cutting = found.cutting
    assert (cutting.alone, cutting.shared, cutting.split, cutting.torn) == (4 / 8, 3 / 8, 1 / 8, 1 / 8)
    assert (found.ink.alone, found.ink.torn, found.ink.shared) == (3 / 4, 1 / 4, 0)
    assert found.levels["▓"].alone == 1
    assert (found.levels["█"].torn, found.levels["█"].alone) == (0.5, 0.5)
    assert (found.levels[" "].alone, found.levels[" "].shared) == (0.25, 0.75)


def test_a_cell_of_two_characters_may_be_split_without_being_torn() -> None:
    letters = replace(TINY, markup="letters")
    found = measure(Cutter([2, 3, 4]), [LEVELS], letters)  # " a| | a| …"
    assert found.levels[" a"].alone == 0.25
    assert found.levels[" a"].split == 0.25
    assert found.cutting.torn == 0


def test_a_text_that_does_not_come_back_is_said_to_be_lost() -> None:
    found = measure(Cutter([], stripped=True), [LEVELS], TINY)
    assert (found.returned, found.loss) == (0, "blanks at the ends are stripped")
    assert measure(Cutter([]), [LEVELS], TINY).returned == 1


def test_a_picture_without_ink_is_measured_by_its_blanks() -> None:
    assert measure(Cutter([1]), [np.zeros((1, 2), np.uint8)], TINY).ink.alone == 0.5


def test_what_fits_and_what_it_costs_follow_from_the_tokens() -> None:
    found = measure(Cutter([1, 2, 3]), [LEVELS, LEVELS], TINY)
    assert (found.fits(9), found.left(9)) == (2, 5)
    assert (found.fits(3), found.left(3)) == (0, 0)
    assert found.cost_per_thousand(2.5) == pytest.approx(4 * 1000 * 2.5 / 1e6)


def test_every_spelling_has_its_cells_where_they_are_looked_for() -> None:
    for layout in spellings(get_layout("classic")):
        levels = np.random.default_rng(1).integers(0, layout.level_count, (3, 5)).astype(np.uint8)
        text = spell(levels, layout)
        signs = [f" {sign}" for sign in ascii_letters] if layout.markup == "letters" else layout.symbols
        wanted = [signs[level] for level in levels.ravel()]
        assert [text[start:end] for start, end in cell_spans((3, 5), layout)] == wanted, layout


def test_spellings_are_each_of_a_kind_and_name_every_ramp() -> None:
    for name in ("classic", "fine"):
        found = spellings(get_layout(name))
        assert len({(each.ramp, each.markup, each.header) for each in found}) == len(found)
        assert {each.ramp for each in found} >= set(RAMPS)
        assert {each.markup for each in found} == {"rows", "plain", "numbered", "letters"}
    assert own_ramps(get_layout("fine")) == ["grey8", "01234567", "abcdefgh"]
    assert own_ramps(Layout("many", ramp="braille")) == ["braille"]
    assert own_ramps(Layout("ten", ramp="digits")) == ["digits", "abcdefghij"]


def test_a_normalising_sentencepiece_is_told_from_one_that_keeps_blanks(
    normalising_file: Path, sentencepiece_file: Path
) -> None:
    normalising = measure(open_tokenizer(str(normalising_file)), [LEVELS], TINY)
    assert (normalising.returned, normalising.loss) == (0, "line breaks are lost")
    keeping = measure(open_tokenizer(str(sentencepiece_file)), [LEVELS], TINY)
    assert (keeping.returned, keeping.loss) == (1, "")


def test_a_tokenizer_with_unknown_signs_is_measured_by_its_own_offsets(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel({"?": 0, "▓": 1}, unk_token="?"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Split("", "isolated")
    made.save(str(tmp_path / "tokenizer.json"))
    found = measure(open_tokenizer(str(tmp_path)), [LEVELS], TINY)
    assert found.cutting.alone == 1
    assert (found.returned, found.loss) == (0, "'█' becomes unknown")


@pytest.mark.parametrize(
    ("text", "back", "told"),
    [
        ("a", "a", ""),
        (" a\n", "a", "blanks at the ends are stripped"),
        ("a", " a", "blanks are put at the ends"),
        ("a\n  b", "a b", "line breaks are lost"),
        ("a  b", "a b", "runs of blanks are shortened"),
        ("a b", "a  b", "blanks are put in"),
        ("ab", "ba", "signs are changed"),
        ("a▓", "a", "'▓' becomes unknown"),
        ("".join(map(chr, range(0x2800, 0x2820))), "?", "32 signs become unknown"),
    ],
)
def test_losses_are_told_in_words(text: str, back: str, told: str) -> None:
    assert describe_loss(text, back) == told


def test_the_packages_own_samples_fill_the_grid() -> None:
    pictures = load_pictures("", 3, 0, 20)
    assert len(pictures) == 3
    assert all(picture.mean() > 5 and picture[0].max() < 60 for picture in pictures)
