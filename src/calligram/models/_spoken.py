"""Spoken text: from a model's scores and the bytes of its tokens to scored pieces of text."""

import codecs
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from calligram.models.base import TokenScore
from calligram.nano.sampling import log_softmax


class Pieces:
    """Turns tokens into pieces of text, one after another; bytes of a character wait for its last one.

    Args:
        spellings: each token's bytes; none for tokens that add no text.
    """

    def __init__(self, spellings: Sequence[bytes]) -> None:
        self.spellings = spellings
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def piece(self, token: int, scores: npt.NDArray[np.floating] | None, top: int) -> TokenScore:
        """Return one token with its text.

        Args:
            token: its number.
            scores: of every token at its place, ``(tokens,)``; None for the first token of a text.
            top: how many of the likeliest to tell.
        """
        text = self._decoder.decode(self.spellings[token])
        if scores is None:
            return TokenScore(token, text, None)
        logprobs = log_softmax(scores)
        likeliest = np.argsort(-logprobs, kind="stable")[:top]
        told = tuple((self.alone(int(other)), float(logprobs[other])) for other in likeliest)
        return TokenScore(token, text, float(logprobs[token]), told)

    def alone(self, token: int) -> str:
        """Return a token's text without its neighbours; an unfinished character shows as U+FFFD."""
        return self.spellings[token].decode("utf-8", "replace")


def scored_pieces(
    spellings: Sequence[bytes], tokens: Sequence[int], scores: npt.NDArray[np.floating], top: int
) -> list[TokenScore]:
    """Return a whole text's tokens with their log-probabilities.

    Args:
        spellings: each token's bytes.
        tokens: the text's.
        scores: behind each of them, ``(len(tokens), vocabulary)``; the last row is not used.
        top: how many of the likeliest tokens to tell at each place.
    """
    if not tokens:
        return []
    pieces = Pieces(spellings)
    first = [pieces.piece(tokens[0], None, top)]
    return first + [pieces.piece(token, scores[place], top) for place, token in enumerate(tokens[1:])]
