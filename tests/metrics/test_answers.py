"""The measures of reading, each against an independent oracle."""

import numpy as np
import pytest
from sklearn.metrics import (
    balanced_accuracy_score,
    cohen_kappa_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
)

from calligram.metrics import abstention, accuracy, calibration, chance, confusion, macro, per_class
from calligram.metrics.base import OUTSIDE, Answers


def make_answers(n: int = 500, seed: int = 0) -> Answers:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, n)
    top = np.where(rng.random(n) < 0.7, truth, rng.integers(0, 4, n))
    confidence = np.clip(rng.beta(4, 2, n), 0, 1)
    return Answers(("w", "x", "y", "z"), truth, top, confidence, confidence < 0.4)


def test_the_first_candidate_counts_even_where_the_model_abstained() -> None:
    both = np.array([0, 0])
    figures = accuracy.measure(Answers(("a", "b"), both, both, np.ones(2), np.array([True, False])))
    assert (figures["n"], figures["correct"], figures["accuracy"]) == (2, 2, 1.0)


def test_an_answer_outside_the_classes_is_wrong() -> None:
    answers = Answers(("a",), np.array([0]), np.array([OUTSIDE]), np.ones(1), np.array([False]))
    assert accuracy.measure(answers)["accuracy"] == 0
    assert confusion.measure(answers)["outside"] == [1]
    assert confusion.measure(answers)["matrix"] == [[0]]


def test_recall_and_precision_agree_with_scikit_learn() -> None:
    answers = make_answers()
    precision, recall, _, support = precision_recall_fscore_support(answers.truth, answers.top)
    entries = per_class.measure(answers)["classes"]
    assert [entry["precision"] for entry in entries] == pytest.approx(list(precision))
    assert [entry["recall"] for entry in entries] == pytest.approx(list(recall))
    assert [entry["n"] for entry in entries] == list(support)


def test_the_confusion_matrix_agrees_with_scikit_learn() -> None:
    answers = make_answers()
    figures = confusion.measure(answers)
    expected = confusion_matrix(answers.truth, answers.top)
    assert figures["matrix"] == expected.tolist()
    worst = figures["pairs"][0]
    assert worst["n"] == (expected - np.diag(np.diag(expected))).max()


def test_a_perfectly_calibrated_model_has_no_calibration_error() -> None:
    truth = np.zeros(10, np.int64)
    top = np.array([0] * 7 + [1] * 3)
    answers = Answers(("a", "b"), truth, top, np.full(10, 0.7), np.zeros(10, bool))
    assert calibration.measure(answers)["ece"] == pytest.approx(0)


def test_the_calibration_error_agrees_with_a_plain_loop() -> None:
    answers = make_answers()
    expected = 0.0
    for low in range(15):
        here = [i for i, c in enumerate(answers.confidence) if low / 15 <= c < (low + 1) / 15]
        if here:
            right = sum(answers.top[i] == answers.truth[i] for i in here)
            expected += abs(right - sum(answers.confidence[here])) / len(answers.truth)
    assert calibration.measure(answers)["ece"] == pytest.approx(expected)


def test_a_confidence_of_one_falls_into_the_last_bin() -> None:
    answers = Answers(("a",), np.array([0]), np.array([0]), np.ones(1), np.array([False]))
    assert calibration.measure(answers)["bins"][0]["high"] == 1


def test_abstaining_from_the_mistakes_lifts_the_accuracy_of_what_is_answered() -> None:
    truth, top = np.array([0, 0, 0, 0]), np.array([0, 0, 0, 1])
    answers = Answers(("a", "b"), truth, top, np.array([0.9, 0.8, 0.7, 0.2]), np.array([0, 0, 0, 1], bool))
    figures = abstention.measure(answers)
    assert figures["abstained"] == 0.25
    assert figures["answered_accuracy"] == 1
    assert [point["risk"] for point in figures["curve"]] == [0, 0, 0, 0.25]
    assert figures["area"] == pytest.approx(0.0625)


def test_the_risk_at_full_coverage_is_the_whole_error() -> None:
    answers = make_answers(5000)
    last = abstention.measure(answers)["curve"][-1]
    assert last["coverage"] == 1
    assert last["risk"] == pytest.approx(1 - accuracy.measure(answers)["accuracy"])
    assert len(abstention.measure(answers)["curve"]) == 100


def test_macro_accuracy_f1_and_kappa_agree_with_scikit_learn() -> None:
    answers = make_answers()
    figures = macro.measure(answers)
    assert figures["accuracy"] == pytest.approx(balanced_accuracy_score(answers.truth, answers.top))
    assert figures["f1"] == pytest.approx(f1_score(answers.truth, answers.top, average="macro"))
    assert chance.measure(answers)["kappa"] == pytest.approx(cohen_kappa_score(answers.truth, answers.top))


def test_the_interval_of_macro_accuracy_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], [200, 40, 20])
    shares = np.array([0.95, 0.8, 0.6])
    above = below = 0
    for _ in range(800):
        top = np.where(rng.random(len(truth)) < shares[truth], truth, (truth + 1) % 3)
        answers = Answers(("a", "b", "c"), truth, top, np.ones(len(truth)), np.zeros(len(truth), bool))
        low, high = macro.measure(answers)["interval"]
        above, below = above + (low > shares.mean()), below + (high < shares.mean())
    assert 0.01 < above / 800 < 0.045
    assert 0.01 < below / 800 < 0.045


def test_a_class_without_pictures_does_not_count_in_the_macro_accuracy() -> None:
    truth = np.array([0, 0, 1])
    answers = Answers(("a", "b", "c"), truth, np.array([0, 2, 1]), np.ones(3), np.zeros(3, bool))
    assert macro.measure(answers)["accuracy"] == pytest.approx(0.75)
    assert macro.measure(answers)["classes"] == 2


def test_always_saying_the_most_frequent_class_is_chance() -> None:
    truth = np.array([0, 0, 0, 1])
    answers = Answers(("a", "b"), truth, np.zeros(4, np.int64), np.ones(4), np.zeros(4, bool))
    assert chance.measure(answers) == {"guessing": 0.5, "most_frequent": 0.75, "kappa": 0}
