"""What the writer may not say, and how one of several drafts is chosen.

A small model that learnt from museum labels is fluent in artists' names and dates, and knows none of them.
Unless they are wished for, its text ends before the first sentence that holds a digit, a word with a capital
inside or somebody's words in quotes, or begins with a word that never came in small letters. It also ends
before it copies, before a word that is none, and with a whole sentence where it was cut off.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from calligram.nano.copying import KnownTexts, words_of

SENTENCE = re.compile(r".+?(?:[.!?]+[”\"’)]*(?=\s|$)|\n+|$)", re.DOTALL)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
DIGIT_OR_QUOTE = re.compile(r"[\d“”\"]")
INNER_CAPITAL = re.compile(r"[\w,;:’'—–-][”\")]*\s*[“\"(]*(?!I\b)[A-ZÀ-ÖØ-Þ]")
"""A capital behind a word, and not behind the end of a sentence."""
ENDED = re.compile(r"[.!?][”\"’)]*\s*$")
REPEATED, MENTIONED = 4.0, 0.6
"""Nats a token: what repeating every longer word costs, and what mentioning all that is wished gains."""


@dataclass(frozen=True)
class WritingRules:
    """The rules of one writer.

    Args:
        known: of the texts that it learnt from; None lets everything be said.
        names: whether names and numbers may be written.
    """

    known: KnownTexts | None
    names: bool

    def usable(self, opening: str, text: str, whole: bool) -> str:
        """Return the longest beginning of a text that may be said; it ends with a sentence.

        Args:
            opening: what stands before the text.
            text: what was drawn.
            whole: whether the model ended it; else an unfinished sentence at its end is left out, where
                there is another before it.
        """
        kept = ""
        for match in SENTENCE.finditer(text):
            sentence = match.group()
            if self._strange(sentence) or self._copies(opening, kept + sentence):
                break
            if not whole and match.end() == len(text) and not ENDED.search(sentence) and kept:
                break
            kept += sentence
        return kept.rstrip()

    def forbids(self, tail: str) -> bool:
        """Return whether the last few tokens of a text hold a name or number that is not wished for."""
        return not self.names and bool(DIGIT_OR_QUOTE.search(tail) or INNER_CAPITAL.search(tail))

    def _strange(self, sentence: str) -> bool:
        """Return whether a sentence holds a word that is none, or a name or number that is not wished for."""
        if self.forbids(sentence):
            return True
        if self.known is None:
            return False
        return any(not self._is_known(word) for word in WORD.findall(sentence))

    def _is_known(self, word: str) -> bool:
        assert self.known is not None
        if self.names and word[0].isupper():
            return True
        return word in {"a", "A"} or self.known.knows(re.sub(r"['’]s?$", "", word.lower()))

    def _copies(self, opening: str, text: str) -> bool:
        """Return whether more than twelve words in a row are copied, the opening alone not counted."""
        if self.known is None:
            return False
        given = len(words_of(opening))
        return any(stop > given for _, stop in self.known.copied(opening + text))


def fitness(text: str, logprob_each: float, wished: Collection[str]) -> float:
    """Return how well a draft serves: likely, without repeating itself, and with what was asked for.

    Args:
        text: the draft.
        logprob_each: natural log-probability, the mean over its tokens.
        wished: words that it should mention, in small letters.
    """
    words = words_of(text)
    if not words:
        return float("-inf")
    long = [word.removesuffix("s") for word in words if len(word) > 3]
    repeated = 1 - len(set(long)) / max(1, len(long))
    mentioned = sum(word in words for word in wished) / len(wished) if wished else 0.0
    return logprob_each - REPEATED * repeated + MENTIONED * mentioned
