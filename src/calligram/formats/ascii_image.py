"""The format of the idea's author: a JSON array of ``size``, ``ASCII_image`` and ``Response``.

An entry serves reading and drawing alike, and keeps no question. ``size`` is the number of columns.
Source: LLM-ASCII_Image, the author's description and sample; there the last entry is followed by a comma,
which strict parsers refuse: we write none unless asked to, and read it under ``repair``.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from calligram.errors import FormatError
from calligram.formats import _json_array
from calligram.formats._fields import fault, texts_of
from calligram.formats.base import Card, Example, Record, Task

SUFFIX = ".json"
MARK = b'"ASCII_image"'
TASKS: tuple[Task, ...] = ("read",)
FIELDS = ("size", "ASCII_image", "Response")


def write_part(examples: Sequence[Example]) -> bytes:
    """Return a whole file with these examples; their questions are lost."""
    return _json_array.write_array(
        _json_array.write_entry(dict(zip(FIELDS, (str(e.columns), e.picture, e.answer), strict=True)))
        for e in examples
    )


def join_parts(parts: Iterable[bytes], stream: BinaryIO, trailing_comma: bool = False) -> None:
    """Write one array with the entries of all parts."""
    _json_array.join_arrays(parts, stream, trailing_comma)


def read(stream: BinaryIO, repair: bool = False) -> Iterator[Record]:
    """Yield a record for each entry; ``repair`` accepts the author's comma after the last one."""
    return _json_array.read_array(stream, _parse, repair)


def companions(card: Card) -> dict[str, bytes]:
    """Return none."""
    return {}


def _parse(entry: Any, line: int) -> tuple[Example | None, list[FormatError]]:
    faults = texts_of(entry, FIELDS, line)
    if not faults and not (entry["size"].isascii() and entry["size"].isdigit()):
        faults.append(
            fault(line, "size", f'must be a number of columns in a text, as "20", not {entry["size"]!r}')
        )
    if faults:
        return None, faults
    return Example("read", entry["ASCII_image"], "", entry["Response"], int(entry["size"])), []
