"""Text: JSON lines of ``{"text"}``, prompt and completion in one, for plain language modelling.

Source: TRL's "Dataset formats".
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from calligram.errors import FormatError
from calligram.formats import _json_lines
from calligram.formats._fields import fault, texts_of
from calligram.formats.base import Card, Example, Record, Task, example_from_text

SUFFIX = ".jsonl"
MARK = b'"text"'
TASKS: tuple[Task, ...] = ("read", "draw")


def write_part(examples: Sequence[Example]) -> bytes:
    """Return a whole file with these examples."""
    return _json_lines.write_lines({"text": example.prompt + example.completion} for example in examples)


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
    faults = texts_of(entry, ("text",), line)
    if faults:
        return None, faults
    example = example_from_text(entry["text"])
    if example is None:
        told = "must be a picture, a question's line and an answer's line, or a request to draw and a picture"
        return None, [fault(line, "text", told)]
    return example, []
