"""ShareGPT: a JSON array of ``conversations`` from ``human`` to ``gpt``, with its ``dataset_info.json``.

Source: LLaMA-Factory, data/README.md.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from calligram.errors import FormatError
from calligram.formats import _json_array
from calligram.formats._dataset_info import describe
from calligram.formats._turns import read_turns
from calligram.formats.base import Card, Example, Record, Task

SUFFIX = ".json"
MARK = b'"conversations"'
TASKS: tuple[Task, ...] = ("read", "draw")


def write_part(examples: Sequence[Example]) -> bytes:
    """Return a whole file with these examples."""
    return _json_array.write_array(_entry(example) for example in examples)


def _entry(example: Example) -> str:
    turns = [
        {"from": "human", "value": example.prompt.removesuffix("\n")},
        {"from": "gpt", "value": example.completion if example.task == "draw" else example.answer},
    ]
    entry = json.dumps({"conversations": turns}, indent=2, ensure_ascii=False)
    return "  " + entry.replace("\n", "\n  ")


def join_parts(parts: Iterable[bytes], stream: BinaryIO, trailing_comma: bool = False) -> None:
    """Write one array with the entries of all parts."""
    _json_array.join_arrays(parts, stream, trailing_comma)


def read(stream: BinaryIO, repair: bool = False) -> Iterator[Record]:
    """Yield a record for each entry."""
    return _json_array.read_array(stream, _parse, repair)


def companions(card: Card) -> dict[str, bytes]:
    """Return ``dataset_info.json`` with one entry for each file."""
    return describe(card, {"formatting": "sharegpt", "columns": {"messages": "conversations"}})


def _parse(entry: Any, line: int) -> tuple[Example | None, list[FormatError]]:
    return read_turns(entry, line, "conversations", ("from", "value"), ("human", "gpt"))
