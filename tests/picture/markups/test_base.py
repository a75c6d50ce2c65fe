"""What every markup must be, those of other packages too."""

import pytest

from calligram import registry
from calligram.picture import RAMPS
from calligram.picture.spelling import get_markup

MARKUPS = registry.members("picture.markups")


@pytest.mark.parametrize("name", MARKUPS)
@pytest.mark.parametrize("ramp", [ramp for ramp in RAMPS if len(RAMPS[ramp]) <= 52])
def test_cells_are_distinct_and_of_one_length(name: str, ramp: str) -> None:
    cells = get_markup(name).cells(RAMPS[ramp])
    assert len(set(cells)) == len(cells) == len(RAMPS[ramp])
    assert len({len(cell) for cell in cells}) == 1
    assert not any("\n" in cell for cell in cells)


@pytest.mark.parametrize("name", MARKUPS)
def test_a_row_ends_with_its_only_line_break(name: str) -> None:
    markup = get_markup(name)
    for row in (1, 9, 10):
        assert "\n" not in markup.before(row, 10)
        assert markup.after(row, 10).endswith("\n")
        assert markup.after(row, 10).count("\n") == 1


@pytest.mark.parametrize("name", MARKUPS)
def test_the_loose_pattern_finds_the_cells_of_a_sound_row(name: str) -> None:
    markup = get_markup(name)
    cells = "".join(markup.cells(" .#")[level] for level in (0, 1, 2, 0))
    line = markup.before(3, 10) + cells + markup.after(3, 10).removesuffix("\n")
    match = markup.LOOSE.fullmatch(line)
    assert match is not None
    assert match["cells"].rstrip() == cells.rstrip()
    assert match["number"] in ("3", None)
