"""What a judge rests on: whether the facts and the places of the picture that it cites exist, and agree."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from calligram.art.eyes import Eyes
from calligram.art.facts import Fact, Facts
from calligram.errors import InputError

_CALLED = re.compile(r"^(?:the\s+)?(?:cells?|fields?|regions?|facts?)\s+", re.IGNORECASE)
"""Words before a citation that are no part of it."""
_LIKE_PLACE = re.compile(r"[A-Z]\d+(?:\s*(?:[-–—:]|to)\s*[A-Z]?\d+)?", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[–—:-]|\bto\b)\s*", re.IGNORECASE)
_NUMBER = re.compile(r"[-+−]?\d+(?:\.\d+)?")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_BEHIND_KEY = re.compile(r"[:=(]")

CHOICES = {
    "orientation": ("portrait", "landscape", "square"),
    "temperature": ("warm", "cool", "neutral"),
    "light_or_dark": ("light", "middling", "dark"),
    "key": ("low", "middle", "high"),
    "symmetrical": ("yes", "no"),
    "busy_or_empty": ("busy", "middling", "empty"),
    "make": ("line art", "photograph", "painting", "flat graphic", "unsure"),
}
"""Facts that are one of a few words: citing another of them contradicts what was measured."""


@dataclass(frozen=True)
class Evidence:
    """One thing that a judge cites.

    Args:
        cited: as the judge wrote it.
        kind: ``fact`` or ``region`` where it exists; ``wrong`` for a fact that is cited with another value
            than was measured; ``none`` where there is no such thing.
        says: what was measured, where the place lies, or what is wrong with it.
    """

    cited: str
    kind: Literal["fact", "region", "wrong", "none"]
    says: str

    @property
    def exists(self) -> bool:
        """Whether it is there and is as cited."""
        return self.kind in ("fact", "region")


def find_all_evidence(citations: Iterable[str], eyes: Eyes) -> tuple[Evidence, ...]:
    """Return what each citation is found to be; one that lists several with commas is taken apart."""
    found = []
    for cited in dict.fromkeys(citations):
        whole = find_evidence(cited, eyes)
        parts = [part for part in re.split(r"[,;]", cited) if part.strip()]
        apart = whole.kind == "none" and len(parts) > 1
        found += [find_evidence(part, eyes) for part in parts] if apart else [whole]
    return tuple(found)


def find_evidence(cited: str, eyes: Eyes) -> Evidence:
    """Return what a citation is found to be.

    Args:
        cited: a fact's key or the name its line begins with, with or without its value (``contrast``,
            ``Contrast: 0.31``), or a field or a region of the text picture (``B3``, ``B3-D5``).
        eyes: what the judge was given.
    """
    cited = cited.strip()
    bare = _CALLED.sub("", cited)
    if _LIKE_PLACE.fullmatch(bare):
        return _find_place(cited, _BETWEEN.sub("-", bare), eyes)
    name, *told = _BEHIND_KEY.split(bare, maxsplit=1)
    fact = _named(eyes.facts).get(_plain(name))
    if fact is None:
        return Evidence(cited, "none", "no such fact and no such place")
    if told and not _agrees(told[0], fact):
        return Evidence(cited, "wrong", f"measured is: {fact.text}")
    return Evidence(cited, "fact", fact.text)


def _find_place(cited: str, name: str, eyes: Eyes) -> Evidence:
    try:
        return Evidence(cited, "region", f"{eyes.place(name)} of the picture")
    except InputError as fault:
        return Evidence(cited, "none", str(fault))


def _named(facts: Facts) -> dict[str, Fact]:
    """Return the facts by all their names: the key, and what the line begins with."""
    heads = {_plain(fact.text.partition(":")[0]): fact for fact in reversed(facts.items)}
    return heads | {_plain(fact.key): fact for fact in facts.items}


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name.strip(" .'\"`")).lower()


def _agrees(told: str, fact: Fact) -> bool:
    """Return whether what is told of a fact can stand beside what was measured.

    Its numbers must be measured ones, as far as they are written out; where the fact is one of a few words,
    it must not be another of them. Everything else passes.
    """
    choices = CHOICES.get(fact.key, ())
    words = told.lower()
    if fact.value not in choices or _holds(words, str(fact.value)):
        others = []
    else:
        others = [choice for choice in choices if _holds(words, choice)]
    known = [_as_number(number) for number in _NUMBER.findall(f"{fact.text} {fact.value}")]
    numbers = _NUMBER.findall(_HEX.sub("", told))
    return not others and all(
        any(abs(_as_number(number) - other) <= _last_digit(number) for other in known) for number in numbers
    )


def _holds(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def _as_number(text: str) -> float:
    return float(text.replace("−", "-"))


def _last_digit(number: str) -> float:
    """Return one of the last digit that is written, which may be rounded either way."""
    return float(10.0 ** -len(number.partition(".")[2]))
