"""Texts beside a corpus: copied stretches and nearest passages."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calligram.art.texts import Copied, Nearest, Passages, longest_copied, nearest
from calligram.metrics._words import words_of

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12).map(" ".join)


def longest_by_looking(text: str, passages: list[str]) -> int:
    """Return the longest common stretch by comparing every stretch with every passage."""
    told = words_of(text)
    joined = [f" {' '.join(words_of(passage))} " for passage in passages]
    stretches = {(j - i, " ".join(told[i:j])) for i in range(len(told)) for j in range(i + 1, len(told) + 1)}
    return max((n for n, stretch in stretches if any(f" {stretch} " in one for one in joined)), default=0)


@given(WORDS, st.lists(WORDS, max_size=5))
def test_the_longest_stretch_is_as_long_as_by_looking_everywhere(text: str, passages: list[str]) -> None:
    copied = longest_copied(text, passages)
    assert copied.words == longest_by_looking(text, passages)
    assert len(words_of(copied.passage)) == copied.words
    assert copied.passage in text


def test_capitals_and_points_do_not_hide_a_copy_and_it_is_spelled_as_in_the_corpus() -> None:
    corpus = ["Nothing.", "She stood, at the OPEN window; and waited."]
    assert longest_copied("and he stood at the open window", corpus) == Copied(5, "stood, at the OPEN window")


def test_no_stretch_runs_from_one_passage_into_the_next_nor_over_an_unknown_word() -> None:
    assert longest_copied("red blue green gold", ["red blue", "green gold"]).words == 2
    assert longest_copied("red blue unheard green gold", ["red blue green gold"]).words == 2
    assert longest_copied("unheard unseen untold", ["red blue", "green"]) == Copied(0, "")


def test_han_characters_are_words_each() -> None:
    assert longest_copied("山水画长卷", ["一幅山水画"]) == Copied(3, "山水画")


@settings(deadline=None)  # the oracle takes long to load
@given(st.lists(WORDS, min_size=1, max_size=6), WORDS)
def test_likeness_agrees_with_scikit_learn(passages: list[str], text: str) -> None:
    feature = pytest.importorskip("sklearn.feature_extraction.text", reason="scikit-learn is the oracle")
    if not any(passages):
        return
    vectors = feature.TfidfVectorizer(token_pattern=r"\w+", sublinear_tf=True)
    expected = (vectors.fit_transform(passages) @ vectors.transform([text]).T).toarray()[:, 0]
    assert Passages(passages).similarities(text) == pytest.approx(expected, abs=1e-9)


def test_nothing_in_common_is_nearest_to_nothing() -> None:
    assert nearest("sky", ["earth", "sea"]) == Nearest(0.0, "")
    assert nearest("", ["earth"]) == Nearest(0.0, "")
    assert nearest("sky", []) == Nearest(0.0, "")


def test_the_same_words_are_at_similarity_one() -> None:
    found = nearest("The river, at dusk", ["a field", "the river at dusk"])
    assert found == (pytest.approx(1.0), "the river at dusk")
    assert found.similarity <= 1


def test_a_corpus_of_24_megabytes_is_ready_within_seconds_and_then_answers_at_once() -> None:
    rng = random.Random(0)
    words = [f"{rng.choice('bcdfglmnprst')}{number:x}" for number in range(60000)]
    passages = [" ".join(words[int(60000 * rng.random() ** 4)] for _ in range(500)) for _ in range(8400)]
    assert sum(map(len, passages)) > 20e6
    begun = time.perf_counter()
    corpus = Passages(passages)
    stolen = " ".join(passages[5000].split()[100:130])
    assert longest_copied(f"begin {stolen} end", corpus).words >= 30
    assert nearest(passages[77], corpus) == (pytest.approx(1.0), passages[77])
    ready = time.perf_counter()
    assert longest_copied(passages[3].replace(" ", " so ", 1), corpus).words >= 498
    assert time.perf_counter() - ready < 2
    assert ready - begun < 60  # some eight seconds on a free core
