"""Reads conversations of one question and one answer, however their fields are called."""

from typing import Any

from calligram.errors import FormatError
from calligram.formats._fields import fault, kind_of, texts_of
from calligram.formats.base import Example, example_from


def read_turns(
    entry: Any, line: int, name: str, keys: tuple[str, str], roles: tuple[str, str]
) -> tuple[Example | None, list[FormatError]]:
    """Return the example of an entry, or what is wrong with it.

    Args:
        entry: whatever JSON gave.
        line: where the entry begins.
        name: the field that holds the turns.
        keys: the fields of a turn that hold who speaks and what is said.
        roles: who asks and who answers; a first turn of ``"system"`` is passed over.
    """
    if not isinstance(entry, dict):
        return None, texts_of(entry, (), line)
    turns = entry.get(name)
    if not isinstance(turns, list):
        told = "is missing" if name not in entry else f"must be an array, not {kind_of(turns)}"
        return None, [fault(line, name, told)]
    faults = [
        problem
        for number, turn in enumerate(turns)
        for problem in _turn_faults(turn, line, name, number, keys)
    ]
    if faults:
        return None, faults
    said = [turn for turn in turns if turn[keys[0]] != "system"]
    if tuple(turn[keys[0]] for turn in said) != roles:
        there = ", ".join(turn[keys[0]] for turn in said) or "nobody"
        return None, [
            fault(line, name, f"must be one turn of {roles[0]}, then one of {roles[1]}, not {there}")
        ]
    return example_from(said[0][keys[1]], said[1][keys[1]]), []


def _turn_faults(turn: Any, line: int, name: str, number: int, keys: tuple[str, str]) -> list[FormatError]:
    return [
        fault(
            line,
            f"{name}[{number}]" + (f".{problem.field}" if problem.field else ""),
            str(problem).partition(": ")[2],
        )
        for problem in texts_of(turn, keys, line)
    ]
