"""Grounding: which facts a sentence agrees with, and which it contradicts.

A sentence is looked through for what can be checked by rule: colours, light or dark, the format, colour or
grey, symmetry, busy or empty, warm or cool, and where the horizon lies. The rules know English alone, and
pass over what they do not know; a sentence without faults is not thereby true.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from calligram.art.colour_names import NAMES, plain_word
from calligram.art.fact import Facts
from calligram.picture.lab import FloatArray, difference, to_lab

Origin = Literal["measured", "model", "imagined"]

NEAR = 12.0
"""A colour word fits where a colour that it names lies no farther from the palette than this by CIEDE2000."""

COLOUR_WORDS = {
    word: plain
    for plain, words in {
        "black": "black",
        "grey": "grey gray greys grays",
        "white": "white whites",
        "brown": "brown browns brownish",
        "beige": "beige",
        "red": "red reds reddish scarlet crimson maroon",
        "orange": "orange",
        "gold": "golden",
        "yellow": "yellow yellows yellowish",
        "ochre": "ochre ochres",
        "green": "green greens greenish emerald",
        "teal": "teal",
        "turquoise": "turquoise",
        "blue": "blue blues bluish azure navy",
        "purple": "purple purples magenta",
        "violet": "violet lilac",
        "pink": "pink pinks",
    }.items()
    for word in words.split()
}
"""Words that hardly ever mean anything but a colour, and the plain word for each."""

_WORK = r"(?:picture|painting|image|photograph|photo|drawing|print|scene|canvas|composition|artwork|work)"
_IS = r"(?:is|looks|seems|appears|remains|feels)"
_NO = r"no|nowhere|not|nor|neither|never|hardly|without|nothing|lacks?"
_NEGATED = re.compile(rf"\b(?:{_NO})\b[^.;:]{{0,24}}$|n't $", re.IGNORECASE)


def _of_work(words: str) -> str:
    """Return a pattern for an adjective that is said of the whole picture."""
    return (
        rf"\b(?:{words})(?:,? and \w+|, \w+)? (?:{_WORK})\b"
        rf"|\b{_WORK} (?:as a whole )?{_IS} (?:\w+ )?(?:{words})\b"
        rf"|\b(?:{words}) overall\b|\boverall (?:{words})\b"
    )


def _of_palette(words: str) -> str:
    return rf"\b(?:{words}) (?:palette|{_WORK})\b|\bpalette {_IS} (?:\w+ )?(?:{words})\b"


_DARK, _LIGHT = "dark|gloomy|sombre|somber|murky|dim|nocturnal", "light|bright|pale|luminous|sunlit"
_RULES: tuple[tuple[str, str, str, str], ...] = (
    ("light_or_dark", "dark", "light", _of_work(_DARK)),
    ("light_or_dark", "light", "dark", _of_work(_LIGHT)),
    ("key", "low", "high", r"\blow[- ]key\b"),
    ("key", "high", "low", r"\bhigh[- ]key\b"),
    (
        "orientation",
        "landscape",
        "portrait square",
        rf"\blandscape[- ](?:format|orient\w+)|\bhorizontal (?:format|{_WORK})\b"
        r"|\bwider than (?:it is )?(?:high|tall)\b",
    ),
    (
        "orientation",
        "portrait",
        "landscape square",
        rf"\bportrait[- ](?:format|orient\w+)|\b(?:vertical|upright) (?:format|{_WORK})\b"
        r"|\b(?:taller|higher) than (?:it is )?(?:wide|broad)\b",
    ),
    (
        "orientation",
        "square",
        "landscape portrait",
        rf"\bsquare (?:format|{_WORK})\b|\b{_WORK} {_IS} square\b",
    ),
    (
        "colour_or_grey",
        "grey",
        "colour",
        r"\bin black[- ]and[- ]white\b|\bblack[- ]and[- ]white (?:photo\w*|picture|image|print|work)\b"
        r"|\bgr[ea]yscale\b"
        r"|\b(?:no|without(?: any)?) colou?rs?\b|\bonly (?:in )?(?:shades of )?gr[ea]ys?\b",
    ),
    ("colour_or_grey", "colour", "grey", r"\bcolou?rful\b|\bmulticolou?red\b|\b(?:vivid|bright) colou?rs\b"),
    ("symmetrical", "yes", "no", rf"{_of_work('symmetrical|symmetric')}|\b(?:perfect|strict) symmetry\b"),
    ("symmetrical", "no", "yes", r"\basymmetr\w+\b"),
    ("busy_or_empty", "busy", "empty", _of_work("busy|crowded|cluttered|teeming")),
    ("busy_or_empty", "empty", "busy", _of_work("empty|sparse|bare|minimal")),
    ("temperature", "warm", "cool", _of_palette("warm")),
    ("temperature", "cool", "warm", _of_palette("cool|cold")),
)
"""Key of the fact, what is said of it, the values that say otherwise, and how it is said."""

_READ = tuple(
    (key, said, frozenset(others.split()), re.compile(how, re.IGNORECASE))
    for key, said, others, how in _RULES
)
_HORIZON = re.compile(
    r"\b(high|low)(?:-lying)? horizon\b|\bhorizon (?:line )?(?:is|lies|sits) (?:\w+ )?(high|low)\b",
    re.IGNORECASE,
)
HIGH, LOW = 0.45, 0.55
"""Shares of the height from which on a horizon is no longer high, or begins to be low."""

_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])")


@dataclass(frozen=True)
class Said:
    """One thing that a sentence says of a fact.

    Args:
        key: of the fact.
        words: how it is said.
        agrees: whether the fact says the same; None where it neither does nor says otherwise.
        fault: what is wrong, a clause; empty where nothing is.
    """

    key: str
    words: str
    agrees: bool | None
    fault: str = ""


@dataclass(frozen=True)
class Statement:
    """One sentence on an image, and what it rests on.

    Args:
        text: the sentence.
        facts: keys of the facts that it rests on.
        regions: fields of the text picture that it points at, as ``B3`` or ``B3-D5``.
        origin: measured (put together from facts), from a model that was shown them, or imagined by one that
            was not.
        faults: what in it contradicts the facts, a clause each.
        source: what it leans on besides, as a book; empty for nothing.
    """

    text: str
    facts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    origin: Origin = "measured"
    faults: tuple[str, ...] = ()
    source: str = ""

    @property
    def grounded(self) -> bool:
        """Whether it rests on something and contradicts nothing."""
        return bool(self.facts or self.regions) and not self.faults

    def to_json(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        told: dict[str, object] = {
            "text": self.text,
            "facts": list(self.facts),
            "regions": list(self.regions),
            "origin": self.origin,
            "grounded": self.grounded,
            "faults": list(self.faults),
        }
        return {**told, "source": self.source} if self.source else told


def read_sentence(text: str, facts: Facts) -> list[Said]:
    """Return what a sentence says that the facts can be asked about, in the order of the rules.

    Args:
        text: English.
        facts: of the image that it is about.
    """
    return [*_colours(text, facts), *_by_rules(text, facts), *_horizon(text, facts)]


def contradictions(text: str, facts: Facts) -> tuple[str, ...]:
    """Return what in a text contradicts the facts, a clause each; empty where nothing is found."""
    return tuple(dict.fromkeys(said.fault for said in read_sentence(text, facts) if said.fault))


def agreements(text: str, facts: Facts) -> tuple[str, ...]:
    """Return the keys of the facts that a text agrees with in so many words."""
    return tuple(dict.fromkeys(said.key for said in read_sentence(text, facts) if said.agrees))


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text.

    >>> split_sentences('A boat. "Is it moored?" Two men wait.')
    ['A boat.', '"Is it moored?"', 'Two men wait.']
    """
    parts, start = [], 0
    for found in _SENTENCE.finditer(text):
        end = found.start() + len(found.group().rstrip())
        parts.append(text[start:end])
        start = found.end()
    return [" ".join(part.split()) for part in (*parts, text[start:]) if part.strip()]


