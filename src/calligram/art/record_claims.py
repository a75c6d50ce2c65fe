"""Claims that only an owner may make: names of people and places, years, cultures and periods in a text.

A model that writes "painted by Rembrandt in 1642" does not know it. A sentence with such a claim is left out
unless what the owner gave says the same.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from calligram.nano.copying import KnownTexts, read_known
from calligram.nano.writer_folder import KNOWN, SHIPPED_WRITER

YEAR = re.compile(
    r"\b(?:1[0-9]|20)\d\d(?:s|[–-]\d\d(?:\d\d)?)?\b"
    r"|\b(?:1[0-9]|20)\d\d['’]s\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)[ -]centur(?:y|ies)\b"
    r"|\b\d{2,4} (?:BCE?|CE|AD)\b"
)
CENTURY = re.compile(
    r"\b(?:(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    r"|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first)"
    r"[ -]centur(?:y|ies))\b",
    re.IGNORECASE,
)
CIRCA = re.compile(r"\b(?:circa|ca?\.?)\s*\d{3}\b", re.IGNORECASE)
ATTRIBUTION = re.compile(
    r"\b(?:(?:painted|made|drawn) by|attributed to|school of|circle of|after)\s+"
    r"(?!(?:an?|the|this|that|his|her|its|their)\b)([^\W\d_][\w'’.-]*)",
    re.IGNORECASE,
)
"""Who made a work, or in whose way; after an article no name comes that has no capital."""
_CULTURES = (
    "african american andean arab arabic armenian asian assyrian australian austrian aztec babylonian "
    "belgian brazilian british byzantine byzantium canadian celtic chinese coptic cuban czech danish "
    "dutch egyptian english ethiopian etruscan european finnish flemish florentine french german gothic "
    "greek hungarian icelandic inca indian indonesian iranian irish islamic italian japanese jewish "
    "korean maya mayan medieval mesopotamian mexican mughal netherlandish nigerian norwegian olmec "
    "ottoman persian peruvian polish portuguese prussian roman romanian russian scandinavian scottish "
    "sienese spanish swedish swiss syrian thai tibetan turkish ukrainian venetian victorian vietnamese "
    "welsh "
)
CULTURES = frozenset(_CULTURES.split())
_PERIODS = (
    "antique antiquity baroque biedermeier edo edwardian elizabethan enlightenment georgian hellenistic "
    "heian jugendstil kamakura meiji ming modernist neoclassical neolithic qing regency renaissance "
    "rococo romanesque song tang tudor yuan "
)
PERIODS = frozenset(_PERIODS.split())
COMMON = frozenset({"song", "tang"})
"""Periods whose names in small letters are everyday words."""
_CLAIMED = CULTURES | (PERIODS - COMMON)
CAPITAL = re.compile(r"[^\W\d_][\w'’.-]*")
SENTENCE = re.compile(r"[^.!?]*(?:[.!?]+[”\"’)]*|$)(?:\s+|$)")
_INITIAL = re.compile(r"\b([A-Z]|Mr|Mrs|Dr|St|c|ca)\.(?=\s)")
ALWAYS = frozenset({"i", "ai"})


def claims(text: str, given: Collection[str], title: bool = False) -> list[str]:
    """Return what a text claims that only an owner may, and that is not in what was given.

    Args:
        text: a sentence or a title, in English.
        given: words that the owner used, in small letters; see :func:`given_words`.
        title: whether every word may begin with a capital, as in a title.

    Returns:
        The names, years, cultures and periods as they stand in the text; none where all is well.
    """
    found = [match.group() for match in _dated(text) if not _stands(match.group(), given)]
    for match in CAPITAL.finditer(text):
        bare = _bare(match.group())
        if bare.lower() in given or bare.lower() in ALWAYS:
            continue
        named = bare[0].isupper() and _is_name(bare, text[: match.start()], title)
        if named or bare.lower() in _CLAIMED:
            found.append(bare)
    makers = (_bare(match.group(1)) for match in ATTRIBUTION.finditer(text))
    found += [maker for maker in makers if maker.lower() not in given]
    return list(dict.fromkeys(found))


def keep_supported(text: str, given: Collection[str]) -> tuple[str, list[tuple[str, list[str]]]]:
    """Return the sentences of a text that claim nothing, and each one left out with its claims."""
    kept, dropped = [], []
    for sentence in sentences(text):
        found = claims(sentence, given)
        if found:
            dropped.append((sentence, found))
        else:
            kept.append(sentence)
    return " ".join(kept), dropped


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; the point of an initial ends none.

    >>> sentences("By J. Doe. A red barn!")
    ['By J. Doe.', 'A red barn!']
    """
    hidden = _INITIAL.sub("\\1\0", " ".join(text.split()))
    found = (match.group().strip().replace("\0", ".") for match in SENTENCE.finditer(hidden))
    return [sentence for sentence in found if sentence]


def given_words(texts: Collection[str], dated: Collection[str] | None = None) -> frozenset[str]:
    """Return the words and years of what was given, in small letters.

    Args:
        texts: what was given.
        dated: the texts whose years count; None takes those of all.
    """
    dated = texts if dated is None else dated
    words = {word.rstrip(".-").lower() for text in texts for word in CAPITAL.findall(text)}
    bare = {re.sub(r"['’]s?$", "", word) for word in words}
    parts = {part for word in words for part in word.split("-")}
    years = {match.group().lower() for text in dated for match in _dated(text)}
    years |= {year for text in dated for year in re.findall(r"\d{3,4}", text)}
    return frozenset(words | bare | parts | years)


def _dated(text: str) -> Iterator[re.Match[str]]:
    yield from YEAR.finditer(text)
    yield from CENTURY.finditer(text)
    yield from CIRCA.finditer(text)


def _stands(dated: str, given: Collection[str]) -> bool:
    return dated.lower() in given or re.sub(r"^\D+", "", dated) in given


def _bare(word: str) -> str:
    """Return a word without the signs and the genitive at its end."""
    return re.sub(r"['’]s?$", "", word.rstrip(".-"))


def _is_name(word: str, before: str, title: bool) -> bool:
    """Return whether a word with a capital is a name: not known in small letters, or not first."""
    begins = not before.strip() or before.rstrip()[-1:] in '.!?“"”‘(:'
    if not begins and not title:
        return True
    return not _is_plain(word)


def _is_plain(word: str) -> bool:
    """Return whether a word comes in small letters in the prose that the writer learnt from."""
    if len(word) == 1:
        return word.lower() in {"a", "i", "o"}
    known = _known()
    return known is not None and all(known.knows(part) for part in word.lower().split("-") if part)


@cache
def _known() -> KnownTexts | None:
    path = Path(SHIPPED_WRITER) / KNOWN
    return read_known(path) if path.is_file() else None
