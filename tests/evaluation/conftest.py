"""A small honest model for these tests: it reads by the nearest mean picture and draws from memory."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from calligram.errors import ModelError
from calligram.evaluation.drawing import Hand, draw_plainly
from calligram.evaluation.examples import LabelledGrids, load_grids
from calligram.models.base import Model, Reading, Request, SamplingOptions
from calligram.picture import Layout, get_layout

SOURCE = "digits"


class MemoryModel(Model):
    """Keeps training grids: reads by the nearest class mean, abstains when far, draws what it keeps."""

    name = "memory"

    def __init__(self, train: LabelledGrids) -> None:
        self.train = train
        self.far = 0.5
        self.damage = False
        classes = range(len(train.classes))
        self.means = np.stack([train.levels[train.labels == place].mean(axis=0) for place in classes])

    def read(
        self,
        levels: np.ndarray,
        layout: Layout,
        question: str,
        candidates: Sequence[str] | None = None,
        *,
        familiarity: bool = True,
    ) -> list[Reading]:
        """Return one reading a grid."""
        if levels.shape[1:] != self.train.levels.shape[1:]:
            raise ModelError(f"the model {self.name} knows no grids of {levels.shape[1:]}")
        names = list(candidates or self.train.classes)
        gaps = np.abs(levels[:, None].astype(float) - self.means).mean(axis=(2, 3))
        scores = np.exp(-20 * gaps)
        return [
            self._answer(names, row / row.sum(), gap.min()) for row, gap in zip(scores, gaps, strict=True)
        ]

    def _answer(self, names: list[str], row: np.ndarray, gap: float) -> Reading:
        candidates = [(names[place], float(row[place])) for place in np.argsort(-row)]
        declined = bool(gap > self.far)
        answer = None if declined else candidates[0][0]
        return Reading(answer, candidates[0][1], candidates, -float(gap), declined)

    def draw(
        self, request: Request, layout: Layout, count: int = 1, options: Any = None, **rest: Any
    ) -> list[np.ndarray]:
        """Return grids of the class that the request ends with, copied from the training grids."""
        label = request.split()[-1] if isinstance(request, str) else request[1]
        place = self.train.classes.index(label)
        own = np.flatnonzero(self.train.labels == place)
        chosen = np.random.default_rng(options.seed).choice(own, count)
        drawn = list(self.train.levels[chosen])
        if self.damage:
            drawn[0] = drawn[0][1:]
        return drawn

    def bits_per_cell(self, levels: np.ndarray, layout: Layout, request: Request | None = None) -> np.ndarray:
        """Return one figure a grid."""
        return np.full(len(levels), 0.25)

    def describe(self) -> dict[str, object]:
        """Return the name."""
        return {"name": self.name}


@pytest.fixture(scope="session")
def train() -> LabelledGrids:
    return load_grids(SOURCE, "train", get_layout("classic"), limit=800)


@pytest.fixture(scope="session")
def held_out() -> LabelledGrids:
    return load_grids(SOURCE, "test", get_layout("classic"))


@pytest.fixture
def model(train: LabelledGrids) -> MemoryModel:
    return MemoryModel(train)


@pytest.fixture
def hand() -> Hand:
    return draw_plainly(SamplingOptions())
