"""What is taken for what."""

import numpy as np

from calligram.metrics.base import OUTSIDE, Answers, Figures

TITLE = "Confusion"
MEANING = "What is taken for what: each row is a right class, each column an answer."
SUBJECT = Answers
SHOWN_PAIRS = 10


def measure(answers: Answers) -> Figures:
    """Return the confusion matrix and the most frequent mistakes.

    Args:
        answers: what the model answered.

    Returns:
        ``classes``; ``matrix``, counts with the truth in rows and the answer in columns; ``outside``, for
        each truth the number of answers that are no class; ``pairs``, the ten most frequent
        mistakes as ``truth``, ``answer``, ``n``.
    """
    size = len(answers.classes)
    inside = answers.top != OUTSIDE
    matrix = np.zeros((size, size), np.int64)
    np.add.at(matrix, (answers.truth[inside], answers.top[inside]), 1)
    outside = np.bincount(answers.truth[~inside], minlength=size)
    return {
        "classes": list(answers.classes),
        "matrix": matrix.tolist(),
        "outside": outside.tolist(),
        "pairs": _most_frequent(matrix, answers.classes),
    }


def _most_frequent(matrix: np.ndarray, classes: tuple[str, ...]) -> list[Figures]:
    wrong = matrix - np.diag(np.diag(matrix))
    order = np.argsort(-wrong, axis=None, kind="stable")[:SHOWN_PAIRS]
    places = [divmod(int(place), len(classes)) for place in order]
    return [
        {"truth": classes[row], "answer": classes[column], "n": int(wrong[row, column])}
        for row, column in places
        if wrong[row, column]
    ]
