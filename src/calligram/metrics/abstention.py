"""How often a model declines to answer, and what it would gain by declining more."""

import numpy as np

from calligram.metrics.base import Answers, Figures, share, wilson_interval

TITLE = "Abstention"
MEANING = (
    "The share of pictures the model declined to answer, how often it is right among the rest, and "
    "the share wrong if only the surest were answered."
)
SUBJECT = Answers
CURVE_POINTS = 100


def measure(answers: Answers) -> Figures:
    """Return the share abstained from and the curve of risk over coverage.

    Args:
        answers: what the model answered.

    Returns:
        ``abstained``: the share, with its 95 % Wilson ``interval``; ``answered_accuracy``: over the rest;
        ``curve``: at most 100 points ``coverage``, ``risk``, ``confidence``: where only the most confident
        share ``coverage`` is answered, ``risk`` of it is wrong; ``area``: the mean risk over all coverages.
        Figures that need pictures are None without them.

    Source: Y. Geifman and R. El-Yaniv, Selective Classification for Deep Neural Networks, 2017. Pictures of
    equal confidence keep their order, so the curve of a constant confidence depends on it.
    """
    n, declined = len(answers.truth), int(answers.abstained.sum())
    hits = answers.top == answers.truth
    risks = _risks(answers, hits)
    return {
        "abstained": share(declined, n),
        "interval": wilson_interval(declined, n),
        "answered_accuracy": share(int(hits[~answers.abstained].sum()), n - declined),
        "area": float(risks.mean()) if n else None,
        "curve": _curve(risks, np.sort(answers.confidence)[::-1]),
    }


def _risks(answers: Answers, hits: np.ndarray) -> np.ndarray:
    """Return the share wrong among the most confident 1, 2, …, N pictures."""
    order = np.argsort(-answers.confidence, kind="stable")
    wrong: np.ndarray = np.cumsum(~hits[order]) / np.arange(1, len(hits) + 1)
    return wrong


def _curve(risks: np.ndarray, confidences: np.ndarray) -> list[Figures]:
    n = len(risks)
    if n == 0:
        return []
    places = np.unique(np.linspace(0, n - 1, min(n, CURVE_POINTS)).round().astype(np.int64))
    return [
        {
            "coverage": (int(place) + 1) / n,
            "risk": float(risks[place]),
            "confidence": float(confidences[place]),
        }
        for place in places
    ]
