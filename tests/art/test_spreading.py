"""Sets that differ: the vectors beside scikit-learn's, the choice beside the formula written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calligram.art.spreading import choose_spread, embed, likenesses

TEXTS = ["a slow river at dusk", "a river, slow, and a mill", "oil on canvas", "", "River river RIVER"]


def test_vectors_are_those_of_scikit_learn() -> None:
    text = pytest.importorskip("sklearn.feature_extraction.text", reason="needs the extra train")

    def terms(told: str) -> list[str]:
        words = "".join(sign if sign.isalnum() else " " for sign in told.lower()).split()
        runs = [f"<{word}>"[at : at + 4] for word in words for at in range(max(1, len(word) - 1))]
        return words + runs

    oracle = text.TfidfVectorizer(analyzer=terms, sublinear_tf=True, smooth_idf=True)
    expected = oracle.fit_transform(TEXTS).toarray()
    assert np.allclose(embed(TEXTS) @ embed(TEXTS).T, expected @ expected.T, atol=1e-12)


def test_like_texts_are_alike_and_strange_ones_are_not() -> None:
    alike = likenesses(TEXTS)
    assert alike[0, 0] == 1
    assert alike[0, 1] > 0.2
    assert alike[0, 2] == 0
    assert alike[3].tolist() == [0] * 5


def written_out(alike: np.ndarray, fit: list[float], count: int, spread: float) -> list[int]:
    chosen: list[int] = []
    while len(chosen) < min(count, len(fit)):
        scores = {
            place: round(
                (1 - spread) * round(fit[place], 6)
                - spread * max((alike[place, other] for other in chosen), default=0.0),
                6,
            )
            for place in range(len(fit))
            if place not in chosen
        }
        chosen.append(max(scores, key=lambda place: (scores[place], -place)))
    return chosen


@given(st.integers(0, 10**6), st.integers(1, 9), st.sampled_from([0.0, 0.3, 0.6, 1.0]))
def test_the_choice_is_maximal_marginal_relevance(seed: int, size: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    half = rng.integers(0, 1000, (size, size)) / 1000
    alike, fit = (half + half.T) / 2, (rng.integers(0, 1000, size) / 1000).tolist()
    assert choose_spread(alike, fit, 5, spread) == written_out(alike, fit, 5, spread)


def test_a_spread_of_nothing_takes_the_fittest() -> None:
    assert choose_spread(np.ones((3, 3)), [0.1, 0.9, 0.5], 2, spread=0) == [1, 2]


def test_of_each_group_one_at_most_is_taken() -> None:
    assert choose_spread(np.zeros((4, 4)), [0.9, 0.8, 0.1, 0.2], 4, 0.5, [1, 1, 2, 2]) == [0, 3]


def test_a_set_chosen_from_texts_leaves_the_twin_out() -> None:
    texts = ["a slow river at dusk", "a slow river at dusk, wide", "a burning barn"]
    assert choose_spread(likenesses(texts), [1, 1, 0.5], 2, 0.6) == [0, 2]
