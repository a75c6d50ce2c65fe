"""Chat: ``/v1/chat/completions``, whole and streamed."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from calligram.picture import Limits
from calligram.server.answers import LEAST_LOGPROB, Answer, Piece, Scored, Served, Wishes
from calligram.server.doing import do
from calligram.server.refusals import RefusalError
from calligram.server.replies import Event, Usage, close, heading
from calligram.server.requests import ChatRequest, ImagePart, Message
from calligram.server.said import Said, Shown, open_url, take_apart
from calligram.server.tasks import choose_task


def begin_chat(asked: ChatRequest, served: Served) -> tuple[Answer, Wishes]:
    """Return the answers to a request on their way, and what it wishes of them.

    Raises:
        RefusalError: the request cannot be carried out.
        CalligramError: the model cannot do it.
    """
    wishes = asked.wishes()
    said = [
        hear(message, f"messages[{place}]", served.options) for place, message in enumerate(asked.messages)
    ]
    return do(choose_task(said, served.model), served, wishes), wishes


def hear(message: Message, place: str, limits: Limits) -> Said:
    """Return a message taken apart into words and pictures.

    Raises:
        RefusalError: a picture of it cannot be used.
    """
    parts: list[str | Shown] = []
    given = message.content if isinstance(message.content, list) else []
    for number, part in enumerate(given):
        if isinstance(part, ImagePart):
            if message.role != "user":
                raise RefusalError(f"{place} is of the role {message.role}, which shows no images", place)
            where = f"{place}.content[{number}].image_url.url"
            parts.append(Shown(open_url(part.image_url.url, where), where, part.image_url.detail))
        else:
            parts.append(part.text)
    if isinstance(message.content, str):
        parts.append(message.content)
    return take_apart(message.role, parts, place, limits)


def whole_chat(asked: ChatRequest, served: Served) -> dict[str, Any]:
    """Return the whole reply to a request."""
    answer, wishes = begin_chat(asked, served)
    usage = Usage(answer.prompt_tokens)
    found: list[list[Piece]] = [[] for _ in range(wishes.choices)]
    for piece in usage.counted(answer.pieces):
        found[piece.choice].append(piece)
    return {
        **heading("chat.completion", served.model.name, "chatcmpl"),
        "choices": [_choice(number, pieces, wishes) for number, pieces in enumerate(found)],
        "usage": usage.told(),
        "calligram": answer.facts,
    }


def _choice(number: int, pieces: Sequence[Piece], wishes: Wishes) -> dict[str, Any]:
    text = "".join(piece.text for piece in pieces)
    refused = any(piece.refused for piece in pieces)
    return {
        "index": number,
        "message": {
            "role": "assistant",
            "content": None if refused else text,
            "refusal": text if refused else None,
        },
        "logprobs": _logprobs([score for piece in pieces for score in piece.scores], wishes),
        "finish_reason": pieces[-1].ended,
    }


def stream_chat(asked: ChatRequest, served: Served) -> Iterator[Event]:
    """Yield the events of a streamed reply; what is told of the whole comes with its last choice."""
    answer, wishes = begin_chat(asked, served)
    usage = Usage(answer.prompt_tokens)
    head = heading("chat.completion.chunk", served.model.name, "chatcmpl")
    if asked.tells_usage:
        head["usage"] = None
    ended: list[Piece] = []
    try:
        first = list(
            islice(answer.pieces, 1)
        )  # before anything is told, so that a fault can still be a status
        for number in range(wishes.choices):
            yield head | {"choices": [_delta(number, {"role": "assistant", "content": ""})]}
        for piece in usage.counted(chain(first, answer.pieces)):
            if piece.ended:
                ended.append(piece)
            elif piece.text or piece.scores:
                told = {"refusal" if piece.refused else "content": piece.text}
                yield head | {"choices": [_delta(piece.choice, told, _logprobs(piece.scores, wishes))]}
        for piece in ended:
            last = {"calligram": answer.facts} if piece is ended[-1] else {}
            yield head | {"choices": [_delta(piece.choice, {}, None, piece.ended)]} | last
        if asked.tells_usage:
            yield head | {"choices": [], "usage": usage.told()}
    finally:
        close(answer.pieces)


def _delta(
    number: int, told: dict[str, Any], logprobs: dict[str, Any] | None = None, ended: str | None = None
) -> dict[str, Any]:
    return {"index": number, "delta": told, "logprobs": logprobs, "finish_reason": ended}


def _logprobs(scores: Sequence[Scored], wishes: Wishes) -> dict[str, Any] | None:
    if wishes.top is None:
        return None
    content = [
        {**_token(score.text, score.logprob), "top_logprobs": [_token(*other) for other in score.top]}
        for score in scores
    ]
    return {"content": content, "refusal": None}


def _token(text: str, logprob: float | None) -> dict[str, Any]:
    return {
        "token": text,
        "logprob": LEAST_LOGPROB if logprob is None else logprob,
        "bytes": list(text.encode()),
    }
