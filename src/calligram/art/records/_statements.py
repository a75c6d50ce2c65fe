"""What several forms say of a record in the same words."""

import re

from calligram.art.record import Field, Record
from calligram.art.record_claims import CULTURES

CREDITS = ("given", "accepted")
REGIONS = frozenset(
    {
        "bolognese",
        "castilian",
        "catalan",
        "central",
        "eastern",
        "genoese",
        "lombard",
        "milanese",
        "neapolitan",
        "northern",
        "southern",
        "tuscan",
        "umbrian",
        "western",
    }
)
"""Words that stand, as cultures do, where no maker is known."""
_NOT_BY = re.compile(
    r"\b(?:after|anonymous|attributed|assistant|circle|copy|follower|forger|imitator|manner|or|pupil|school"
    r"|studio|style|unidentified|unknown|workshop|possibly|probably|perhaps)s?\b|[;\n?]",
    re.IGNORECASE,
)
"""What says that a work is by somebody near the person named, or by nobody known."""


def certain(record: Record, name: str) -> Field | None:
    """Return a field that was given or accepted, or None: what a machine may take for true."""
    field = record.fields.get(name)
    return field if field and field.standing in CREDITS else None


def standing_of(field: Field) -> str:
    """Return how a field is known, in a few words.

    >>> standing_of(Field("Barn", "proposed", "builtin:writer", confidence=0.5))
    'proposed by builtin:writer (50 % agree)'
    """
    if field.standing == "accepted":
        return f"accepted by {field.by} on {field.when[:10]}"
    if field.standing == "proposed":
        share = f" ({100 * field.confidence:.0f} % agree)" if field.confidence is not None else ""
        return f"proposed by {field.source}{share}"
    if field.standing == "given":
        return f"given: {field.source}"
    return "measured"


def stated_name(record: Record) -> str:
    """Return a title that somebody stands for, or a descriptive one, or else the name of the file."""
    title = record.fields.get("title")
    return title.text if title and title.standing != "proposed" else f"Untitled ({record.id})"


def names_maker(creator: str) -> bool:
    """Return whether words for the creator name one person outright; in doubt they do not.

    >>> names_maker("Peter Paul Rubens (Flemish, 1577–1640)")
    True
    >>> names_maker("Follower of Peter Paul Rubens"), names_maker("Flemish"), names_maker("Artist unknown")
    (False, False, False)
    """
    bare = re.sub(r"\([^)]*\)", "", creator).strip()
    words = set(re.findall(r"[^\W\d_]+", bare.lower()))
    return bool(words) and not _NOT_BY.search(bare) and not words & (CULTURES | REGIONS)