def _by_rules(text: str, facts: Facts) -> Iterator[Said]:
    for key, said, others, how in _READ:
        value = _value(facts, key)
        for found in how.finditer(text):
            if value is None or _negated(text, found.start()):
                continue
            fault = f"says {found.group()!r}, but measured is: {facts.text(key)}" if value in others else ""
            yield Said(key, found.group(), True if value == said else False if fault else None, fault)


def _horizon(text: str, facts: Facts) -> Iterator[Said]:
    y = _value(facts, "horizon")
    for found in _HORIZON.finditer(text):
        if y is None or _negated(text, found.start()):
            continue
        said = (found.group(1) or found.group(2)).lower()
        wrong = y > LOW if said == "high" else y < HIGH
        fault = f"says {found.group()!r}, but measured is: {facts.text('horizon')}" if wrong else ""
        yield Said("horizon", found.group(), not wrong, fault)


def _colours(text: str, facts: Facts) -> Iterator[Said]:
    palette = _value(facts, "palette") or []
    names = ", ".join(colour["name"] for colour in palette)
    whole = [
        range(*found.span()) for name in names.split(", ") if name for found in re.finditer(name, text, re.I)
    ]
    for found in re.finditer(r"[A-Za-z]+", text):
        word = COLOUR_WORDS.get(found.group().lower())
        if word is None or not palette or _is_else(text, *found.span()) or _negated(text, found.start()):
            continue
        spelled = any(found.start() in span for span in whole)
        spelled |= word == "grey" and _value(facts, "colour_or_grey") == "grey"
        if _fits(word, [palette[0]["lab"]]):
            yield Said("main_colour", found.group(), True)
        elif spelled or _fits(word, [colour["lab"] for colour in palette[1:]]):
            yield Said("palette", found.group(), True)
        else:
            fault = f"names {found.group().lower()}, but the palette is {names}"
            yield Said("palette", found.group(), False, fault)


def _value(facts: Facts, key: str) -> Any:
    return facts[key] if key in facts else None  # noqa: SIM401 - facts are asked by key alone


def _spans(names: list[str], text: str) -> list[range]:
    """Return where whole names of colours stand in a text."""
    return [range(*found.span()) for name in names for found in re.finditer(name, text, re.IGNORECASE)]


def _fits(word: str, labs: list[list[float]]) -> bool:
    """Return whether a colour word fits one of some colours."""
    known = _colours_of(word)
    return any(difference(np.array(lab, np.float64), known).min() <= NEAR for lab in labs)


@cache
def _colours_of(word: str) -> FloatArray:
    """Return the colours that a plain word stands for, in CIELAB."""
    spelled = [
        code for name, (_, code) in NAMES.items() if {word, f"{word}en"} & {plain_word(name), *name.split()}
    ]
    return to_lab(np.array([list(bytes.fromhex(code[1:])) for code in spelled], np.uint8))


def _negated(text: str, start: int) -> bool:
    return bool(_NEGATED.search(text[:start]))


def _is_else(text: str, start: int, end: int) -> bool:
    """Return whether a colour word is part of another name, as black and white, or black chalk."""
    behind = re.match(r"[- ]and[- ]white\b| chalk\b| ink\b|-", text[end:], re.IGNORECASE)
    return bool(behind or re.search(r"\bblack[- ]and[- ]$", text[:start], re.IGNORECASE))
