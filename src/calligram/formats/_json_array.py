"""JSON arrays of objects, indented by two spaces, read entry by entry."""

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from calligram.formats._fields import fault
from calligram.formats._json_lines import Parse
from calligram.formats.base import TRAILING_COMMA, Record

START, BETWEEN, END = b"[\n", b",\n", b"\n]\n"
CHUNK_CHARACTERS = 2**20
MAX_ENTRY_CHARACTERS = 64 * 2**20
_encoder = json.JSONEncoder(ensure_ascii=False)
_decoder = json.JSONDecoder()


def write_entry(fields: dict[str, str]) -> str:
    """Return an object of texts as ``json.dumps(..., indent=2)`` writes it inside an array."""
    # five times as fast as json, which indents in Python
    inside = ",\n".join([f'    "{name}": {_encoder.encode(text)}' for name, text in fields.items()])
    return f"  {{\n{inside}\n  }}"


def write_array(entries: Iterable[str]) -> bytes:
    """Return a whole file of entries that are written already; an empty array where there are none."""
    inside = ",\n".join(entries).encode()
    return START + inside + END if inside else b"[]\n"


def join_arrays(parts: Iterable[bytes], stream: BinaryIO, trailing_comma: bool) -> None:
    """Write one array with the entries of all parts, and a comma after the last one if asked to."""
    begun = False
    for part in parts:
        if part == b"[]\n":
            continue
        stream.write(BETWEEN if begun else START)
        stream.write(part.removeprefix(START).removesuffix(END))
        begun = True
    end = b"," + END if trailing_comma else END
    stream.write(end if begun else b"[]\n")


def read_array(stream: BinaryIO, parse: Parse, repair: bool) -> Iterator[Record]:
    """Yield a record for each entry of an array of objects.

    Args:
        stream: the file.
        parse: makes an example of an entry, or finds fault with it.
        repair: accept a byte order mark, a comma after the last entry, doubled or missing commas, and a
            missing end, and say so.
    """
    return _ArrayReader(stream, parse, repair).records()


class _StopError(Exception):
    """The array cannot be read any further."""


class _ArrayReader:
    """Holds the text that is not yet read, and where it begins in the file."""

    def __init__(self, stream: BinaryIO, parse: Parse, repair: bool) -> None:
        self._stream, self._parse, self._repair = stream, parse, repair
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text, self._at, self._line, self._ended = "", 0, 1, False
        self._first = True
        self._mends: list[str] = []

    def records(self) -> Iterator[Record]:
        try:
            self._open()
            yield from self._entries()
        except _StopError as stop:
            yield Record(self._line, None, (fault(self._line, None, str(stop)),), self._taken_mends())
            return
        if self._mends:
            yield Record(self._line, None, (), self._taken_mends())

    def _open(self) -> None:
        if self._peek() == "\ufeff":
            self._mend("removed the byte order mark", "begins with a byte order mark")
            self._at += 1
        first = self._peek()
        if first != "[":
            there = f"the file begins with {first!r}" if first else "the file is empty"
            raise _StopError(f"a JSON array is expected, which begins with [, but {there}")
        self._at += 1

    def _entries(self) -> Iterator[Record]:
        comma = True
        while True:
            character = self._peek()
            if character == "]":
                self._close(comma)
                return
            if not character:
                self._mend("added the missing ] at the end", "the file ends before the array's closing ]")
                return
            if character == ",":
                if comma:
                    self._mend("removed a comma too many", "a comma is too many")
                comma, self._at = True, self._at + 1
                continue
            if not comma:
                self._mend("added a missing comma before the entry", "a comma is missing before the entry")
            comma = False
            yield self._entry()
            self._first = False

    def _close(self, comma: bool) -> None:
        if comma and not self._first:
            self._mend(TRAILING_COMMA, "there is a comma after the last entry")
        self._at += 1
        if rest := self._peek():
            raise _StopError(f"nothing may follow the array's closing ], but {rest!r} does")

    def _entry(self) -> Record:
        line = self._line
        entry = self._decode()
        example, faults = self._parse(entry, line)
        return Record(line, example, tuple(faults), self._taken_mends())

    def _decode(self) -> Any:
        while True:
            try:
                entry, end = _decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as problem:
                if self._ended or len(self._text) - self._at > MAX_ENTRY_CHARACTERS:
                    self._line += self._text.count("\n", self._at, problem.pos)
                    raise _StopError(
                        f"is no valid JSON at column {problem.colno}: {problem.msg}"
                    ) from problem
                self._fill()
                continue
            except (ValueError, RecursionError) as problem:
                raise _StopError(f"is no JSON that can be read: {problem}") from problem
            self._line += self._text.count("\n", self._at, end)
            self._at = end
            return entry

    def _peek(self) -> str:
        """Skip white space and return the next character without taking it, or nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._fill()

    def _fill(self) -> None:
        data = self._stream.read(max(CHUNK_CHARACTERS, len(self._text) - self._at))
        self._ended = not data
        try:
            more = self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as problem:
            raise _StopError(
                f"is no UTF-8 text: after this line comes byte {problem.object[problem.start]:#04x}"
            ) from problem
        self._text, self._at = self._text[self._at :] + more, 0

    def _mend(self, mended: str, wrong: str) -> None:
        if not self._repair:
            raise _StopError(f"{wrong}: mend it with --repair")
        self._mends.append(f"line {self._line}: {mended}")

    def _taken_mends(self) -> tuple[str, ...]:
        taken = tuple(self._mends)
        self._mends.clear()
        return taken
