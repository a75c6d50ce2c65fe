"""Briefs: the words that an image is to be painted from, and the wishes in them that can be checked.

A brief may be a file in TOML, which says what it wishes in so many words::

    words = "a scarlet feline, much empty space"
    avoid = "frames"

    [[wishes]]
    kind = "subject"
    value = "cat"

    [[wishes]]
    kind = "colour"
    value = "blue"
    wanted = false

Without ``wishes`` they are taken from the words by rules.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram.art.grounding import COLOUR_WORDS
from calligram.art.refining_wishes import QUALITIES, Wish
from calligram.art.work_wishes import COLOURS, NOT
from calligram.art.work_wishes import QUALITIES as WORDS
from calligram.errors import FormatError, InputError
from calligram.nano.requests import NUMBERS

Finder = Callable[[str], str | None]
"""From words to the subject among them that can be looked for, or None where there is none."""

KNOWN = {"words", "avoid", "wishes"}
SHADES = frozenset({"bright", "light", "dark", "pale", "deep", "vivid", "soft"})
"""Words that make another shade of the colour behind them, and say nothing of the whole picture."""
GROUNDS = frozenset({"background", "ground", "paper", "backdrop"})

_PHRASES: tuple[tuple[str, str], ...] = (
    ("much empty space", r"(?:much|lots of|a lot of|plenty of|wide) (?:empty|negative|free) space"),
    ("little empty space", r"little (?:empty|negative|free) space|fill(?:s|ing)? the (?:frame|picture|page)"),
    ("strong in contrast", r"(?:strong|high|stark) contrasts?"),
    ("soft in contrast", r"(?:soft|low|little) contrasts?"),
    ("muted", r"muted colou?rs"),
    ("colourful", r"(?:vivid|bright|strong|saturated) colou?rs"),
    ("grey", r"black[- ]and[- ]white|without(?: any)? colou?rs?|shades of gr[ea]y"),
    ("upright", r"(?:upright|portrait|vertical|tall) (?:format|picture|image)"),
    ("wide", r"(?:wide|landscape|horizontal) (?:format|picture|image)"),
    ("square", r"square (?:format|picture|image)"),
)
"""Phrases that ask for a quality; what they take up is not looked through for single words."""
_ALONE = {
    "portrait",
    "tall",
    "vertical",
    "wide",
    "horizontal",
    "square",
    "still",
    "cold",
    "light",
    "bare",
    "warm",
}
"""Words that mean a quality only in a phrase, or said of the picture: a square may be the subject."""
_COUNT = re.compile(r"\b(?:in |of )?(?:only |at most |just )?(one|two|three|four|five|six|[1-6]) colou?rs?\b")
_OF_PICTURE = r"(?:picture|image|painting|drawing|work|composition|palette|colou?rs|tones?|light)"


@dataclass(frozen=True)
class Brief:
    """What an image is to be.

    Args:
        words: that it is painted from first.
        wishes: those that can be checked.
        avoid: what it should not show.

    Raises:
        InputError: there are no words.
    """

    words: str
    wishes: tuple[Wish, ...] = ()
    avoid: str = ""

    def __post_init__(self) -> None:
        if not self.words.strip():
            raise InputError("the brief has no words to paint from: say what the image should show")

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that it asks for, or asks not to be."""
        return tuple(wish.value for wish in self.wishes if wish.kind == "subject")

    def to_json(self) -> dict[str, Any]:
        """Return the brief as JSON can hold it."""
        return {
            "words": self.words,
            "avoid": self.avoid,
            "wishes": [wish.to_json() for wish in self.wishes],
        }


def make_brief(words: str, avoid: str = "", finders: tuple[Finder, ...] = ()) -> Brief:
    """Return a brief with the wishes that rules find in its words.

    Args:
        words: plain English; ``not``, ``no`` or ``without`` turns what stands behind around.
        avoid: what should not be; its colours and qualities are wishes too.
        finders: each finds a subject that can be looked for.

    Raises:
        InputError: there are no words.

    >>> [wish.name for wish in make_brief("a dark red cat, no blue, much empty space").wishes]
    ['much empty space', 'red', 'no blue']
    """
    words, avoid = " ".join(words.split()), " ".join(avoid.split())
    found: dict[tuple[str, str], Wish] = {}
    for wish in (*_subjects(words, finders), *_by_rules(words), *map(_turned, _by_rules(avoid))):
        found.setdefault((wish.kind, wish.value), wish)
    return Brief(words, tuple(found.values()), avoid)


