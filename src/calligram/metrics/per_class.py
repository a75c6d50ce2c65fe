"""How well each class alone is read."""

from calligram.metrics.base import Answers, Figures, share, wilson_interval

TITLE = "Per class"
MEANING = (
    "Recall is the share of a class's pictures read as it; precision the share right among what is "
    "read as it."
)
SUBJECT = Answers


def measure(answers: Answers) -> Figures:
    """Return under ``classes`` one entry a class: ``class``, ``n``, ``recall``, ``interval``, ``precision``.

    ``recall`` is the share of the class's pictures that were read as it, with its 95 % Wilson interval;
    ``precision`` the share right among the pictures read as it; both None where there is no such picture.

    Args:
        answers: what the model answered.
    """
    return {"classes": [_measure_class(answers, index) for index in range(len(answers.classes))]}


def _measure_class(answers: Answers, index: int) -> Figures:
    is_class, read_so = answers.truth == index, answers.top == index
    n, hits = int(is_class.sum()), int((is_class & read_so).sum())
    return {
        "class": answers.classes[index],
        "n": n,
        "recall": share(hits, n),
        "interval": wilson_interval(hits, n),
        "precision": share(hits, int(read_so.sum())),
    }
