"""From words to drawings, read again."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import calligram
from calligram.drawing import DrawOptions, draw, parse_start
from calligram.errors import LayoutError, OptionError, PictureError, RequestError


def test_a_drawing_has_its_exact_shape_and_says_how_it_came(tiny_model: str) -> None:
    first = DrawOptions(model=tiny_model, until_read=False)
    (drawing,) = calligram.draw("a five", seed=3, options=first)
    assert (drawing.picture.rows, drawing.picture.columns) == (11, 20)
    assert calligram.decode(drawing.text) == drawing.picture
    assert (drawing.request, drawing.seed, drawing.tries) == ("a five", 3, 1)
    assert drawing.as_asked == (drawing.read_as == "5")
    assert drawing.bits > 0


def test_each_drawing_can_be_made_again_from_its_own_seed(tiny_model: str) -> None:
    first = DrawOptions(model=tiny_model, until_read=False)
    several = draw("capital q", 3, seed=10, options=first)
    assert [drawing.seed for drawing in several] == [10, 11, 12]
    for drawing in several:
        assert draw("capital q", seed=drawing.seed, options=first)[0].picture == drawing.picture


def test_without_a_seed_a_fresh_one_is_taken_and_told(tiny_model: str) -> None:
    first = DrawOptions(model=tiny_model, until_read=False)
    one, other = (draw("a bag", options=first)[0] for _ in range(2))
    assert one.seed != other.seed
    assert draw("a bag", seed=one.seed, options=first)[0].picture == one.picture


@pytest.mark.parametrize(("layout", "shape"), [("fine", (14, 28)), ("full", (28, 28))])
def test_every_layout_is_drawn(layout: str, shape: tuple[int, int], tiny_model: str) -> None:
    (drawing,) = draw("a coat", seed=1, layout=layout, model=tiny_model)
    assert drawing.picture.levels.shape == shape


def test_given_rows_are_kept_and_the_rest_is_drawn(tiny_model: str) -> None:
    whole = draw("a two", seed=1, model=tiny_model)[0]
    half = "".join(whole.text.splitlines(keepends=True)[:5])
    for given in (half, parse_start(half)):
        (completed,) = draw("a two", seed=2, model=tiny_model, complete=given)
        assert (completed.picture.levels[:5] == whole.picture.levels[:5]).all()
        assert completed.picture.rows == 11
        assert completed.picture != whole.picture


def test_rows_are_told_as_they_stand(tiny_model: str) -> None:
    told: dict[tuple[int, int], np.ndarray] = {}
    drawings = draw(
        "a two",
        2,
        options=DrawOptions(model=tiny_model, seed=1, until_read=False),
        on_row=lambda number, row, levels: told.update({(number, row): levels}),
    )
    assert len(told) == 22
    for (number, row), levels in told.items():
        assert (drawings[number].picture.levels[row] == levels).all()


def test_what_is_not_read_as_asked_is_drawn_again(tiny_model: str) -> None:
    options = DrawOptions(model=tiny_model, seed=1, until_read=True, tries=12)
    drawings = draw("a seven", 4, options=options)
    assert any(drawing.tries > 1 for drawing in drawings)
    assert all(drawing.as_asked or drawing.tries == 12 for drawing in drawings)
    assert len({drawing.seed for drawing in drawings}) == 4
    for drawing in drawings:
        again = draw("a seven", options=replace(options, seed=drawing.seed, until_read=False))[0]
        assert again.picture == drawing.picture
    once = draw("a seven", 4, options=replace(options, until_read=False))
    assert all(drawing.tries == 1 for drawing in once)


def test_without_the_check_nothing_is_read(tiny_model: str) -> None:
    (drawing,) = draw("a seven", seed=1, options=DrawOptions(model=tiny_model, check=False))
    assert drawing.read_as is None
    assert drawing.as_asked is None


def test_what_cannot_be_drawn_is_refused(tiny_model: str) -> None:
    with pytest.raises(RequestError, match="a cat"):
        draw("a cat", model=tiny_model)
    with pytest.raises(LayoutError, match="classic, fine, full"):
        draw("a two", layout="coarse", model=tiny_model)
    with pytest.raises(OptionError, match="temperature"):
        draw("a two", options=DrawOptions(model=tiny_model, temperature=-1))
    with pytest.raises(PictureError, match="fits none"):
        draw("a two", model=tiny_model, complete="scribble")
    with pytest.raises(PictureError, match="does not fit the layout fine"):
        draw("a two", layout="fine", model=tiny_model, complete="<row:1>" + 20 * "█" + "</row:1>\n")


@pytest.mark.parametrize("options", [{"beams": 3}, {"check": False}, {"until_read": False}])
def test_what_would_be_the_same_again_or_is_not_read_is_drawn_once(
    options: dict[str, Any], tiny_model: str
) -> None:
    assert DrawOptions().most_tries == 8
    assert DrawOptions(**options).most_tries == 1
    drawings = draw("a seven", 3, model=tiny_model, options=DrawOptions(seed=1, **options))
    assert [drawing.tries for drawing in drawings] == [1, 1, 1]


def test_a_kind_and_an_answer_are_a_request_too(tiny_model: str) -> None:
    options = DrawOptions(model=tiny_model, seed=4)
    (drawing,) = draw(("digit", "7"), options=options)
    assert drawing.request == "digit 7"
    assert drawing.picture == draw("a seven", options=options)[0].picture


def test_fewer_than_one_drawing_is_refused(tiny_model: str) -> None:
    with pytest.raises(OptionError, match="count is 0, but must be at least 1"):
        draw("a two", 0, model=tiny_model)


def test_rows_of_another_layout_than_the_one_asked_for_are_refused(tiny_model: str) -> None:
    rows = "<row:1>" + 20 * " " + "</row:1>\n"
    for given in (rows, parse_start(rows)):
        with pytest.raises(PictureError, match="name"):
            draw("a two", model=tiny_model, options=DrawOptions(layout="fine"), complete=given)
    assert draw("a two", seed=1, model=tiny_model, complete=rows)[0].picture.layout.name == "classic"