def read_brief(path: str | os.PathLike[str], finders: tuple[Finder, ...] = ()) -> Brief:
    """Return the brief in a file.

    Raises:
        InputError: there is no such file, or it wishes what cannot be checked.
        FormatError: it is no brief.
    """
    name = repr(os.fspath(path))
    try:
        told = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as fault:
        raise InputError(f"the brief {name} cannot be read ({fault.strerror}): check the path") from fault
    except ValueError as fault:
        raise FormatError(
            f'the brief {name} is no valid TOML ({fault}): begin it with words = "a red cat"'
        ) from fault
    unknown = sorted(set(told) - KNOWN)
    if unknown:
        raise FormatError(f"the brief {name} has {unknown[0]!r}: it knows {', '.join(sorted(KNOWN))}")
    for field in ("words", "avoid"):
        if not isinstance(told.get(field, ""), str):
            raise FormatError(
                f"the brief {name} has {field} that are no text: write them in quotes", field=field
            )
    brief = make_brief(told.get("words", ""), told.get("avoid", ""), finders)
    return brief if "wishes" not in told else Brief(brief.words, _wishes(told["wishes"], name), brief.avoid)


def _wishes(told: Any, name: str) -> tuple[Wish, ...]:
    try:
        return tuple(Wish(**entry) for entry in told)
    except (TypeError, AttributeError) as fault:
        raise FormatError(
            f"the brief {name} has wishes that cannot be read ({fault}): each has kind and value, "
            "and may have wanted = false",
            field="wishes",
        ) from fault


def _subjects(words: str, finders: tuple[Finder, ...]) -> Iterator[Wish]:
    """Yield the first subject that can be looked for."""
    for finder in finders:
        if (found := finder(words)) is not None:
            yield Wish("subject", found, True, words)
            return


def _by_rules(words: str) -> Iterator[Wish]:
    left = words.lower()
    for name, pattern in _PHRASES:
        for found in re.finditer(rf"\b(?:{pattern})\b", left):
            yield Wish("quality", name, not _negated(left, found.start()), found.group())
        left = re.sub(rf"\b(?:{pattern})\b", lambda match: "-" * len(match.group()), left)
    for found in _COUNT.finditer(left):
        count = found.group(1)
        yield Wish("colours", count if count.isdigit() else str(NUMBERS.index(count)), True, found.group())
    yield from _by_words(left)


def _by_words(left: str) -> Iterator[Wish]:
    """Yield the colours and qualities that single words ask for."""
    tokens = [(found.group(), found.start()) for found in re.finditer(r"[^\W\d_][\w-]*", left)]
    for place, (word, start) in enumerate(tokens):
        behind = tokens[place + 1][0] if place + 1 < len(tokens) else ""
        plain = COLOUR_WORDS.get(word) or (word if word in COLOURS else None)
        if plain is not None:
            yield Wish("colour", plain, not _negated(left, start), word)
        elif word in SHADES and (behind in COLOURS or behind in COLOUR_WORDS or behind in GROUNDS):
            continue
        elif word not in _ALONE or re.match(_OF_PICTURE, behind):
            for quality in WORDS:
                if word in quality.words.split() and quality.name in QUALITIES:
                    yield Wish("quality", quality.name, not _negated(left, start), word)


def _negated(text: str, start: int) -> bool:
    """Return whether one of the two words before a place turns it around."""
    before = re.split(r"[,.;:]", text[:start])[-1].split()
    return bool(NOT & set(before[-2:]))


def _turned(wish: Wish) -> Wish:
    return Wish(wish.kind, wish.value, not wish.wanted, f"avoid: {wish.words}")


def brief_from_json(told: Mapping[str, Any]) -> Brief:
    """Return a brief as :meth:`Brief.to_json` gave it."""
    return Brief(told["words"], tuple(Wish(**wish) for wish in told["wishes"]), told["avoid"])
