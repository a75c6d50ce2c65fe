"""What several forms say of a record in the same words."""

from calligram.art.record import Field, Record

CREDITS = ("given", "accepted")


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
