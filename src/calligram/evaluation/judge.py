"""A convolutional judge of drawings: it learned from real training pictures and never saw the model."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calligram.evaluation.convnet import Convnet, ConvnetSettings, Progress, obtain_tested
from calligram.evaluation.examples import LabelledGrids
from calligram.metrics.base import Figures

JUDGE_SEED = 1000
"""Not the ceiling's seed, so that the two nets are not the same one."""


@dataclass(frozen=True)
class Judge:
    """A trained judge and how far it can be trusted.

    Args:
        net: the convolutional net.
        figures: its own ``accuracy`` on real test pictures, with ``interval``, ``n``, ``n_train``.
    """

    net: Convnet
    figures: Figures

    def name_classes(self, levels: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
        """Return the class that the judge sees in each grid, shape (N,)."""
        if not len(levels):
            return np.zeros(0, np.int64)
        named: npt.NDArray[np.int64] = self.net.predict(levels).argmax(axis=1).astype(np.int64)
        return named


def train_judge(
    train: LabelledGrids,
    test: LabelledGrids,
    settings: ConvnetSettings,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Judge:
    """Return a judge trained on the train split, with its accuracy on real held-out test pictures.

    A judge that errs on 1 % of real pictures cannot tell 98 % recognised from 99 %: read its own accuracy
    beside what it says of drawings.

    Args:
        train: what the judge learns from.
        test: real pictures that neither the judge nor the model learned from.
        settings: how it is trained; its seed is moved by ``JUDGE_SEED``.
        cache: the folder of trained nets, or None.
        progress: called with what is done, steps done and steps in all.

    Raises:
        MissingExtraError: torch is not installed.
        SourceError: the two splits have different classes, or there is but one to learn.
    """
    own = replace(settings, seed=settings.seed + JUDGE_SEED)
    return Judge(*obtain_tested(train, test, own, cache, progress))
