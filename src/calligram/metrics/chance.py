"""What guessing would get, and how far beyond it the answers are."""

import numpy as np

from calligram.metrics.base import Answers, Figures, share

TITLE = "Chance"
MEANING = (
    "What a model would get that never looks: by guessing evenly, or by always saying the most frequent "
    "class; kappa is 0 for guessing and 1 for a reader without mistakes."
)
SUBJECT = Answers


def measure(answers: Answers) -> Figures:
    """Return ``guessing`` (one over the number of classes), ``most_frequent`` (its share) and ``kappa``.

    Args:
        answers: what the model answered.

    Returns:
        ``kappa`` is None where there are no pictures, or where chance alone is always right.

    Source: J. Cohen, A Coefficient of Agreement for Nominal Scales, 1960.
    """
    n, size = len(answers.truth), len(answers.classes)
    totals = np.bincount(answers.truth, minlength=size)
    answered = np.bincount(answers.top[answers.top >= 0], minlength=size)
    agreed = share(int((answers.top == answers.truth).sum()), n)
    by_chance = float((totals * answered).sum()) / (n * n) if n else 1.0
    kappa = None if agreed is None or by_chance == 1 else (agreed - by_chance) / (1 - by_chance)
    return {
        "guessing": share(1, size),
        "most_frequent": share(int(totals.max(initial=0)), n),
        "kappa": kappa,
    }
