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


def _lines(fields: Fields) -> Iterator[str]:
    yield f"Kind: {fields.kind}"
    told = {
        "Medium": fields.medium,
        "Period": fields.period,
        "Tags": ", ".join(fields.tags),
        "Colours": ", ".join(fields.colours),
        "Title": fields.title,
    }
    yield from (f"{name}: {' '.join(value.split())}" for name, value in told.items() if value.strip())
