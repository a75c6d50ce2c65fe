"""Speaking: going on with a text, token by token."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from calligram import settings
from calligram.models.base import SamplingOptions, Speaking
from calligram.server.answers import Answer, Piece, Scored, Served, Wishes
from calligram.server.endings import Ending
from calligram.server.refusals import RefusalError
from calligram.server.tasks import ToContinue


def continue_chat(task: ToContinue, served: Served, wishes: Wishes) -> Answer:
    """Return how the model goes on with a conversation's text.

    Raises:
        RefusalError: the text fills the model's context, or JSON is wished.
        OptionError: a wish is out of its range.
    """
    if wishes.form:
        raise RefusalError(
            "JSON is told of answers about a picture alone: show one, or leave response_format out",
            "response_format",
        )
    speaking = speaker(served)
    tokens = check_prompt(task.text, speaking, 1, "messages")
    sampling = sampling_options(wishes)
    parts = (
        speak(tokens, served, wishes, sampling, number=number, seed_step=number)
        for number in range(wishes.choices)
    )
    pieces = (piece for part in parts for piece in part)
    return Answer(pieces, len(tokens), {"did": "continue"})


def speaker(served: Served) -> Speaking:
    """Return the model as one that goes on with any text.

    Raises:
        RefusalError: it does not.
    """
    if isinstance(served.model, Speaking):
        return served.model
    raise RefusalError(
        f"the model {served.model.name!r} tells no tokens, so it goes on with no text: "
        "ask it at /v1/chat/completions about a picture, or to draw",
        "model",
        "unsupported_model",
    )


def sampling_options(wishes: Wishes) -> SamplingOptions:
    """Return how to choose tokens.

    Raises:
        OptionError: a value is out of its range.
    """
    options = SamplingOptions(**wishes.sampling)
    settings.check(options)
    return options.seeded()


def check_prompt(prompt: str | Sequence[int], speaking: Speaking, room: int, param: str) -> list[int]:
    """Return a prompt's tokens.

    Args:
        prompt: a text, or tokens.
        speaking: what reads it.
        room: how many tokens must be left behind it.
        param: the request's field, for messages.

    Raises:
        RefusalError: it is too long for the model.
    """
    tokens = speaking.cut(prompt) if isinstance(prompt, str) else list(prompt)
    if len(tokens) + room > speaking.positions:
        behind = f" and {room} to be made" if room else ""
        raise RefusalError(
            f"the prompt has {len(tokens)} tokens{behind}, but the model's context is "
            f"{speaking.positions} tokens: give a shorter one",
            param,
            "context_length_exceeded",
        )
    return tokens


def speak(
    tokens: Sequence[int],
    served: Served,
    wishes: Wishes,
    sampling: SamplingOptions,
    *,
    number: int,
    seed_step: int,
) -> Iterator[Piece]:
    """Yield the tokens that follow a prompt as pieces, and at last why they end.

    Args:
        tokens: the prompt.
        served: the model, which is taken in turns, token by token.
        wishes: where to stop, and what to tell.
        sampling: how to choose, with a seed.
        number: of the answer.
        seed_step: added to the seed.
    """
    speaking = speaker(served)
    room = speaking.positions - len(tokens)
    most = room if wishes.most_tokens is None else min(room, wishes.most_tokens)
    options = replace(sampling, seed=(sampling.seed or 0) + seed_step)
    ending, made = Ending(wishes.stops), 0
    source = speaking.speak(list(tokens), options, most, wishes.top or 0)
    while made < most:
        served.check_open()
        with served.turn:
            token = next(source, None)
        if token is None:
            break
        made += 1
        scores = () if wishes.top is None else (Scored.of(token),)
        yield from ending.take(Piece(number, token.text, scores, tokens=1))
        if ending.reason:
            return
    yield from ending.take(Piece(number, "", ended="length" if made == most else "stop"))
