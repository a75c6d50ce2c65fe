"""Answers of OpenAI's protocol: whole ones, and ones that are heard as they come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp
from typing import Any

from calligram.endpoints.address import Address
from calligram.endpoints.ledger import Bill
from calligram.errors import EndpointError
from calligram.models._asking import OnText, Said

LEFT_OVER = 8
"""So many parts of a stream are taken in behind what is wanted, for what it cost is told at its end."""


def said_of(answer: Any, chat: bool, calligram: bool) -> Said:
    """Return what was answered.

    Args:
        answer: the client's.
        chat: whether a conversation was answered.
        calligram: whether a server of ours answered, which tells the whole reading.

    Raises:
        AttributeError, TypeError, IndexError: it is no answer of this protocol.
    """
    choice = answer.choices[0]
    text = choice.message.content if chat else choice.text
    first, shares = _shares(choice) if chat else ("", None)
    reading = _reading(answer) if calligram and chat else None
    logprob, tokens = _likelihood(choice, chat)
    whole = choice.finish_reason != "length"
    return Said(text or "", shares, whole, first, reading, logprob, tokens)


def _likelihood(choice: Any, chat: bool) -> tuple[float | None, int | None]:
    """Return the log-probability of a whole answer and its tokens, where each of them was told."""
    told = choice.logprobs
    shares = [token.logprob for token in told.content or []] if told and chat else []
    if told and not chat:
        shares = list(told.token_logprobs or [])
    if not shares or None in shares:
        return None, None
    return float(sum(shares)), len(shares)


def _reading(answer: Any) -> Mapping[str, Any] | None:
    """Return what our own server tells of the one picture that it read."""
    told = (answer.model_extra or {}).get("calligram") or {}
    pictures = told.get("pictures") or []
    return pictures[0] if len(pictures) == 1 else None


def _shares(choice: Any) -> tuple[str, dict[str, float] | None]:
    """Return an answer's first token that is no blank, and how probable each was in its place."""
    told = getattr(choice.logprobs, "content", None) if choice.logprobs else None
    first = next((token for token in told or [] if token.token.strip()), None)
    if first is None:
        return "", None
    shares: dict[str, float] = {}
    for top in first.top_logprobs or [first]:
        shares[top.token] = shares.get(top.token, 0.0) + exp(top.logprob)
    return first.token, shares


@dataclass
class Hearing:
    """Hears one answer as it comes.

    Args:
        address: of the endpoint.
        chat: whether a conversation is answered.
        bill: notes what the answer costs.
        text: what was heard and wanted.
        reason: why the answer ended, or None where it did not say.
    """

    address: Address
    chat: bool
    bill: Bill
    text: str = ""
    reason: str | None = None

    def hear(self, stream: Any, on_text: OnText) -> Said:
        """Return the answer; it is left off where nobody wants the rest.

        Raises:
            EndpointError: the stream broke off, or merely stopped.
        """
        parts = self._parts(stream)
        for part in parts:
            if self._take(part) and not on_text(self.text):
                self._take_cost(parts)
                return Said(self.text)
        if not self.reason:
            if self.bill.made or "event-stream" in stream.response.headers.get("content-type", ""):
                raise self.address.lost("the answer stopped before its end", "stopped")
            raise self.address.strange(stream.response.headers.get("content-type", "nothing"))
        return Said(self.text, whole=self.reason != "length")

    def _take(self, part: Any) -> bool:
        """Take in one part; say whether it may have added to the text."""
        try:
            self._count(part)
            for choice in part.choices[:1]:
                self.text += (choice.delta.content if self.chat else choice.text) or ""
                self.reason = choice.finish_reason or self.reason
                self.bill.made += 1
            return bool(part.choices)
        except (AttributeError, TypeError) as fault:
            raise self.address.strange(str(part)) from fault

    def _count(self, part: Any) -> None:
        if part.usage:
            self.bill.told = part.usage.total_tokens

    def _take_cost(self, parts: Iterator[Any]) -> None:
        """Take in the few parts that may follow what is wanted, up to what it cost."""
        try:
            for _, part in zip(range(LEFT_OVER), parts, strict=False):
                self._count(part)
                if self.bill.told is not None:
                    return
                self.bill.made += bool(part.choices)
        except (EndpointError, AttributeError):
            return  # the answer itself is here already

    def _parts(self, stream: Any) -> Iterator[Any]:
        parts = iter(stream)
        while (part := self.address.reach(lambda: next(parts, None))) is not None:
            yield part
