"""Whether a confidence of 0.9 is right nine times in ten."""

import numpy as np

from calligram.metrics.base import Answers, Figures

TITLE = "Calibration"
MEANING = (
    "How far confidence is from the share right: with an error of 0.01 a confidence of 0.90 is "
    "right in about 89 to 91 of 100 cases."
)
SUBJECT = Answers
BINS = 15


def measure(answers: Answers) -> Figures:
    """Return the expected calibration error and the bins it is made of.

    Args:
        answers: what the model answered; abstained pictures are counted with the rest.

    Returns:
        ``ece``: the gap between mean confidence and accuracy in 15 bins of equal width, weighted by their
        pictures, None without pictures; ``bins``: of each bin that holds pictures ``low``, ``high``, ``n``,
        ``confidence``, ``accuracy``.

    Source: C. Guo et al., On Calibration of Modern Neural Networks, 2017.
    """
    hits = answers.top == answers.truth
    places = np.clip((answers.confidence * BINS).astype(np.int64), 0, BINS - 1)
    bins = [_measure_bin(answers, hits, places, index) for index in range(BINS) if (places == index).any()]
    n = len(hits)
    gaps = [entry["n"] / n * abs(entry["confidence"] - entry["accuracy"]) for entry in bins]
    return {"ece": sum(gaps) if n else None, "bins": bins}


def _measure_bin(answers: Answers, hits: np.ndarray, places: np.ndarray, index: int) -> Figures:
    here = places == index
    return {
        "low": index / BINS,
        "high": (index + 1) / BINS,
        "n": int(here.sum()),
        "confidence": float(answers.confidence[here].mean()),
        "accuracy": float(hits[here].mean()),
    }
