"""What every model promises, whatever stands behind it."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.models.conftest import CLASSIC_DRAWING

from calligram import registry
from calligram.errors import ModelError, NameInFamilyError
from calligram.models.base import Model, SamplingOptions, Speaking, open_model
from calligram.picture import get_layout

CLASSIC = get_layout("classic")
LEVELS = np.random.default_rng(0).integers(3, size=(3, 11, 20)).astype(np.uint8)


@pytest.fixture(params=registry.members("models"))
def model(request: pytest.FixtureRequest) -> Model:
    """Each member of the family: a new one says here how a small model of it is spelled."""

    def find(name: str) -> Any:
        return request.getfixturevalue(name)

    digit = {"when": "What digit", "say": "7", "shares": {"7": 0.6, "1": 0.25}}
    spellings: dict[str, Callable[[], str]] = {
        "builtin": lambda: f"builtin:{find('tiny_folder')}",
        "hf": lambda: f"hf:{find('gpt2_folder')}",
        "openai": lambda: f"openai:any?base_url={find('openai_endpoint').base_url}",
        "anthropic": lambda: f"anthropic:any?base_url={find('anthropic_endpoint').base_url}",
        "scripted": lambda: f"scripted:{find('script')(digit, {'say': CLASSIC_DRAWING})}",
    }
    return open_model(spellings[request.param]())


def test_there_is_a_reading_for_each_picture_in_order(model: Model) -> None:
    together = model.read(LEVELS, CLASSIC, "What digit is this?")
    assert len(together) == 3
    for place, reading in enumerate(together):
        alone = model.read(LEVELS[place][None], CLASSIC, "What digit is this?")[0]
        assert (alone.answer, alone.familiarity) == (reading.answer, reading.familiarity)
        assert dict(alone.candidates) == pytest.approx(dict(reading.candidates), abs=1e-5)
    assert model.read(LEVELS[:0], CLASSIC, "What digit is this?") == []


def test_candidates_are_probabilities_the_likeliest_first(model: Model) -> None:
    for reading in model.read(LEVELS, CLASSIC, "What digit is this?", list("0123456789")):
        answers, shares = zip(*reading.candidates, strict=True)
        assert set(answers) <= set("0123456789")
        assert list(shares) == sorted(shares, reverse=True)
        assert min(shares) >= 0
        assert sum(shares) <= 1 + 1e-6
        assert reading.confidence == shares[0]
        assert reading.answer == (None if reading.abstained else answers[0])


def test_drawings_have_the_layouts_shape_and_follow_from_the_seed(model: Model) -> None:
    once, again = (model.draw("the digit 5", CLASSIC, 2, SamplingOptions(seed=7)) for _ in range(2))
    assert [grid.shape for grid in once] == [(11, 20)] * 2
    assert np.stack(once).max() < CLASSIC.level_count
    assert np.array_equal(once, again)


def test_a_picture_has_a_price_in_bits(model: Model) -> None:
    bits = model.bits_per_cell(LEVELS, CLASSIC, "the digit 5")
    assert bits.shape == (3,)
    told = isinstance(model, Speaking)
    assert (bits > 0).all() if told else np.isnan(bits).all()


def test_what_a_model_says_of_itself_is_json_with_its_name(model: Model) -> None:
    assert json.loads(json.dumps(model.describe()))["name"] == model.name


def test_an_unknown_kind_of_model_is_named() -> None:
    with pytest.raises(NameInFamilyError, match="there is no 'crystal' among the models"):
        open_model("crystal:ball")


def test_a_model_that_cannot_say_why_says_so() -> None:
    class Silent(Model):
        name = "silent"
        read = draw = bits_per_cell = describe = None  # type: ignore[assignment]

    with pytest.raises(ModelError, match="'silent' cannot say which cells"):
        Silent().why(np.zeros((11, 20), np.uint8), get_layout("classic"), "What digit is this?")
