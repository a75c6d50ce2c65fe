"""How far pictures are from the nearest one that the model learned from, so that copying shows."""

import numpy as np

from calligram.metrics.base import Figures, FloatArray, LevelArray, PictureSet

TITLE = "Distance to the nearest training picture"
MEANING = "How unlike training pictures drawings are: lower than for real pictures means copying."
SUBJECT = PictureSet
CHUNK = 4096


def measure(pictures: PictureSet) -> Figures:
    """Return the Hamming distance to the nearest training picture.

    Args:
        pictures: the pictures measured; those that are not well formed are left out.

    Returns:
        ``distance``: the mean share of cells that differ from the nearest training picture of any class, from
        0 to 1; ``median`` and ``tenth``, the median and the lowest tenth's bound of the same; ``copies``: the
        share that equals a training picture in every cell. All None without pictures.
    """
    if not len(pictures.levels) or not len(pictures.training):
        return {"distance": None, "median": None, "tenth": None, "copies": None}
    distances = nearest_distances(pictures.levels, pictures.training)
    return {
        "distance": float(distances.mean()),
        "median": float(np.median(distances)),
        "tenth": float(np.quantile(distances, 0.1)),
        "copies": float((distances == 0).mean()),
    }


def nearest_distances(levels: LevelArray, training: LevelArray) -> FloatArray:
    """Return for each grid the share of cells that differ from its nearest training grid, shape (N,).

    Args:
        levels: shape (N, rows, columns).
        training: shape (M, rows, columns), M at least 1; compared in chunks, so that memory stays bounded.
    """
    cells = levels[0].size
    ours = levels.reshape(len(levels), cells)
    agreeing = np.zeros(len(levels), np.float32)
    for start in range(0, len(training), CHUNK):
        theirs = training[start : start + CHUNK].reshape(-1, cells)
        agreeing = np.maximum(agreeing, _agreeing_cells(ours, theirs).max(axis=1))
    distances: FloatArray = 1 - agreeing.astype(np.float64) / cells
    return distances


def _agreeing_cells(ours: LevelArray, theirs: LevelArray) -> np.ndarray:
    """Return the number of equal cells of each pair, shape (N, M); exact in float32 below 2**24 cells."""
    total = np.zeros((len(ours), len(theirs)), np.float32)
    for level in np.unique(ours):
        total += (ours == level).astype(np.float32) @ (theirs == level).astype(np.float32).T
    return total
