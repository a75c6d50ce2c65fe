"""What the model finds likely: its answers to a question, and whole pictures."""

import numpy as np
import numpy.typing as npt

from calligram.nano.engine import Engine, Floats
from calligram.nano.grammar import DrawingGrammar, Levels
from calligram.nano.vocabulary import Ids

HEAD_SCORES = 1 << 22
"""Scores held at once while whole pictures are weighed."""


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
    free = _free_places(grammar, start=0)
    head = _Head(engine, grammar)
    columns = np.ascontiguousarray(engine.table[answers].T)

    def weigh(part: Ids) -> tuple[Floats, npt.NDArray[np.float64]]:
        places = np.concatenate([free, [part.shape[1] - 1]])
        states = _states_at(engine, part, places)
        return states[:, -1] @ columns, head.bits(states[:, :-1], part[:, free + 1])

    parts = engine.in_batches(weigh, ids)
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
    pictures = engine.vocabulary.picture_ids(levels, grammar.symbols)[:, :-1]
    ids = np.concatenate([np.broadcast_to(before, (len(pictures), len(before))), pictures], axis=1)
    free = _free_places(grammar, start=len(before))
    head = _Head(engine, grammar)
    targets = engine.vocabulary.picture_ids(levels, grammar.symbols)

    def weigh(part: Ids) -> npt.NDArray[np.float64]:
        rows = part[:, 0]
        return head.bits(_states_at(engine, ids[rows], free), targets[rows][:, free - len(before) + 1])

    # rows are handed out by number, so that texts and targets are cut alike
    numbers = np.broadcast_to(np.arange(len(ids))[:, None], ids.shape)
    parts = engine.in_batches(weigh, numbers)
    return np.concatenate(parts) if parts else np.zeros(0)


def _free_places(grammar: DrawingGrammar, start: int) -> Ids:
    """Return the places of the tokens before each run, counted from ``start``."""
    step = grammar.runs_per_row + 1
    return (start + np.arange(grammar.rows)[:, None] * step + np.arange(grammar.runs_per_row)).ravel()


def _states_at(engine: Engine, ids: Ids, places: Ids) -> Floats:
    asked = np.arange(len(ids))[:, None] * ids.shape[1] + places
    return engine.states(ids, asked.ravel()).reshape(len(ids), len(places), -1)


class _Head:
    """Scores over the ramp's runs alone: no other token may stand in a picture."""

    def __init__(self, engine: Engine, grammar: DrawingGrammar) -> None:
        self.columns = np.ascontiguousarray(engine.table[grammar.runs].T)
        self.place_of = np.zeros(len(engine.vocabulary), np.int64)
        self.place_of[grammar.runs] = np.arange(len(grammar.runs))
        self.cells = grammar.rows * grammar.columns

    def bits(self, states: Floats, targets: Ids) -> npt.NDArray[np.float64]:
        """Return bits per cell of each picture, from states ``(N, runs, width)`` and tokens ``(N, runs)``."""
        flat, chosen = states.reshape(-1, states.shape[-1]), self.place_of[targets].ravel()
        size = max(1, HEAD_SCORES // self.columns.shape[1])
        parts = [
            self._surprise(flat[start : start + size], chosen[start : start + size])
            for start in range(0, len(flat), size)
        ]
        nats = np.concatenate(parts).reshape(targets.shape).sum(1)
        bits: npt.NDArray[np.float64] = nats / (np.log(2) * self.cells)
        return bits

    def _surprise(self, states: Floats, chosen: Ids) -> npt.NDArray[np.float64]:
        scores = states @ self.columns
        picked = scores[np.arange(len(chosen)), chosen].astype(np.float64)
        top = scores.max(1, keepdims=True)
        np.subtract(scores, top, out=scores)
        np.exp(scores, out=scores)
        surprise: npt.NDArray[np.float64] = np.log(scores.sum(1, dtype=np.float64)) + top[:, 0] - picked
        return surprise
