"""The painter that sets what the built-in model draws."""

import numpy as np
import pytest

from calligram.errors import ModelError, OptionError, RequestError
from calligram.models.base import open_model
from calligram.painters.base import Order, open_painter
from calligram.picture import encode

FAST = "nano?layout=classic&tries=3"


@pytest.mark.parametrize("style", ["ink", "letters", "words", "cells"])
def test_every_style_shows_dark_ink_on_light_paper(style: str) -> None:
    (painted,) = open_painter(f"{FAST}&style={style}").paint(
        Order("the digit 0", seed=2, width=240, height=240)
    )
    light = np.asarray(painted.image.convert("L"), float)
    assert painted.image.size == (240, 240)
    assert light[:12].min() > 200
    assert 0.01 < (light < 128).mean() < 0.6
    assert painted.settings["style"] == style
    assert painted.settings["drawn"] == "digit 0"


def test_what_is_drawn_is_read_as_asked() -> None:
    painter, model = open_painter(f"{FAST}&style=ink&paper=black"), open_model("builtin")
    images = [painter.paint(Order(f"the digit {digit}", width=96, height=96))[0].image for digit in range(10)]
    pictures = [encode(image.convert("L"), "classic").levels for image in images]
    layout = encode(images[0].convert("L"), "classic").layout
    readings = model.read(np.stack(pictures), layout, "What digit is this?", familiarity=False)
    read = [reading.candidates[0][0] for reading in readings]
    assert sum(answer == str(digit) for digit, answer in enumerate(read)) >= 8


def test_seeds_draw_differently() -> None:
    one, other = open_painter(f"{FAST}&style=cells").paint(Order("an ankle boot", seed=1, width=100), 2)
    assert one.image.tobytes() != other.image.tobytes()
    assert (one.model, one.seed, other.seed) == ("calligram nano", 1, 2)


@pytest.mark.parametrize("words", ["a red fox", "", "the digit 12"])
def test_words_that_the_model_does_not_know_are_refused(words: str) -> None:
    with pytest.raises(RequestError):
        open_painter(FAST).paint(Order(words))


def test_an_unknown_style_or_layout_is_refused() -> None:
    with pytest.raises(OptionError, match="style is 'oil', but must be one of ink, letters, words, cells"):
        open_painter("nano?style=oil")
    with pytest.raises(ModelError, match="there is no model folder"):
        open_painter("nano:no/such/folder")
