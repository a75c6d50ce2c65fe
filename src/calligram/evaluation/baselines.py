"""Simple readers of the same grids, beside the model: nearest neighbour, logistic, RBF-SVM.

They need scikit-learn. Each sees the levels scaled to 0 to 1 and has fixed settings, which were not
chosen on any test split.
"""

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from calligram.errors import MissingExtraError
from calligram.evaluation.convnet import Progress
from calligram.evaluation.examples import LabelledGrids, check_teaches
from calligram.metrics.base import Figures, share, wilson_interval

LOGISTIC_STEPS = 200
SVM_PENALTY = 5.0


def measure_baselines(
    train: LabelledGrids,
    test: LabelledGrids,
    limit: int = 20_000,
    seed: int = 0,
    progress: Progress | None = None,
) -> dict[str, Figures]:
    """Return the figures of each baseline by its name.

    Args:
        train: what they learn from.
        test: what they are tested on.
        limit: the most training grids each learns from, 0 for all; fewer are chosen by ``seed``. The
            RBF-SVM's time grows with the square of it.
        seed: chooses them.
        progress: called with what is done, baselines done and baselines in all.

    Returns:
        For each ``accuracy``, its 95 % Wilson ``interval``, ``n``, ``n_train``, ``settings``, ``seconds``.

    Raises:
        MissingExtraError: scikit-learn is not installed.
        SourceError: the two splits have different classes, or there is but one to learn.
    """
    check_teaches(train, test)
    if limit and limit < len(train):
        train = train.take(np.sort(np.random.default_rng(seed).permutation(len(train))[:limit]))
    makers = _makers()
    found: dict[str, Figures] = {}
    for done, (name, (make, settings)) in enumerate(makers.items()):
        if progress:
            progress(f"training the baseline {name}", done, len(makers))
        found[name] = {**_measure(make(), train, test), "settings": settings}
    return found


def import_sklearn() -> None:
    """Load what the baselines are made of.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    try:
        import sklearn.linear_model
        import sklearn.neighbors
        import sklearn.svm  # noqa: F401 - loaded for whoever imports from it next
    except ImportError as fault:
        raise MissingExtraError("sklearn", "train", "measuring the baselines") from fault


def _makers() -> dict[str, tuple[Callable[[], Any], str]]:
    import_sklearn()
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import SVC

    return {
        "nearest neighbour": (lambda: KNeighborsClassifier(1, algorithm="brute"), "1 neighbour, Euclidean"),
        "logistic": (
            lambda: LogisticRegression(max_iter=LOGISTIC_STEPS),
            f"penalty 1, at most {LOGISTIC_STEPS} steps",
        ),
        "RBF-SVM": (lambda: SVC(C=SVM_PENALTY, gamma="scale"), f"penalty {SVM_PENALTY}, gamma 'scale'"),
    }


def _measure(reader: Any, train: LabelledGrids, test: LabelledGrids) -> Figures:
    begun = time.perf_counter()
    with warnings.catch_warnings():
        # a logistic reader that stops at its last step is what its settings say
        warnings.filterwarnings("ignore", message="lbfgs failed to converge")
        reader.fit(_to_features(train), train.labels)
    correct = int((reader.predict(_to_features(test)) == test.labels).sum())
    return {
        "accuracy": share(correct, len(test)),
        "interval": wilson_interval(correct, len(test)),
        "n": len(test),
        "n_train": len(train),
        "seconds": round(time.perf_counter() - begun, 1),
    }


def _to_features(grids: LabelledGrids) -> npt.NDArray[np.float32]:
    flat = grids.levels.reshape(len(grids), -1).astype(np.float32)
    features: npt.NDArray[np.float32] = flat / np.float32(grids.layout.level_count - 1)
    return features
