"""Answers: what is served, what a request wishes, and the pieces in which answers come.

Nothing here knows of HTTP: the endpoint and the plugin of ``llm`` both tell what comes in these forms.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Literal, NamedTuple

from calligram.models.base import Model, Speaking, TokenScore
from calligram.models.builtin import Builtin
from calligram.server.options import ServeOptions
from calligram.server.refusals import RefusalError
from calligram.server.schemas import AnswerForm

Reason = Literal["stop", "length"]

LEAST_LOGPROB = -9999.0
"""Stands for the logarithm of nothing, as OpenAI writes it."""


@dataclass(frozen=True)
class Served:
    """The model that answers, and how it is kept from being used by two threads at once.

    Args:
        model: what answers.
        options: layout and limits.
        turn: held while the model works; the built-in model needs no turns.
        tokens: how many tokens the model knows, 0 where it does not say.
        closing: set when the server is stopped; work in steps then stops at its next step.
    """

    model: Model
    options: ServeOptions
    turn: AbstractContextManager[Any]
    tokens: int = 0
    closing: Event = field(default_factory=Event)

    @classmethod
    def of(cls, model: Model, options: ServeOptions) -> "Served":
        """Return a model with the turns it needs."""
        known = model.describe().get("tokens")
        turn = nullcontext() if isinstance(model, Builtin) else Lock()
        return cls(model, options, turn, known if isinstance(known, int) else 0)

    def check_open(self) -> None:
        """Raise RefusalError where the server is being stopped."""
        if self.closing.is_set():
            raise RefusalError(
                "the server was stopped before the answer was whole: ask again", None, "stopped", 503
            )

    def count(self, text: str) -> int | None:
        """Return how many tokens a text has, or None where the model cannot tell."""
        return len(self.model.cut(text)) if isinstance(self.model, Speaking) else None


@dataclass(frozen=True)
class Wishes:
    """What a request wishes of its answers.

    Args:
        sampling: values of the sampling options by name; those not given are the usual ones.
        choices: how many answers.
        most_tokens: where to stop, or None.
        stops: texts to stop before.
        top: how many candidates to tell at each token, or None for no log-probabilities.
        layout: the layout to read or draw in, or None for the usual one.
        form: the JSON that the answer is to be, or None for plain words.
        streamed: whether pieces are wanted as they are made.
    """

    sampling: Mapping[str, Any] = field(default_factory=dict)
    choices: int = 1
    most_tokens: int | None = None
    stops: tuple[str, ...] = ()
    top: int | None = None
    layout: str | None = None
    form: AnswerForm | None = None
    streamed: bool = False


class Scored(NamedTuple):
    """One token or answer, its natural log-probability, and the likeliest in its place."""

    text: str
    logprob: float | None
    top: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, token: TokenScore) -> "Scored":
        """Return what a model tells of one token."""
        return cls(token.text, token.logprob, token.top)


@dataclass(frozen=True)
class Piece:
    """A piece of one answer.

    Args:
        choice: the answer's number, from 0.
        text: what it adds.
        scores: its tokens and their log-probabilities, where they are told.
        tokens: how many tokens were made for it.
        refused: whether the text says why there is no answer in the wished form.
        ended: why the answer ends here, or None where it goes on.
    """

    choice: int
    text: str
    scores: tuple[Scored, ...] = ()
    tokens: int = 0
    refused: bool = False
    ended: Reason | None = None


@dataclass
class Answer:
    """Answers on their way.

    Args:
        pieces: what is made, in the order in which it is made; each answer's last piece says why it ends.
        prompt_tokens: how many tokens were read, or None where the model cannot tell.
        facts: what else there is to tell; whole when the pieces have come to their end.
    """

    pieces: Iterator[Piece]
    prompt_tokens: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def logarithm(share: float) -> float:
    """Return the natural logarithm of a probability, that of nothing as a large negative number."""
    return math.log(share) if share > 0 else LEAST_LOGPROB
