"""The drawing grammar."""

import numpy as np
import pytest

from calligram.errors import ModelError
from calligram.nano.grammar import DrawingGrammar
from calligram.nano.tiny import make_vocabulary
from calligram.picture import LAYOUTS, spell

VOCABULARY = make_vocabulary()


def grammar(name: str = "classic") -> DrawingGrammar:
    layout = LAYOUTS[name]
    return DrawingGrammar(VOCABULARY, layout.symbols, *layout.grid())


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_free_places_and_forced_row_ends_spell_exactly_a_picture(name: str) -> None:
    made = grammar(name)
    levels = (
        np.random.default_rng(0).integers(len(made.symbols), size=(made.rows, made.columns)).astype(np.uint8)
    )
    choices = made.choices(levels[None]).ravel()
    ids = list(made.opening(None))
    for place, choice in enumerate(choices):
        ids.append(int(made.runs[choice]))
        row_end = made.forced(place)
        ids += [] if row_end is None else [row_end]
    assert VOCABULARY.decode(ids) == spell(levels, name)
    assert len(ids) == made.length


def test_levels_are_the_inverse_of_choices() -> None:
    made = grammar("fine")
    levels = np.random.default_rng(1).integers(8, size=(5, 14, 28)).astype(np.uint8)
    assert np.array_equal(made.levels(made.choices(levels)), levels)


def test_the_places_before_runs_are_those_that_predict_them() -> None:
    made = grammar()
    levels = np.random.default_rng(2).integers(3, size=(1, 11, 20)).astype(np.uint8)
    ids = VOCABULARY.picture_ids(levels, made.symbols)[0]
    assert np.array_equal(ids[made.before_runs() + 1], made.runs[made.choices(levels).ravel()])


def test_given_rows_open_a_drawing_as_the_whole_picture_would() -> None:
    made = grammar()
    levels = np.random.default_rng(3).integers(3, size=(1, 11, 20)).astype(np.uint8)
    whole = VOCABULARY.picture_ids(levels, made.symbols)[0]
    opening = made.opening(levels[0, :4])
    assert np.array_equal(opening, whole[: len(opening)])


@pytest.mark.parametrize("shape", [(11, 20), (3, 16)])
def test_given_rows_that_do_not_fit_are_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(ModelError, match=r"the rows to continue are .* but must have 20 columns"):
        grammar().opening(np.zeros(shape, np.uint8))


@pytest.mark.parametrize(("rows", "columns"), [(11, 18), (29, 20), (0, 20)])
def test_a_shape_that_the_vocabulary_cannot_spell_is_refused(rows: int, columns: int) -> None:
    with pytest.raises(ModelError, match="columns in fours and at most 28 rows"):
        DrawingGrammar(VOCABULARY, LAYOUTS["classic"].symbols, rows, columns)
