"""Reads a person's own plain texts: ``.txt``, CSV, TSV and JSON lines with a column of texts; also packed."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from calligram.errors import FormatError

TEXT_SUFFIXES = {".txt", ".md"}
TABLE_SUFFIXES = {".csv": ",", ".tsv": "\t"}
LINES_SUFFIXES = {".jsonl", ".ndjson"}
LONGEST_CELL = 2**31 - 1


def is_plain(path: Path, column: str) -> bool:
    """Return whether a file or folder holds plain texts and no training examples.

    Args:
        path: what the user named; it exists.
        column: the column asked for; JSON lines are plain only where one is named.
    """
    if path.is_dir():
        return any(is_plain(file, column) for file in path.iterdir() if file.is_file())
    kind = _suffix(path)
    return kind in TEXT_SUFFIXES or kind in TABLE_SUFFIXES or (bool(column) and kind in LINES_SUFFIXES)


def read_texts(path: Path, column: str, opened: Callable[[Path], None]) -> Iterator[str]:
    """Yield the texts of a file, or of all files below a folder in the order of their names.

    Args:
        path: a file or folder.
        column: the column that holds the text in tables and JSON lines; rows without text are left out.
        opened: told of each file that is read.

    Raises:
        FormatError: a file cannot be read, or has no such column.
    """
    known = TEXT_SUFFIXES | TABLE_SUFFIXES.keys() | LINES_SUFFIXES
    files = [file for file in sorted(path.rglob("*")) if file.is_file()] if path.is_dir() else [path]
    for file in files:
        if _suffix(file) in known:
            opened(file)
            yield from (text for text in _texts(file, column) if text.strip())


def _texts(file: Path, column: str) -> Iterator[str]:
    kind = _suffix(file)
    try:
        with _open(file) as stream:
            if kind in TEXT_SUFFIXES:
                yield stream.read()
            elif kind in TABLE_SUFFIXES:
                yield from _table(stream, file, column, TABLE_SUFFIXES[kind])
            else:
                yield from _lines(stream, file, column)
    except UnicodeDecodeError as fault:
        raise FormatError(f"{file} is no UTF-8 text: save it as UTF-8") from fault
    except (OSError, EOFError, csv.Error) as fault:
        raise FormatError(f"{file} cannot be read ({fault}): give a whole file") from fault


def _table(stream: TextIO, file: Path, column: str, delimiter: str) -> Iterator[str]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.DictReader(stream, delimiter=delimiter)
    _demand(column, list(reader.fieldnames or []), file)
    yield from (row[column] or "" for row in reader)


def _lines(stream: TextIO, file: Path, column: str) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as fault:
            raise FormatError(f"{file}, line {number} is no valid JSON ({fault}): mend it", number) from fault
        if not isinstance(row, dict) or not isinstance(row.get(column), str):
            _demand(
                column,
                [key for key in row if isinstance(row[key], str)] if isinstance(row, dict) else [],
                file,
            )
        yield row[column]


def _demand(column: str, there: list[str], file: Path) -> None:
    if column not in there:
        raise FormatError(
            f"{file} has no column of texts called {column!r}, but {', '.join(there) or 'none'}: "
            "name one with --column",
            field=column,
        )


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _open(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(file), encoding="utf-8-sig")
    return file.open(encoding="utf-8-sig")
