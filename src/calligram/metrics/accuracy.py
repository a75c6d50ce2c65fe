"""The share of pictures whose first candidate is right."""

from calligram.metrics.base import Answers, Figures, share, wilson_interval

TITLE = "Accuracy"
MEANING = (
    "The share of pictures whose first candidate is the right class, whether or not the model abstained."
)
SUBJECT = Answers


def measure(answers: Answers) -> Figures:
    """Return ``n``, ``correct``, ``accuracy`` and its 95 % Wilson ``interval``.

    The first candidate counts also where the model abstained, so that abstaining neither hides a mistake nor
    costs a hit. Abstention has a measure of its own.

    Args:
        answers: what the model answered.
    """
    correct = int((answers.top == answers.truth).sum())
    n = len(answers.truth)
    return {
        "n": n,
        "correct": correct,
        "accuracy": share(correct, n),
        "interval": wilson_interval(correct, n),
    }
