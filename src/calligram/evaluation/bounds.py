"""What bounds a reading and judges a drawing: nets and simple readers that learn from the train split."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from calligram.evaluation.baselines import measure_baselines
from calligram.evaluation.ceiling import measure_ceiling
from calligram.evaluation.convnet import ConvnetSettings, Progress
from calligram.evaluation.drawing import DrawingTask, Hand, Judgement, judge_drawings
from calligram.evaluation.examples import LabelledGrids, check_apart, check_teaches, load_grids
from calligram.evaluation.framing import Framing
from calligram.evaluation.judge import train_judge
from calligram.evaluation.options import EvaluationOptions
from calligram.metrics.base import Figures
from calligram.settings import cache_folder

if TYPE_CHECKING:
    from calligram.models.base import Model


def default_cache() -> Path:
    """Return the folder where trained nets are kept, which may not exist yet."""
    return cache_folder() / "convnets"


@dataclass(frozen=True)
class Bounds:
    """What learns from the train split and is tested on the same pictures as the model.

    Args:
        options: what is measured, and how.
        test: the pictures that were read.
        framing: how each image was framed, or None.
        progress: called with what is done, steps done and steps in all.
    """

    options: EvaluationOptions
    test: LabelledGrids
    framing: Framing | None
    progress: Progress | None

    def check(self) -> None:
        """Load the split that is learned from, where one is, and see that it can be learned from.

        Raises:
            SourceError: it cannot be read, or shows other classes or but one.
            OptionError: it shares pictures with those that are read.
        """
        if self.learned is not None:
            check_apart(self.learned, self.test)
            check_teaches(self.learned, self.test)

    @cached_property
    def learned(self) -> LabelledGrids | None:
        """What is learned from, or None where nothing learns."""
        asked, test = self.options, self.test
        if not asked.learns:
            return None
        return load_grids(
            test.source,
            asked.train_split,
            test.layout,
            asked.train_limit,
            asked.seed,
            self.framing,
            asked.bad_images,
        )

    def measure(self) -> Figures:
        """Return ceiling and baselines, each None unless asked for."""
        asked = self.options
        ceiling = baselines = None
        if asked.ceiling:
            ceiling = measure_ceiling(self._train, self.test, self._settings(), self._cache(), self.progress)
        if asked.ceiling and asked.baselines:
            baselines = measure_baselines(
                self._train, self.test, asked.baseline_limit, asked.seed, self.progress
            )
        accuracy = ceiling["accuracy"] if ceiling else None
        return {"ceiling": accuracy, "ceiling_details": ceiling, "baselines": baselines}

    def judge(self, model: "Model", hand: Hand) -> Judgement:
        """Return what a convolutional judge says of the model's drawings."""
        asked, train = self.options, self._train
        judge = train_judge(train, self.test, self._settings(), self._cache(), self.progress)
        task = DrawingTask(asked.drawings, asked.request, asked.seed, hand)
        return judge_drawings(model, train, self.test, judge, task, self.progress)

    @property
    def _train(self) -> LabelledGrids:
        assert self.learned is not None
        return self.learned

    def _settings(self) -> ConvnetSettings:
        return ConvnetSettings(epochs=self.options.epochs, seed=self.options.seed)

    def _cache(self) -> Path | None:
        return default_cache() if self.options.cache else None
