"""How measures of texts cut them into words."""

import re
from collections.abc import Iterator, Sequence

_LONE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Kana and Han characters, which no spaces part."""

WORD = re.compile(rf"[{_LONE}]|[^\W{_LONE}]+(?:['’][^\W{_LONE}]+)*")
"""Letters and digits in one go, with apostrophes between them; each kana or Han character by itself."""


def words_of(text: str) -> list[str]:
    """Return a text's words in small letters, without what stands between them.

    >>> words_of("The painter’s hand, 1885.")
    ['the', 'painter’s', 'hand', '1885']
    """
    return WORD.findall(text.lower())


def ngrams_of(words: Sequence[str], n: int) -> Iterator[tuple[str, ...]]:
    """Yield each run of ``n`` words, in order."""
    return zip(*(words[start:] for start in range(n)), strict=False)
