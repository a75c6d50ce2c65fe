"""Prompt and completion: JSON lines of ``{"prompt", "completion"}``, as TRL trains on.

The two put together are the text that the format ``text`` writes: both end with a line break.
Source: TRL's "Dataset formats".
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from calligram.errors import FormatError
from calligram.formats import _json_lines
from calligram.formats._fields import texts_of
from calligram.formats.base import Card, Example, Record, Task, example_from

SUFFIX = ".jsonl"
MARK = b'"prompt"'
TASKS: tuple[Task, ...] = ("read", "draw")


def write_part(examples: Sequence[Example]) -> bytes:
    """Return a whole file with these examples."""
    return _json_lines.write_lines({"prompt": e.prompt, "completion": e.completion} for e in examples)


def join_parts(parts: Iterable[bytes], stream: BinaryIO, trailing_comma: bool = False) -> None:
    """Write the parts one after another."""
    _json_lines.join_lines(parts, stream)


def read(stream: BinaryIO, repair: bool = False) -> Iterator[Record]:
    """Yield a record for each line."""
    return _json_lines.read_lines(stream, _parse, repair)


def companions(card: Card) -> dict[str, bytes]:
    """Return none."""
    return {}


def _parse(entry: Any, line: int) -> tuple[Example | None, list[FormatError]]:
    faults = texts_of(entry, ("prompt", "completion"), line)
    return (None, faults) if faults else (example_from(entry["prompt"], entry["completion"]), [])
