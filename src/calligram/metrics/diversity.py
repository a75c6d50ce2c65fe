"""How much the pictures of one class differ from each other."""

import numpy as np

from calligram.metrics.base import Figures, LevelArray, PictureSet

TITLE = "Diversity"
MEANING = "How unlike each other drawings of one class are: the mean share of cells in which two differ."
SUBJECT = PictureSet


def measure(pictures: PictureSet) -> Figures:
    """Return the mean pairwise Hamming distance within a class, and the share of distinct pictures.

    Args:
        pictures: the pictures measured; those that are not well formed are left out.

    Returns:
        ``distance``: the share of cells in which two pictures of one class differ, averaged over all pairs of
        a class and then over the classes with at least two pictures, from 0 to 1, None without such a class;
        ``classes``: ``class`` and ``distance`` of each; ``distinct``: the share of pictures that no earlier
        one equals, None without pictures.
    """
    asked = pictures.asked_of_levels
    distances = [_mean_distance(pictures.levels[asked == index]) for index in range(len(pictures.classes))]
    known = [distance for distance in distances if distance is not None]
    return {
        "distance": float(np.mean(known)) if known else None,
        "distinct": _distinct_share(pictures.levels),
        "classes": [
            {"class": name, "distance": distance}
            for name, distance in zip(pictures.classes, distances, strict=True)
        ],
    }


def _mean_distance(levels: LevelArray) -> float | None:
    """Return the mean over all pairs without visiting them: a cell's pairs agree where they share a level."""
    n = len(levels)
    if n < 2:
        return None
    agreeing = np.zeros(levels.shape[1:], np.int64)
    for level in np.unique(levels):
        count = (levels == level).sum(axis=0)
        agreeing += count * (count - 1)
    return float(1 - agreeing.mean() / (n * (n - 1)))


def _distinct_share(levels: LevelArray) -> float | None:
    return len({grid.tobytes() for grid in levels}) / len(levels) if len(levels) else None
