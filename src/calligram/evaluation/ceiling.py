"""The information ceiling: what a convolutional net still reads from the very same grids."""

import time
from dataclasses import asdict
from pathlib import Path

from calligram.evaluation.convnet import ConvnetSettings, Progress, obtain_tested
from calligram.evaluation.examples import LabelledGrids
from calligram.metrics.base import Figures


def measure_ceiling(
    train: LabelledGrids,
    test: LabelledGrids,
    settings: ConvnetSettings,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Figures:
    """Return the accuracy of a small convolutional net trained on the train split and tested once.

    Nothing is chosen on the test split: the number of epochs is fixed and the last weights count. The net is
    small, so a better one may pass this figure; it is a mark, not a bound that is proved.

    Args:
        train: what the net learns from.
        test: what it is tested on, in the same layout.
        settings: how it is trained.
        cache: the folder of trained nets, or None.
        progress: called with what is done, steps done and steps in all.

    Returns:
        ``accuracy``, its 95 % Wilson ``interval``, ``n``, ``n_train``, ``settings``, ``seconds`` (near zero
        where the net came from the cache).

    Raises:
        MissingExtraError: torch is not installed.
        SourceError: the two splits have different classes, or there is but one to learn.
    """
    begun = time.perf_counter()
    _, figures = obtain_tested(train, test, settings, cache, progress)
    return {
        **figures,
        "settings": asdict(settings),
        "seconds": round(time.perf_counter() - begun, 1),
    }
