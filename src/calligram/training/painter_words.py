"""Teaches the painter's adapter what words mean, from the writer's representation of them. Needs torch.

``python -m calligram.training.painter_words [FOLDER]`` writes it into a folder; without one, to where the
package ships it. It takes under three minutes of one core, most of them the writer's. A first adapter learns
without the names kept to choose by: on these it is measured, and they set how sharp the probabilities are and
from which confidence words are known. The adapter that is written learns all names in the same way.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calligram.errors import MissingExtraError

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
try:
    import torch
    from torch import Tensor, nn
    from torch.nn import functional
except ImportError as fault:  # pragma: no cover
    raise MissingExtraError("torch", "train", "teaching the painter's adapter") from fault

from calligram.nano.weights import Floats, Small, quantise_rows, write_weights
from calligram.nano.writer_folder import WriterEngine, open_writer
from calligram.painters.adversarial.kinds import COLOURS, KINDS
from calligram.painters.adversarial.representation import represent
from calligram.painters.adversarial.understanding import ADAPTER, SHIPPED_ADAPTER, Adapter
from calligram.training.painter_phrases import (
    NONE,
    UNCOLOURED,
    Phrase,
    Wordings,
    phrases_to_check,
    phrases_to_learn,
    read_wordings,
)
from calligram.whole_files import make_folder, write_whole

Numbers = npt.NDArray[np.int64]
OUTPUTS = len(KINDS) + 1 + len(COLOURS)
SHARPNESSES = tuple(0.5 + 0.1 * step for step in range(26))


@dataclass(frozen=True)
class Teaching:
    """How the adapter is taught.

    Args:
        hidden: numbers between its layers.
        rounds: times that every phrase is seen.
        batch: phrases in one step.
        rate: of learning, at its highest.
        decay: of weights.
        forget_inputs: share of the representation left out in each step.
        forget_hidden: share of the numbers between the layers left out.
        smoothing: of the kinds to be told.
        colour_weight: what the colours count beside the kinds.
        seed: of weights, order, templates and all else.
    """

    hidden: int = 512
    rounds: int = 20
    batch: int = 256
    rate: float = 2e-3
    decay: float = 0.05
    forget_inputs: float = 0.2
    forget_hidden: float = 0.5
    smoothing: float = 0.05
    colour_weight: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class Measured:
    """How a first adapter fares on phrases of names that it did not learn.

    Args:
        names: how many.
        right: share of phrases whose most probable kind is the one meant.
        right_and_known: share of which it also says that it knows them.
        refused: share of phrases that name no kind of which it says so.
        colours: share of phrases with a colour whose most probable colour is the one meant.
    """

    names: int
    right: float
    right_and_known: float
    refused: float
    colours: float

    def lines(self) -> list[str]:
        """Return what a person is told."""
        return [
            f"{self.names} names not learnt: {self.right:.1%} of their phrases heard as the kind meant, "
            f"{self.right_and_known:.1%} and known",
            f"other words refused: {self.refused:.1%}; colours not learnt heard right: {self.colours:.1%}",
        ]


def train_adapter(
    folder: Path, teaching: Teaching | None = None, wordings: Wordings | None = None
) -> Measured:
    """Teach an adapter, write it into a folder, and return how one fares that did not learn all names.

    Args:
        folder: made where there is none; other files in it stay.
        teaching: how; the usual way where none is given.
        wordings: the names to learn; those that come with Calligram where none are given.

    Raises:
        OutputError: the folder cannot be written.
    """
    make_folder(folder)
    teaching = teaching or Teaching()
    lessons = read_lessons(wordings or read_wordings(), teaching)
    first = first_adapter(lessons, teaching)
    last = _taught(lessons.learn + lessons.later, teaching)
    write_adapter(folder / ADAPTER, replace(last, sharpness=first.sharpness, threshold=first.threshold))
    return measure(first, lessons.check)


@dataclass(frozen=True)
class Lesson:
    """Phrases as the adapter meets them.

    Args:
        phrases: what they are.
        represented: what the writer makes of them, a row each.
    """

    phrases: tuple[Phrase, ...]
    represented: Floats

    def __add__(self, other: "Lesson") -> "Lesson":
        return Lesson(self.phrases + other.phrases, np.concatenate([self.represented, other.represented]))

    @property
    def kinds(self) -> Numbers:
        """The number of the kind that each names."""
        return np.array([phrase.kind for phrase in self.phrases])

    @property
    def colours(self) -> Numbers:
        """The number of the colour that each names."""
        return np.array([phrase.colour for phrase in self.phrases])


@dataclass(frozen=True)
class Lessons:
    """All that an adapter is taught and measured on.

    Args:
        learn: phrases of the names to learn.
        later: phrases of the names to choose by, learnt when they have served for that.
        check: phrases of the same names, to choose by.
    """

    learn: Lesson
    later: Lesson
    check: Lesson


def read_lessons(wordings: Wordings, teaching: Teaching) -> Lessons:
    """Return all phrases of some names, as the shipped writer represents them."""
    engine = WriterEngine(open_writer(), threads=1)
    asked = (
        phrases_to_learn(wordings, "learn", teaching.seed),
        phrases_to_learn(wordings, "check", teaching.seed),
        phrases_to_check(wordings, teaching.seed),
    )
    return Lessons(*(_lesson(engine, phrases) for phrases in asked))


def first_adapter(lessons: Lessons, teaching: Teaching) -> Adapter:
    """Return an adapter that did not learn the names to choose by, settled by them."""
    return _settled(_taught(lessons.learn, teaching), lessons.check)


def _lesson(engine: WriterEngine, phrases: Sequence[Phrase]) -> Lesson:
    words = sorted({phrase.words for phrase in phrases})
    row = {text: place for place, text in enumerate(words)}
    return Lesson(tuple(phrases), represent(engine, words)[[row[phrase.words] for phrase in phrases]])


class _Layers(nn.Module):
    """Representation (N, inputs), already brought to one scale -> scores (N, OUTPUTS)."""

    def __init__(self, inputs: int, teaching: Teaching) -> None:
        super().__init__()
        self.forget_inputs = nn.Dropout(teaching.forget_inputs)
        self.first = nn.Linear(inputs, teaching.hidden)
        self.forget_hidden = nn.Dropout(teaching.forget_hidden)
        self.second = nn.Linear(teaching.hidden, OUTPUTS)

    def forward(self, inputs: Tensor) -> Tensor:
        hidden = functional.relu(self.first(self.forget_inputs(inputs)))
        scores: Tensor = self.second(self.forget_hidden(hidden))
        return scores


def _taught(lesson: Lesson, teaching: Teaching) -> Adapter:
    """Return an adapter that learnt a lesson, its weights rounded as they are written."""
    mean = lesson.represented.mean(0)
    scale = lesson.represented.std(0) + np.float32(1e-6)
    inputs = torch.from_numpy((lesson.represented - mean) / scale)
    wanted = torch.from_numpy(np.stack([lesson.kinds, lesson.colours], axis=1))
    torch.set_num_threads(1)
    torch.manual_seed(teaching.seed)
    layers = _Layers(inputs.shape[1], teaching)
    steps = teaching.rounds * (len(inputs) // teaching.batch)
    optimiser = torch.optim.AdamW(layers.parameters(), lr=teaching.rate, weight_decay=teaching.decay)
    course = torch.optim.lr_scheduler.OneCycleLR(optimiser, teaching.rate, total_steps=steps)
    for _ in range(teaching.rounds):
        order = torch.randperm(len(inputs))[: len(inputs) // teaching.batch * teaching.batch]
        for part in torch.split(order, teaching.batch):
            loss = _loss(layers(inputs[part]), wanted[part], teaching)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            course.step()
    return _adapter(mean, scale, layers)


def _loss(scores: Tensor, wanted: Tensor, teaching: Teaching) -> Tensor:
    kinds, colours = torch.split(scores, [len(KINDS) + 1, len(COLOURS)], dim=1)
    of_kinds = functional.cross_entropy(kinds, wanted[:, 0], label_smoothing=teaching.smoothing)
    return of_kinds + teaching.colour_weight * functional.cross_entropy(colours, wanted[:, 1])


def _adapter(mean: Floats, scale: Floats, layers: _Layers) -> Adapter:
    first, first_bias, second, second_bias = (
        part.detach().numpy()
        for layer in (layers.first, layers.second)
        for part in (layer.weight, layer.bias)
    )
    return Adapter(
        mean,
        scale,
        _rounded(first),
        first_bias,
        _rounded(second),
        second_bias,
        np.ones(2, np.float32),
        np.array([0.5], np.float32),
    )


def _rounded(matrix: Floats) -> Floats:
    small, steps = quantise_rows(matrix)
    return small * steps[:, None]


def _settled(adapter: Adapter, checked: Lesson) -> Adapter:
    """Return an adapter as sharp as makes what was meant likeliest, with the threshold that tells best."""
    sharpness = []
    for place, wanted in enumerate((checked.kinds, checked.colours)):
        tried = [
            _unlikeliness(
                replace(adapter, sharpness=np.full(2, each, np.float32)).probabilities(checked.represented)[
                    place
                ],
                wanted,
            )
            for each in SHARPNESSES
        ]
        sharpness.append(SHARPNESSES[int(np.argmin(tried))])
    sharp = replace(adapter, sharpness=np.array(sharpness, np.float32))
    return replace(sharp, threshold=np.array([_threshold(sharp, checked)], np.float32))


def _unlikeliness(probabilities: Floats, wanted: Numbers) -> float:
    """Return the mean negative log-probability of what was meant."""
    return float(-np.log(probabilities[np.arange(len(wanted)), wanted] + 1e-12).mean())


def _threshold(adapter: Adapter, checked: Lesson) -> float:
    """Return the confidence that best tells words of a kind from others; wrong refusals weigh double."""
    sure, named = 1 - adapter.probabilities(checked.represented)[0][:, NONE], checked.kinds != NONE
    tried = np.linspace(0.05, 0.95, 91)
    return float(max(tried, key=lambda each: 2 * (sure[named] >= each).mean() + (sure[~named] < each).mean()))


def measure(adapter: Adapter, checked: Lesson) -> Measured:
    """Return how an adapter fares on phrases."""
    kinds, colours = adapter.probabilities(checked.represented)
    named, told = checked.kinds != NONE, checked.colours != UNCOLOURED
    known = 1 - kinds[:, NONE] >= adapter.threshold[0]
    right = kinds[:, :NONE].argmax(1) == checked.kinds
    return Measured(
        len({phrase.name for phrase in checked.phrases if phrase.kind != NONE}),
        float(right[named].mean()),
        float((right & known)[named].mean()),
        float((~known)[~named].mean()),
        float((colours.argmax(1) == checked.colours)[told].mean()),
    )


def write_adapter(path: Path, adapter: Adapter) -> None:
    """Write an adapter, its two matrices as int8.

    Raises:
        OutputError: it cannot be written; what was there before is untouched.
    """
    tensors: dict[str, Floats | Small] = dict(vars(adapter))
    for name in ("first", "second"):
        tensors[name], tensors[f"{name}.scale"] = quantise_rows(getattr(adapter, name))
    with tempfile.TemporaryDirectory() as beside:
        made = Path(beside) / ADAPTER
        write_weights(made, tensors)
        write_whole(path, made.read_bytes())


def main(arguments: Sequence[str]) -> None:
    """Teach an adapter and tell how it fares."""
    folder = Path(arguments[0]) if arguments else SHIPPED_ADAPTER.parent
    print("\n".join(train_adapter(folder).lines()))
    print(f"written to {folder / ADAPTER}")


if __name__ == "__main__":
    main(sys.argv[1:])
