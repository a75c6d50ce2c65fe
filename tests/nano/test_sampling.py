"""How the next token is chosen."""

import numpy as np
import pytest

from calligram import settings
from calligram.errors import OptionError
from calligram.nano.sampling import SamplingOptions, choose, log_softmax, probabilities, uniforms

LOGITS = np.log(np.array([[0.5, 0.25, 0.15, 0.1]], np.float32))


def kept(**options: float) -> list[bool]:
    return list(probabilities(LOGITS, SamplingOptions(**options))[0] > 0)


def test_top_k_keeps_the_likeliest_so_many() -> None:
    assert kept(top_k=2) == [True, True, False, False]


def test_top_k_beyond_the_vocabulary_keeps_all() -> None:
    assert kept(top_k=99) == [True] * 4


@pytest.mark.parametrize(("top_p", "wanted"), [(0.4, 1), (0.6, 2), (0.74, 2), (0.8, 3), (1.0, 4), (0.0, 1)])
def test_top_p_keeps_the_fewest_that_reach_the_share(top_p: float, wanted: int) -> None:
    assert sum(kept(top_p=top_p)) == wanted


def test_min_p_drops_what_is_small_beside_the_likeliest() -> None:
    assert kept(min_p=0.4) == [True, True, False, False]


def test_what_is_kept_sums_to_one_in_its_old_proportions() -> None:
    shares = probabilities(LOGITS, SamplingOptions(top_k=2))[0]
    assert shares == pytest.approx([2 / 3, 1 / 3, 0, 0])


def test_temperature_raises_probabilities_to_its_inverse() -> None:
    wanted = np.array([0.5, 0.25, 0.15, 0.1]) ** 2
    assert probabilities(LOGITS, SamplingOptions(temperature=0.5))[0] == pytest.approx(wanted / wanted.sum())


def test_temperature_nought_takes_the_likeliest_whatever_the_chance() -> None:
    assert choose(LOGITS, SamplingOptions(temperature=0), np.array([0.999]), None)[0] == 0


@pytest.mark.parametrize(("chance", "wanted"), [(0.0, 0), (0.49, 0), (0.51, 1), (0.76, 2), (0.91, 3)])
def test_a_chance_falls_where_the_sum_of_probabilities_reaches_it(chance: float, wanted: int) -> None:
    assert choose(LOGITS, SamplingOptions(), np.array([chance]), None)[0] == wanted


def test_a_chance_just_under_one_never_takes_what_was_left_out() -> None:
    chance = np.array([np.nextafter(1.0, 0.0)])
    assert choose(LOGITS, SamplingOptions(top_k=2), chance, None)[0] == 1


def test_samples_come_as_often_as_their_probabilities_say() -> None:
    rows = np.repeat(LOGITS, 20_000, axis=0)
    picked = choose(rows, SamplingOptions(), np.random.default_rng(0).random(len(rows)), None)
    assert np.bincount(picked) / len(rows) == pytest.approx([0.5, 0.25, 0.15, 0.1], abs=0.01)


def test_the_repetition_penalty_makes_used_tokens_less_likely_whatever_their_sign() -> None:
    logits = np.array([[2.0, -1.0, 1.5]], np.float32)
    used = np.array([[1.0, 1.0, 0.0]], np.float32)
    options = SamplingOptions(temperature=0, repetition_penalty=2.0)
    assert choose(logits, options, np.zeros(1), used)[0] == 2


def test_each_row_of_chances_follows_from_its_seed_alone() -> None:
    assert np.array_equal(uniforms([3, 4, 5], 7)[1], uniforms([4], 7)[0])


def test_log_softmax_agrees_with_the_plain_formula() -> None:
    logits = np.random.default_rng(1).normal(size=(3, 5))
    assert np.allclose(log_softmax(logits), np.log(np.exp(logits) / np.exp(logits).sum(1, keepdims=True)))


def test_options_without_a_seed_get_a_fresh_one_and_keep_a_given_one() -> None:
    assert SamplingOptions().seeded().seed is not None
    assert SamplingOptions(seed=9).seeded().seed == 9


def test_an_option_out_of_its_range_is_refused() -> None:
    with pytest.raises(OptionError, match=r"top_p is 1\.5, but must be from 0 to 1"):
        settings.check(SamplingOptions(top_p=1.5))
