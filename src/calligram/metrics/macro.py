"""Accuracy with every class weighing the same, however many pictures it has."""

import math

import numpy as np

from calligram.metrics.base import Answers, Figures, wilson_interval

TITLE = "Macro accuracy"
MEANING = (
    "The mean of the classes' own accuracies, so that a rare class counts as much as a frequent one; "
    "F1 also weighs how much is wrongly taken for each class."
)
SUBJECT = Answers


def measure(answers: Answers) -> Figures:
    """Return ``accuracy`` (the mean recall), its 95 % ``interval``, ``f1`` (the mean F1) and ``classes``.

    Args:
        answers: what the model answered; only classes with pictures count, ``classes`` of them.

    Returns:
        None for all but ``classes`` where there are no pictures.

    Source: the interval joins the classes' Wilson intervals, G. Zou and A. Donner, Construction of Confidence
        Limits About Effect Measures, 2008.
    """
    size = len(answers.classes)
    hits = np.bincount(answers.truth[answers.top == answers.truth], minlength=size)
    totals = np.bincount(answers.truth, minlength=size)
    answered = np.bincount(answers.top[answers.top >= 0], minlength=size)
    there = np.flatnonzero(totals)
    if not len(there):
        return {"accuracy": None, "interval": None, "f1": None, "classes": 0}
    recalls = hits[there] / totals[there]
    return {
        "accuracy": float(recalls.mean()),
        "interval": _join(recalls, hits[there], totals[there]),
        "f1": float((2 * hits[there] / (totals[there] + answered[there])).mean()),
        "classes": len(there),
    }


def _join(recalls: np.ndarray, hits: np.ndarray, totals: np.ndarray) -> list[float]:
    spans = [wilson_interval(int(hit), int(total)) for hit, total in zip(hits, totals, strict=True)]
    lows, highs = np.array(spans).T
    below, above = (math.sqrt(float(((recalls - ends) ** 2).sum())) / len(recalls) for ends in (lows, highs))
    return [max(0.0, float(recalls.mean()) - below), min(1.0, float(recalls.mean()) + above)]
