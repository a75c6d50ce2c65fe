"""Matching a free answer to a class by published rules, each tried in turn until one class is left.

The rules, in order:

1. ``exact``: the answer is a class as it is spelled, white space at the ends aside.
2. ``unwrapped``: the same after quotes, brackets, asterisks, back-ticks and punctuation around it are gone.
3. ``capitals``: the same without regard to capitals, where that leaves one class.
4. ``number word``: the same after "three" became "3", or "3" became "three".
5. ``told``: what stands after "the answer is", "answer:", "it is", "this looks like", "the picture shows" and
   their like, up to a comma or the end of the sentence, by the rules before; an article and the word for the
   kind ("the digit 3") are dropped. Where an answer is told more than once, the last one counts.
6. ``last line``: the last line that holds anything, by the rules before, article and kind dropped too.
7. ``first line``: the first such line, likewise.
8. ``only mention``: exactly one class is named anywhere in the answer as a word of its own, as figure or as
   word, and not denied by a "not" shortly before. A class of one letter is named by that very letter, and
   "a" and "I" by themselves name none, being words.

An answer that no rule matches is none of the classes, and counts as wrong.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from calligram.nano.requests import NUMBERS, words_for

AROUND = " \t\r\n\"'`*_.,;:!?()[]{}<>«»“”‘’„#|"
"""What may stand around an answer."""

TELLING = re.compile(
    r"(?:\banswer(?: is|:)|\b(?:it|this|that|which|picture|image|drawing|letter|digit|garment)"
    r"(?:'s| is| shows| looks like| depicts| represents| appears to be| seems to be|:)"
    r"|\bI (?:see|think it is|would say|read))\s*:?\s*(?=(?P<rest>[^\n]+))",
    re.IGNORECASE,
)
OPENING = re.compile(r"(?:(?:an?|the|most likely|probably|clearly|likely)\s+)+", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.,;](?:\s|$)|\s(?:because|since|as|with|and|but)\s", re.IGNORECASE)

NEGATED = re.compile(r"(?:\bnot|\bno|n't|\bneither|\bnor)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)


class Names:
    """The classes to match against, with what each may also be called."""

    def __init__(self, classes: Sequence[str], kind: str = "") -> None:
        self.classes = tuple(classes)
        self.kinds = tuple(f"{word} " for word in words_for(kind)) if kind else ()
        self._exact = {name: place for place, name in reversed(list(enumerate(self.classes)))}
        self._folded = _unambiguous((name.lower(), place) for place, name in enumerate(self.classes))
        self._numbers = _unambiguous(
            (other, place) for place, name in enumerate(self.classes) if (other := _other_number(name))
        )

    def exact(self, text: str) -> int | None:
        """Return the class of that very spelling."""
        return self._exact.get(text)

    def folded(self, text: str) -> int | None:
        """Return the one class that differs in capitals alone."""
        return self._folded.get(text.lower())

    def numbered(self, text: str) -> int | None:
        """Return the one class that is the same number, as a word or as a figure."""
        return self._numbers.get(text.lower())

    def named_in(self, text: str) -> list[int]:
        """Return the classes that a text names as words of their own and does not deny, in their order."""
        return [place for place in range(len(self.classes)) if self._is_named(place, text)]

    def _is_named(self, place: int, text: str) -> bool:
        name = self.classes[place]
        spellings = [name, *filter(None, [_other_number(name)])]
        for spelling in spellings:
            if spelling.lower() in {"a", "i"}:
                continue
            flags = 0 if len(spelling) == 1 and spelling.isalpha() else re.IGNORECASE
            pattern = rf"(?<![\w-]){re.escape(spelling)}(?![\w-])"
            for found in re.finditer(pattern, text, flags):
                if not NEGATED.search(text[: found.start()]):
                    return True
        return False


def match_answer(answer: str, classes: Sequence[str], kind: str = "") -> tuple[int | None, str]:
    """Return the class that an answer names, a place in ``classes`` or None, and the rule that found it.

    Args:
        answer: what a model said.
        classes: the names of the classes.
        kind: what a picture shows, as ``"digit"``, a word that may stand before the class.

    >>> match_answer("The answer is **three**.", ["1", "2", "3"])
    (2, 'told')
    >>> match_answer("maybe 1, maybe 2", ["1", "2", "3"])
    (None, 'none')
    """
    names = _names(tuple(classes), kind)
    for rule, match in RULES.items():
        place = match(answer, names)
        if place is not None:
            return place, rule
    return None, "none"


@lru_cache(maxsize=16)
def _names(classes: tuple[str, ...], kind: str) -> Names:
    return Names(classes, kind)


def _exactly(answer: str, names: Names) -> int | None:
    return names.exact(answer.strip())


def _unwrapped(answer: str, names: Names) -> int | None:
    return names.exact(answer.strip(AROUND))


def _in_any_case(answer: str, names: Names) -> int | None:
    return names.folded(answer.strip(AROUND))


def _by_number(answer: str, names: Names) -> int | None:
    return names.numbered(answer.strip(AROUND))


def _whole(text: str, names: Names) -> int | None:
    """Return the class that a whole text is, by the rules before."""
    for match in (_exactly, _unwrapped, _in_any_case, _by_number):
        if (place := match(text, names)) is not None:
            return place
    return None


def _phrase(text: str, names: Names) -> int | None:
    """Return the class that a phrase is, articles and the word for the kind aside."""
    bare = text.strip(AROUND)
    for shorter in (bare, OPENING.sub("", bare, count=1) if OPENING.match(bare) else bare):
        if (place := _whole(shorter, names)) is not None:
            return place
        if shorter.lower().startswith(names.kinds):
            return _whole(shorter.partition(" ")[2].strip(AROUND), names)
    return None


def _told(answer: str, names: Names) -> int | None:
    found = None
    for line in answer.splitlines():
        for telling in TELLING.finditer(line):
            if (place := _phrase(SENTENCE_END.split(telling["rest"])[0], names)) is not None:
                found = place
    return found


def _last_line(answer: str, names: Names) -> int | None:
    lines = [line for line in answer.splitlines() if line.strip(AROUND)]
    return _phrase(lines[-1], names) if lines else None


def _first_line(answer: str, names: Names) -> int | None:
    lines = [line for line in answer.splitlines() if line.strip(AROUND)]
    return _phrase(lines[0], names) if lines else None


def _only_mention(answer: str, names: Names) -> int | None:
    named = names.named_in(answer)
    return named[0] if len(named) == 1 else None


RULES: Mapping[str, Callable[[str, Names], int | None]] = {
    "exact": _exactly,
    "unwrapped": _unwrapped,
    "capitals": _in_any_case,
    "number word": _by_number,
    "told": _told,
    "last line": _last_line,
    "first line": _first_line,
    "only mention": _only_mention,
}
"""The rules by name, in the order in which they are tried."""


def _other_number(name: str) -> str | None:
    """Return "three" for "3" and "3" for "three", and nothing for any other name."""
    if name.isdecimal() and name.isascii() and int(name) < len(NUMBERS) and name == str(int(name)):
        return NUMBERS[int(name)]
    return str(NUMBERS.index(name.lower())) if name.lower() in NUMBERS else None


def _unambiguous(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return spellings that belong to one class alone."""
    found: dict[str, set[int]] = {}
    for spelling, place in pairs:
        found.setdefault(spelling, set()).add(place)
    return {spelling: next(iter(places)) for spelling, places in found.items() if len(places) == 1}
