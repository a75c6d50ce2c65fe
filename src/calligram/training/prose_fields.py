"""What a text is told by before it is written: fields taken from its record, or found in the text itself."""

import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from calligram.nano.fields import KINDS, Fields, Kind
from calligram.training.prose_filter import clean, names_somebody
from calligram.training.prose_records import Prose

Part = Literal["train", "validation", "test"]
MOST_TAGS, MOST_COLOURS = 6, 4
USED_BY = 20
"""Tags of so many works are looked for in texts that have none."""

KIND_OF: Mapping[str, Kind] = {
    "caption": "caption",
    "visual description": "caption",
    "cataloguer description": "caption",
    "artist biography": "biography",
    "catalogue essay": "essay",
    "talk or audio-guide description": "talk",
}
"""The kinds of the museums' records; every other text is a label."""

PRIVATE = ("caption",)
"""Kinds of record whose people are not known to the public: one that may name somebody is left out."""

COLOURS = frozenset(
    (
        "black", "white", "grey", "gray", "red", "orange", "yellow", "green", "blue", "purple",
        "violet", "pink", "brown", "tan", "beige", "cream", "ivory", "gold", "golden",
        "silver", "crimson", "scarlet", "maroon", "turquoise", "teal", "lavender", "olive",
        "indigo", "rust", "ochre",
    )
)  # fmt: skip
YEAR = re.compile(r"\b(1[0-9]{3}|20[0-2][0-9])\b")
CENTURY = re.compile(r"\b(\d{1,2})(st|nd|rd|th)[ -]century\b", re.IGNORECASE)


@dataclass(frozen=True)
class Work:
    """What one work gives to learn.

    Args:
        key: which work it is.
        fields: what is known before the text.
        text: the prose, or the title, or the tags, as the fields' kind says.
    """

    key: str
    fields: Fields
    text: str


def works_of(records: Collection[Prose], filtered: bool = True) -> list[Work]:
    """Return what records give to learn: their prose, and titles and tags where a record has both.

    Args:
        records: as :func:`read_prose` returns them.
        filtered: whether to leave out what should not be learnt.
    """
    known = _common_tags(records)
    works, seen = [], set()
    for record in records:
        prose = _prose_of(record, filtered)
        fields = _fields_of(record, prose, known)
        for work in _texts(record.key, prose, fields):
            if work.text and (work.fields.kind, work.text) not in seen:
                seen.add((work.fields.kind, work.text))
                works.append(work)
    return works


def _prose_of(record: Prose, filtered: bool) -> str:
    if not filtered:
        return "\n".join(" ".join(line.split()) for line in record.text.split("\n") if line.strip())
    if record.kind in PRIVATE and names_somebody(record.text):
        return ""
    return clean(record.text)


def _texts(key: str, prose: str, fields: Fields) -> list[Work]:
    works = [Work(key, fields, prose)] if prose else []
    if fields.title and fields.tags:
        bare = replace(fields, tags=(), title="")
        works.append(Work(key, replace(bare, kind="title", tags=fields.tags), fields.title))
        works.append(Work(key, replace(bare, kind="tags", title=fields.title), ", ".join(fields.tags)))
    return works


def _fields_of(record: Prose, prose: str, known: Collection[str]) -> Fields:
    words = re.findall(r"[a-z]+", prose.lower())
    tags = tuple(tag for tag in record.tags if len(tag) < 40)[:MOST_TAGS] or _tags_in(words, known)
    kind = record.kind if record.kind in KINDS else KIND_OF.get(record.kind, "label")
    return Fields(
        kind,
        _medium_of(record.medium),
        period_of(record.date),
        tags,
        tuple(dict.fromkeys(word for word in words if word in COLOURS))[:MOST_COLOURS],
        " ".join(record.title.split())[:80],
    )


def _medium_of(told: str) -> str:
    """Return a medium in few words; a negative's maker says nothing of the picture."""
    return "photograph" if "film" in told.lower() else " ".join(told.split())[:60]


def part_of(key: str) -> Part:
    """Return the part a work belongs to, by its key alone: 95 of 100 for learning, 2 to choose, 3 to test."""
    place = zlib.crc32(key.encode()) % 100
    return "test" if place < 3 else "validation" if place < 5 else "train"


def period_of(date: str) -> str:
    """Return the decade or the century of a date, as ``"1880s"``, or nothing where it tells none.

    >>> period_of("ca. 1884-1886"), period_of("late 17th century"), period_of("n.d.")
    ('1880s', '17th century', '')
    """
    if century := CENTURY.search(date):
        return f"{int(century[1])}{century[2].lower()} century"
    year = YEAR.search(date)
    return f"{year[1][:3]}0s" if year else ""


def _common_tags(records: Collection[Prose]) -> frozenset[str]:
    """Return the plain words that many records have as tags."""
    counts: dict[str, int] = {}
    for record in records:
        for tag in record.tags:
            if tag.isalpha() and tag.islower():
                counts[tag] = counts.get(tag, 0) + 1
    return frozenset(tag for tag, count in counts.items() if count >= USED_BY and tag not in COLOURS)


def _tags_in(words: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    found = (word if word in known else word.removesuffix("s") for word in words)
    return tuple(dict.fromkeys(word for word in found if word in known))[:MOST_TAGS]
