"""From raw scores to honest figures."""

import numpy as np
import pytest

from calligram.errors import ModelError
from calligram.nano.calibration import (
    Calibration,
    Figures,
    fit_bits,
    fit_limits,
    fit_temperature,
    read_calibration,
    write_calibration,
)


def test_the_temperature_undoes_scores_that_were_made_too_sure() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 5)) * 2
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    truth = (rng.random((len(shares), 1)) > shares.cumsum(1)).sum(1)
    assert fit_temperature(logits * 2, truth) == pytest.approx(2.0, rel=0.05)


def test_familiarity_of_known_pictures_is_spread_evenly() -> None:
    bits = np.random.default_rng(0).gamma(3, size=4000)
    made = Calibration(bits=fit_bits(bits, ["5"] * len(bits)))
    familiarity = made.familiarity(bits, ["5"] * len(bits))
    assert familiarity is not None
    assert np.quantile(familiarity, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.03)


def test_pictures_that_are_too_likely_or_too_unlikely_are_unfamiliar() -> None:
    made = Calibration(bits=fit_bits(np.linspace(1, 2, 100), ["5"] * 100))
    familiarity = made.familiarity(np.array([0.1, 1.5, 9.0]), ["5"] * 3)
    assert familiarity == pytest.approx([0.0, 1.0, 0.0])


def test_each_answer_is_compared_with_its_own_pictures() -> None:
    bits = np.concatenate([np.linspace(1, 2, 100), np.linspace(5, 6, 100)])
    made = Calibration(bits=fit_bits(bits, ["1"] * 100 + ["8"] * 100))
    familiarity = made.familiarity(np.array([1.5, 1.5]), ["1", "8"])
    assert familiarity == pytest.approx([1.0, 0.0])


def test_without_known_pictures_familiarity_is_not_told() -> None:
    assert Calibration().familiarity(np.zeros(1), ["5"]) is None


def test_an_answer_without_known_pictures_borrows_no_others() -> None:
    made = Calibration(least_familiarity=0.1, bits=fit_bits(np.linspace(1, 2, 100), ["1"] * 100))
    familiarity = made.familiarity(np.array([1.5, 1.5]), ["1", "8"])
    assert familiarity == pytest.approx([1.0, np.nan], nan_ok=True)
    assert not made.abstains(np.array([0.9, 0.9]), np.zeros(2), familiarity).any()


def test_each_limit_makes_the_model_abstain() -> None:
    made = Calibration(least_confidence=0.6, least_familiarity=0.1, most_none=0.3)
    confidence, none = np.array([0.9, 0.5, 0.6, 0.7]), np.array([0.0, 0.0, 0.35, 0.0])
    familiarity = np.array([0.5, 0.5, 0.5, 0.05])
    assert made.abstains(confidence, none, familiarity).tolist() == [False, True, True, True]


def test_limits_catch_strange_pictures_and_keep_the_known() -> None:
    rng = np.random.default_rng(0)
    known = Figures(rng.uniform(0.8, 1, 500), np.zeros(500), rng.random(500))
    noise = Figures(rng.uniform(0.8, 1, 500), np.zeros(500), np.zeros(500))
    other = Figures(rng.uniform(0.1, 0.75, 500), np.zeros(500), rng.random(500))
    limits = fit_limits(Calibration(temperature=1.5), known, [noise, other], allowed=0.02)
    assert limits.temperature == 1.5
    assert known.shares(limits) <= 0.02
    assert noise.shares(limits) >= 0.99
    assert other.shares(limits) >= 0.99


def test_what_is_written_is_read_again() -> None:
    written: dict[str, object] = {}
    made = Calibration(temperature=1.25, bits={"5": [1.0, 2.0]})
    write_calibration(written, "classic", "digit", made)
    assert read_calibration(written, "classic", "digit") == made
    assert read_calibration(written, "classic", "letter") == Calibration()


def test_a_damaged_calibration_is_named() -> None:
    with pytest.raises(ModelError, match=r"calibration\.json is damaged at classic, digit"):
        read_calibration({"layouts": {"classic": {"digit": {"heat": 1}}}}, "classic", "digit")
