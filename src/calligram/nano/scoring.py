"""What the model finds likely: its answers to a question, and whole pictures."""

import numpy as np
import numpy.typing as npt

from calligram.nano.engine import Engine, Floats
from calligram.nano.grammar import DrawingGrammar, Levels
from calligram.nano.vocabulary import Ids

WEIGHED_TOKENS = 1024
"""Tokens in one batch while whole pictures are weighed, which needs thousands of scores for each."""


def reading_ids(engine: Engine, levels: Levels, symbols: str, question: str) -> Ids:
    """Return pictures with a question behind each as tokens, ``(N, T)``.

    Args:
        engine: whose vocabulary is used.
        levels: ``(N, rows, columns)``.
        symbols: the ramp.
        question: the question's text with its line end.
    """
    pictures = engine.vocabulary.picture_ids(levels, symbols)
    asked = np.array(engine.vocabulary.encode(question))
    return np.concatenate([pictures, np.broadcast_to(asked, (len(pictures), len(asked)))], axis=1)


def weigh_answers(engine: Engine, ids: Ids, answers: Ids) -> Floats:
    """Return the scores of answers behind each text, ``(N, answers)``."""
    return engine.score(ids, answers)


def weigh_both(
    engine: Engine, ids: Ids, answers: Ids, grammar: DrawingGrammar
) -> tuple[Floats, npt.NDArray[np.float64]]:
    """Return the answers' scores and each picture's bits per cell, from one pass over the tokens.

    Args:
        engine: the model.
        ids: pictures with a question behind each, ``(N, T)``.
        answers: tokens of the answers.
        grammar: the pictures' shape.

    Returns:
        Scores ``(N, answers)`` and bits per cell ``(N,)``.
    """
    free = grammar.before_runs()
    weighing = _Weighing(engine, grammar, answers)

    def weigh(part: Ids) -> tuple[Floats, npt.NDArray[np.float64]]:
        scores = weighing.scores(part, np.append(free, part.shape[1] - 1))
        return scores[:, -1, : len(answers)].copy(), weighing.bits(scores[:, :-1], part[:, free + 1])

    parts = engine.in_batches(weigh, ids, WEIGHED_TOKENS)
    if not parts:
        return np.zeros((0, len(answers)), np.float32), np.zeros(0)
    return np.concatenate([scores for scores, _ in parts]), np.concatenate([bits for _, bits in parts])


def weigh_pictures(
    engine: Engine, levels: Levels, grammar: DrawingGrammar, prompt: str = ""
) -> npt.NDArray[np.float64]:
    """Return each picture's bits per cell, ``(N,)``.

    Args:
        engine: the model.
        levels: ``(N, rows, columns)``.
        grammar: their shape.
        prompt: the text before each picture; empty where it comes unasked.
    """
    before = np.array(engine.vocabulary.encode(prompt), np.int64)
    pictures = engine.vocabulary.picture_ids(levels, grammar.symbols)
    ids = np.concatenate([np.broadcast_to(before, (len(pictures), len(before))), pictures], axis=1)
    free = grammar.before_runs() + len(before)
    weighing = _Weighing(engine, grammar)

    def weigh(part: Ids) -> npt.NDArray[np.float64]:
        return weighing.bits(weighing.scores(part, free), part[:, free + 1])

    parts = engine.in_batches(weigh, ids, WEIGHED_TOKENS)
    return np.concatenate(parts) if parts else np.zeros(0)


class _Weighing:
    """Scores of a few answers and of the ramp's runs: no other token may stand in a picture."""

    def __init__(self, engine: Engine, grammar: DrawingGrammar, answers: Ids | None = None) -> None:
        self.engine, self.grammar = engine, grammar
        first = np.zeros(0, np.int64) if answers is None else answers
        self.answers = len(first)
        self.head = engine.head(np.concatenate([first, grammar.runs]))
        self.place_of = np.zeros(len(engine.vocabulary), np.int64)
        self.place_of[grammar.runs] = np.arange(len(grammar.runs))

    def scores(self, ids: Ids, places: Ids) -> Floats:
        """Return scores behind some places of each text, ``(N, places, answers + runs)``."""
        asked = np.arange(len(ids))[:, None] * ids.shape[1] + places
        return self.engine.scores(ids, self.head, asked.ravel()).reshape(len(ids), len(places), -1)

    def bits(self, scores: Floats, targets: Ids) -> npt.NDArray[np.float64]:
        """Return bits per cell of each picture, given the tokens that stand there, ``(N, runs)``.

        The scores are used up.
        """
        runs = scores[:, :, self.answers :]
        picked = np.take_along_axis(runs, self.place_of[targets][:, :, None], 2)[:, :, 0].astype(np.float64)
        top = runs.max(2, keepdims=True)
        np.subtract(runs, top, out=runs)
        sums = np.exp(runs, out=runs).sum(2).astype(np.float64)
        nats = (np.log(sums) + top[:, :, 0] - picked).sum(1)
        cells = self.grammar.rows * self.grammar.columns
        bits: npt.NDArray[np.float64] = nats / (np.log(2) * cells)
        return bits
