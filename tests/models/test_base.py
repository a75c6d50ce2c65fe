"""What every model is to the rest."""

import numpy as np
import pytest

from calligram.errors import ModelError, NameInFamilyError
from calligram.models.base import Model, open_model
from calligram.picture import get_layout


def test_an_unknown_kind_of_model_is_named() -> None:
    with pytest.raises(NameInFamilyError, match="there is no 'crystal' among the models"):
        open_model("crystal:ball")


def test_a_model_that_cannot_say_why_says_so() -> None:
    class Silent(Model):
        name = "silent"
        read = draw = bits_per_cell = describe = None  # type: ignore[assignment]

    with pytest.raises(ModelError, match="'silent' cannot say which cells"):
        Silent().why(np.zeros((11, 20), np.uint8), get_layout("classic"), "What digit is this?")
