"""Endings: where an answer stops, at a text that the request names or after so many tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from calligram.models.base import Speaking
from calligram.server.answers import Piece, Reason, Served, Wishes


class Ending:
    """Ends one answer, and holds back what may yet turn out to be the text to stop before.

    Args:
        stops: texts to stop before.
        most_tokens: tokens at most, or None; counts only where ``speaking`` is given.
        speaking: what cuts texts that come in larger pieces than tokens.
    """

    def __init__(
        self, stops: Sequence[str] = (), most_tokens: int | None = None, speaking: Speaking | None = None
    ) -> None:
        self.reason: Reason | None = None
        self._stops, self._speaking, self._left = stops, speaking, most_tokens
        self._held: list[Piece] = []

    @classmethod
    def of(cls, served: Served, wishes: Wishes) -> "Ending":
        """Return the ending of an answer that comes in larger pieces than tokens."""
        speaking = served.model if isinstance(served.model, Speaking) else None
        return cls(wishes.stops, wishes.most_tokens, speaking)

    def take(self, piece: Piece) -> Iterator[Piece]:
        """Yield what can be told once a piece has come; after the end nothing."""
        if self.reason:
            return
        piece, full = self._within(piece)
        self._held.append(piece)
        text = "".join(held.text for held in self._held)
        found = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if found:
            yield from self._finish(min(found), "stop")
        elif full or piece.ended:
            yield from self._finish(len(text), "length" if full else piece.ended)
        else:
            yield from self._release(len(text) - self._begun(text))

    def _within(self, piece: Piece) -> tuple[Piece, bool]:
        """Return a piece no longer than what is left, and whether nothing more may come."""
        if self._left is None or self._speaking is None:
            return piece, False
        tokens = self._speaking.cut(piece.text)
        if len(tokens) <= self._left:
            self._left -= len(tokens)
            return piece, False
        short = self._speaking.join(tokens[: self._left])
        return replace(piece, text=short, scores=(), tokens=self._left), True

    def _begun(self, text: str) -> int:
        """Return how many characters at the end of a text may begin a text to stop before."""
        sizes = [
            size
            for stop in self._stops
            for size in range(min(len(stop) - 1, len(text)), 0, -1)
            if text.endswith(stop[:size])
        ]
        return max(sizes, default=0)

    def _release(self, sure: int) -> Iterator[Piece]:
        while self._held and len(self._held[0].text) <= sure:
            sure -= len(self._held[0].text)
            yield self._held.pop(0)

    def _finish(self, length: int, reason: Reason | None) -> Iterator[Piece]:
        self.reason = reason
        choice = self._held[-1].choice
        for held in self._held:
            if held.text[:length] or (held.scores and not held.text):
                yield replace(held, text=held.text[:length], ended=None)
            length = max(0, length - len(held.text))
        self._held = []
        yield Piece(choice, "", ended=reason)
