"""Checks the fields of a record, and finds fault by line and field."""

from collections.abc import Sequence
from typing import Any

from calligram.errors import FormatError


def texts_of(entry: Any, names: Sequence[str], line: int, empty: Sequence[str] = ()) -> list[FormatError]:
    """Return what is wrong with the named fields of an entry, each of which must be a text.

    Args:
        entry: whatever JSON gave.
        names: the fields that must be there.
        line: where the entry begins, for the message.
        empty: the fields that may be empty texts.
    """
    if not isinstance(entry, dict):
        return [fault(line, None, f"a JSON object is expected, not {kind_of(entry)}")]
    faults = []
    for name in names:
        if name not in entry:
            there = ", ".join(map(str, entry)) or "no field"
            faults.append(fault(line, name, f"is missing: the record has {there}"))
        elif not isinstance(entry[name], str):
            faults.append(fault(line, name, f"must be a text, not {kind_of(entry[name])}"))
        elif not entry[name] and name not in empty:
            faults.append(fault(line, name, "is empty, but must be a text"))
        elif not _is_unicode(entry[name]):
            faults.append(fault(line, name, "holds half a character (a lone surrogate)"))
    return faults


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def fault(line: int, name: str | None, told: str) -> FormatError:
    """Return a FormatError whose message begins with line and field."""
    place = f"line {line}, field {name}: {told}" if name else f"line {line}: {told}"
    return FormatError(place, line, name)


def kind_of(value: Any) -> str:
    """Return what JSON calls a value's kind, with its article."""
    kinds = {dict: "an object", list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
