"""Messages: JSON lines of ``{"messages": [{"role", "content"}, …]}``, as OpenAI and TRL train on.

Source: OpenAI's fine-tuning guide and TRL's "Dataset formats".
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from calligram.errors import FormatError
from calligram.formats import _json_lines
from calligram.formats._turns import read_turns
from calligram.formats.base import Card, Example, Record, Task

SUFFIX = ".jsonl"
MARK = b'"messages"'
TASKS: tuple[Task, ...] = ("read", "draw")


def write_part(examples: Sequence[Example]) -> bytes:
    """Return a whole file with these examples."""
    return _json_lines.write_lines(_entry(example) for example in examples)


def _entry(example: Example) -> dict[str, Any]:
    answer = example.completion if example.task == "draw" else example.answer
    return {
        "messages": [
            {"role": "user", "content": example.prompt.removesuffix("\n")},
            {"role": "assistant", "content": answer},
        ]
    }


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
    return read_turns(entry, line, "messages", ("role", "content"), ("user", "assistant"))
