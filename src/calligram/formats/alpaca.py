"""Alpaca: a JSON array of ``instruction``, ``input`` and ``output``, with its ``dataset_info.json``.

Source: LLaMA-Factory, data/README.md. A drawing's ``input`` is empty.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from calligram.errors import FormatError
from calligram.formats import _json_array
from calligram.formats._dataset_info import describe
from calligram.formats._fields import texts_of
from calligram.formats.base import Card, Example, Record, Task

SUFFIX = ".json"
MARK = b'"instruction"'
TASKS: tuple[Task, ...] = ("read", "draw")
FIELDS = ("instruction", "input", "output")


def write_part(examples: Sequence[Example]) -> bytes:
    """Return a whole file with these examples."""
    return _json_array.write_array(
        _json_array.write_entry(dict(zip(FIELDS, _texts(example), strict=True))) for example in examples
    )


def _texts(example: Example) -> tuple[str, str, str]:
    if example.task == "read":
        return example.request, example.picture, example.answer
    return example.request, "", example.picture


def join_parts(parts: Iterable[bytes], stream: BinaryIO, trailing_comma: bool = False) -> None:
    """Write one array with the entries of all parts."""
    _json_array.join_arrays(parts, stream, trailing_comma)


def read(stream: BinaryIO, repair: bool = False) -> Iterator[Record]:
    """Yield a record for each entry."""
    return _json_array.read_array(stream, _parse, repair)


def companions(card: Card) -> dict[str, bytes]:
    """Return ``dataset_info.json`` with one entry for each file."""
    columns = {"prompt": "instruction", "query": "input", "response": "output"}
    return describe(card, {"columns": columns})


def _parse(entry: Any, line: int) -> tuple[Example | None, list[FormatError]]:
    faults = texts_of(entry, FIELDS, line, empty=("input",))
    if faults:
        return None, faults
    if entry["input"]:
        return Example("read", entry["input"], entry["instruction"], entry["output"]), []
    return Example("draw", entry["output"], entry["instruction"], ""), []
