"""Measures of sets of texts, beside figures of other people's implementations."""

import numpy as np
import pytest

from calligram.metrics import distinct_n, self_bleu, vendi
from calligram.metrics.base import TextSet

RIVER = TextSet(
    (
        "Two boats cross a wide river at dusk under a red sky.",
        "Two boats lie on a wide river at dawn under a grey sky.",
        "A woman reads a letter at the open window of a dark room.",
    )
)


def test_distinct_n_counts_runs_once_over_all_texts() -> None:
    figures = distinct_n.measure(TextSet(("a b a b", "b, A!", "")))
    assert figures == {"distinct_1": 2 / 6, "distinct_2": 2 / 4, "distinct_3": 2 / 2}


def test_distinct_n_of_texts_too_short_is_none() -> None:
    assert distinct_n.measure(TextSet(("one", "")))["distinct_2"] is None


def test_self_bleu_is_that_of_nltk_3_10_4() -> None:
    # the mean of sentence_bleu of each with the other two, smoothed by SmoothingFunction().method1
    assert self_bleu.measure(RIVER)["self_bleu"] == pytest.approx(0.1869978610551002, rel=1e-12)


def test_self_bleu_punishes_the_shorter_text_as_nltk_does() -> None:
    texts = ("the cat sat on the mat today", "the cat sat on the mat today again and again and again")
    expected = (0.48954165955695317 + 0.5156626918239822) / 2
    assert self_bleu.measure(TextSet(texts))["self_bleu"] == pytest.approx(expected, rel=1e-12)


def test_self_bleu_is_one_of_the_same_and_nought_of_strangers() -> None:
    assert self_bleu.measure(TextSet(("A red boat", "a red boat.")))["self_bleu"] == pytest.approx(1)
    assert self_bleu.measure(TextSet(("a red boat", "two grey hills")))["self_bleu"] == 0
    assert self_bleu.measure(TextSet(("alone",)))["self_bleu"] is None


def test_the_vendi_score_of_the_same_texts_is_one_and_of_strangers_their_number() -> None:
    assert vendi.measure(TextSet(("a red boat",) * 3))["vendi"] == pytest.approx(1)
    strangers = TextSet(("a red boat", "two grey hills", "nothing"))
    assert vendi.measure(strangers) == {"vendi": pytest.approx(3), "texts": 3}


def test_the_vendi_score_of_two_pairs_is_two() -> None:
    texts = TextSet(("a red boat", "two hills", "A red boat.", "Two hills!"))
    assert vendi.measure(texts)["vendi"] == pytest.approx(2)


def test_the_vendi_score_agrees_with_scikit_learns_counts_and_numpys_general_eigenvalues() -> None:
    feature = pytest.importorskip("sklearn.feature_extraction.text", reason="scikit-learn is the oracle")
    likeness = np.zeros((3, 3))
    for n in (1, 2):
        counter = feature.CountVectorizer(ngram_range=(n, n), token_pattern=r"\w+")
        counts = counter.fit_transform(RIVER.texts).toarray().astype(float)
        counts /= np.linalg.norm(counts, axis=1, keepdims=True)
        likeness += counts @ counts.T / 2
    shares = np.linalg.eigvals(likeness / 3).real
    assert vendi.measure(RIVER)["vendi"] == pytest.approx(float(np.prod(shares**-shares)))


def test_the_vendi_score_takes_empty_texts() -> None:
    assert vendi.measure(TextSet(("", "", "a b")))["vendi"] == pytest.approx(3 / 2 ** (2 / 3))
    assert vendi.measure(TextSet(()))["vendi"] is None
