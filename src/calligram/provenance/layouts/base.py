"""What a layout is: a module with a ``NAME`` and a function ``read`` that looks through a file's texts.

It returns what was told in words that all layouts share, or None where the texts are in another layout.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

Told: TypeAlias = str | int | float | bool | tuple[str, ...]

FIELDS = {
    "source_type": "digital source type",
    "title": "title",
    "description": "description",
    "creator": "creator",
    "rights": "rights",
    "subjects": "subjects",
    "prompt": "prompt",
    "avoid": "negative prompt",
    "prompt_writer": "prompt by",
    "software": "software",
    "painter": "painter",
    "model": "model",
    "model_version": "model version",
    "seed": "seed",
    "steps": "steps",
    "sampler": "sampler",
    "scheduler": "scheduler",
    "guidance": "guidance",
    "size": "size",
    "loras": "LoRAs",
    "made_at": "made at",
    "mining": "data mining",
    "sources": "sources",
}
"""The words that layouts share, in the order in which people are told, and what people are told."""

LONGEST_JSON = 16 << 20


@dataclass(frozen=True)
class Text:
    """One text that a file holds.

    Args:
        key: under which it stands, as ``"parameters"`` or ``"UserComment"``; ``"xmp"`` for XMP.
        words: the text.
        where: as a person meets it, as ``"text 'parameters'"``.
    """

    key: str
    words: str
    where: str


@dataclass(frozen=True)
class Telling:
    """What one layout tells of how an image was made.

    Args:
        layout: the layout's name.
        where: the part of the file that it stands in.
        fields: by the names in ``FIELDS``.
        others: what the layout tells besides, by its own names.
        remarks: what could not be made out, a sentence each.
    """

    layout: str
    where: str
    fields: Mapping[str, Told]
    others: Mapping[str, Told] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


class ToolLayout(Protocol):
    """One layout."""

    NAME: str

    def read(self, texts: Sequence[Text]) -> Telling | None:
        """Return what the texts tell in this layout, or None where they are in another."""


def parsed(words: str) -> Any:
    """Return what JSON says, or None where it is none, too long, or nested too deep."""
    if len(words) > LONGEST_JSON:
        return None
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        return None


def known(**told: object) -> dict[str, Told]:
    """Return the fields that something is said of; numbers stay numbers, lists become texts."""
    fields: dict[str, Told] = {}
    for name, value in told.items():
        if isinstance(value, list | tuple):
            value = tuple(plain(each) for each in value)
        elif isinstance(value, dict):
            value = plain(value)
        if value not in (None, "", ()):
            fields[name] = value  # type: ignore[assignment]
    return fields


def plain(value: object) -> str:
    """Return a value as a text that a person can read."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except (ValueError, TypeError, RecursionError):
        return "…"


def number(text: object) -> object:
    """Return a text as a number where it is one.

    >>> number("7.5"), number("20"), number("Euler a")
    (7.5, 20, 'Euler a')
    """
    if not isinstance(text, str) or len(text) > 40:
        return text
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def size_of(width: object, height: object) -> str:
    """Return width and height in one, or nothing where one is missing."""
    return f"{width}x{height}" if isinstance(width, int) and isinstance(height, int) else ""
