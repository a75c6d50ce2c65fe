"""What every kind of tokenizer offers here, and where in a text each token lies."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

Span = tuple[int, int]
"""First character, and the one behind the last."""


@dataclass(frozen=True)
class Split:
    """A text as tokens.

    Args:
        ids: the tokens' numbers.
        spans: the characters that each token has a part in; tokens that share one character each span it,
            and a token that stands for nothing in the text, as a blank put before it, spans none.
    """

    ids: tuple[int, ...]
    spans: tuple[Span, ...]


class Tokenizer(ABC):
    """Turns text into numbers and back; no token is added at the beginning or the end.

    Attributes:
        name: how it was asked for.
        kind: what it is, for people: ``"byte-level BPE"``, ``"SentencePiece"``, …
        size: how many tokens there are.
    """

    name: str
    kind: str
    size: int

    @abstractmethod
    def encode(self, text: str) -> Sequence[int]:
        """Return the numbers of a text's tokens."""

    @abstractmethod
    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of tokens."""

    @abstractmethod
    def content(self, token: int) -> bytes | None:
        """Return the bytes that a token stands for, or None where that is not known."""

    def offsets(self, text: str) -> Sequence[Span]:
        """Return the library's own word on where each token lies, for tokenizers that change the text."""
        raise NotImplementedError(f"the tokenizer {self.name} gives no offsets")

    def split(self, text: str) -> Split:
        """Return a text's tokens and where each lies."""
        ids = tuple(self.encode(text))
        spans = align(text, [self.content(token) for token in ids])
        return Split(ids, tuple(self.offsets(text)) if spans is None else spans)


def align(text: str, contents: Sequence[bytes | None]) -> tuple[Span, ...] | None:
    """Return where in a text each token lies, or None where their bytes are not the text's.

    Args:
        text: what was split.
        contents: the bytes of each token, in order; one blank before all of it is allowed, for
            SentencePiece puts one there.

    >>> align("a▓", [b"a\\xe2", b"\\x96\\x93"])
    ((0, 2), (1, 2))
    >>> align("ab", [b" ", b"ab"])
    ((0, 0), (0, 2))
    """
    whole = text.encode()
    known = [content for content in contents if content is not None]
    joined = b"".join(known)
    added = len(joined) - len(whole)
    if len(known) < len(contents) or joined != b" " * added + whole or added > 1:
        return None
    owners = [place for place, character in enumerate(text) for _ in character.encode()]
    ends = [max(0, end - added) for end in accumulate(map(len, known))]
    starts = [0, *ends[:-1]]
    return tuple(
        (owners[start], owners[end - 1] + 1) if end > start else (0, 0)
        for start, end in zip(starts, ends, strict=True)
    )
