"""Replies: what every reply has, whole or in events, and what was used."""

import json
import secrets
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Any

from calligram.server.answers import Piece
from calligram.server.refusals import INTERNAL, refusal_of

Event = Mapping[str, Any]
END = "data: [DONE]\n\n"


def heading(kind: str, model: str, sort: str) -> dict[str, Any]:
    """Return the first fields of a reply.

    Args:
        kind: its ``object``.
        model: the model's name.
        sort: how its ``id`` begins.
    """
    return {
        "id": f"{sort}-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }


class Usage:
    """Counts what is used while pieces pass by.

    Args:
        prompt_tokens: how many tokens were read, or None where the model cannot tell.
    """

    def __init__(self, prompt_tokens: int | None) -> None:
        self.read, self.made = prompt_tokens, 0

    def counted(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """Yield the pieces."""
        for piece in pieces:
            self.made += piece.tokens
            yield piece

    def told(self) -> dict[str, int] | None:
        """Return the counts, or None where the model cannot tell them."""
        if self.read is None:
            return None
        return {
            "prompt_tokens": self.read,
            "completion_tokens": self.made,
            "total_tokens": self.read + self.made,
        }


def events(first: Event, rest: Iterator[Event]) -> Generator[str, None, None]:
    """Yield what is told as server-sent events, a fault as the last of them.

    Closing it closes what it tells of.

    Args:
        first: the first event, which was waited for so that a fault before it is a status of its own.
        rest: the others.
    """
    try:
        yield _spelled(first)
        for event in rest:
            yield _spelled(event)
    except Exception as fault:
        refusal = refusal_of(fault)
        yield _spelled(refusal.content)
        if refusal.status == INTERNAL:
            raise
        return
    finally:
        close(rest)
    yield END


def _spelled(event: Event) -> str:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"


def close(source: object) -> None:
    """Close a generator; other iterators have nothing to close."""
    if hasattr(source, "close"):
        source.close()
