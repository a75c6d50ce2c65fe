"""The fields that the built-in writer is told before it writes, and how they are spelled.

They stand as lines before the text, so that any language model can be taught by the same spelling::

    Kind: caption
    Medium: oil on canvas
    Period: 1880s
    Tags: river, boats
    Colours: blue, grey
    Title: The Ferry

    Two boats cross a wide river …
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["caption", "label", "essay", "biography", "talk", "title", "tags"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""A caption says what is seen in a sentence or two, a label is what hangs beside a work; titles and tags are
short; the others are longer prose that the writer learned from and may be asked for."""

NAMES = ("Kind", "Medium", "Period", "Tags", "Colours", "Title")
"""How the fields are spelled."""


@dataclass(frozen=True)
class Fields:
    """What a text is to be about; each may be empty.

    Args:
        kind: which kind of text.
        medium: as ``"oil on canvas"``.
        period: as ``"1880s"`` or ``"19th century"``.
        tags: subjects, as ``("river", "boats")``.
        colours: names of colours, as ``("blue", "grey")``.
        title: the work's title.
    """

    kind: Kind = "caption"
    medium: str = ""
    period: str = ""
    tags: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    title: str = ""


def spell_fields(fields: Fields) -> str:
    """Return the lines that stand before a text; an empty field has none.

    >>> spell_fields(Fields("title", tags=("river", "boats")))
    'Kind: title\\nTags: river, boats\\n\\n'
    """
    return "\n".join(_lines(fields)) + "\n\n"


def split_fields(text: str) -> tuple[Fields | None, str]:
    """Return the fields that stand before a text, and the text itself; None where none stand there.

    >>> split_fields("Kind: title\\nTags: river, boats\\n\\nThe")
    (Fields(kind='title', medium='', period='', tags=('river', 'boats'), colours=(), title=''), 'The')
    >>> split_fields("An abstract painting with")
    (None, 'An abstract painting with')
    """
    head, between, rest = text.partition("\n\n")
    told = dict(line.split(": ", 1) for line in head.split("\n") if ": " in line)
    if not between or told.get("Kind") not in KINDS or not set(told) <= set(NAMES):
        return None, text
    kind = next(kind for kind in KINDS if kind == told["Kind"])
    one = {name: told.get(name, "") for name in NAMES}
    tags, colours = (tuple(filter(None, one[name].split(", "))) for name in ("Tags", "Colours"))
    return Fields(kind, one["Medium"], one["Period"], tags, colours, one["Title"]), rest


def _lines(fields: Fields) -> Iterator[str]:
    yield f"Kind: {fields.kind}"
    values = (fields.medium, fields.period, ", ".join(fields.tags), ", ".join(fields.colours), fields.title)
    for name, value in zip(NAMES[1:], values, strict=True):
        if value.strip():
            yield f"{name}: {' '.join(value.split())}"
