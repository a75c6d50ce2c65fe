"""JSON lines: one object on each line."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from calligram.errors import FormatError
from calligram.formats._fields import fault
from calligram.formats.base import Example, Record

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MAX_LINE_BYTES = 64 * 2**20
_encoder = json.JSONEncoder(ensure_ascii=False)

Parse = Callable[[Any, int], tuple[Example | None, list[FormatError]]]


def write_lines(entries: Iterable[Any]) -> bytes:
    """Return one line of JSON for each entry, letters beyond ASCII as they are."""
    return "".join([_encoder.encode(entry) + "\n" for entry in entries]).encode()


def join_lines(parts: Iterable[bytes], stream: BinaryIO) -> None:
    """Write the parts one after another."""
    for part in parts:
        stream.write(part)


def read_lines(stream: BinaryIO, parse: Parse, repair: bool) -> Iterator[Record]:
    """Yield a record for each line.

    Args:
        stream: the file.
        parse: makes an example of an entry, or finds fault with it.
        repair: skip blank lines, a byte order mark, and a comma at a line's end, and say so.
    """
    number = 0
    while data := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        yield _read_line(data, number, parse, repair)


def _read_line(data: bytes, number: int, parse: Parse, repair: bool) -> Record:
    mends: list[str] = []
    if len(data) > MAX_LINE_BYTES:
        return Record(number, None, (fault(number, None, f"is longer than {MAX_LINE_BYTES >> 20} MiB"),))
    if repair:
        data = _mend(data, number, mends)
        if not data:
            return Record(number, None, (), tuple(mends))
    try:
        entry = json.loads(data.decode())
    except UnicodeDecodeError as problem:
        told = f"is no UTF-8 text: byte {problem.start + 1} is {data[problem.start]:#04x}"
        return Record(number, None, (fault(number, None, told),), tuple(mends))
    except json.JSONDecodeError as problem:
        told = f"is no valid JSON at column {problem.colno}: {problem.msg}"
        return Record(number, None, (fault(number, None, told),), tuple(mends))
    except (ValueError, RecursionError) as problem:
        told = f"is no JSON that can be read: {problem}"
        return Record(number, None, (fault(number, None, told),), tuple(mends))
    example, faults = parse(entry, number)
    return Record(number, example, tuple(faults), tuple(mends))


def _mend(data: bytes, number: int, mends: list[str]) -> bytes:
    if number == 1 and data.startswith(BYTE_ORDER_MARK):
        mends.append("line 1: removed the byte order mark")
        data = data.removeprefix(BYTE_ORDER_MARK)
    if not data.strip():
        mends.append(f"line {number}: left out a blank line")
        return b""
    if data.rstrip().endswith(b"},"):
        mends.append(f"line {number}: removed a comma after the object")
        data = data.rstrip()[:-1]
    return data
