"""Reads a person's own plain texts: ``.txt``, CSV, TSV and JSON lines with a column of texts; also packed."""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from calligram import registry
from calligram.errors import FormatError
from calligram.formats.base import get_format
from calligram.training.dataset_files import recognise
from calligram.training.dataset_target import MANIFEST
from calligram.training.text_roles import told_role

TEXT_SUFFIXES = {".txt", ".md"}
TABLE_SUFFIXES = {".csv": ",", ".tsv": "\t"}
LINES_SUFFIXES = {".jsonl", ".ndjson"}
LONGEST_CELL = 2**31 - 1
ABOUT = re.compile(r"(readme|licen[cs]e)\b", re.IGNORECASE)
"""Files of a folder that tell of it, and are no texts to learn."""


def is_plain(path: Path, column: str) -> bool:
    """Return whether a file or folder holds plain texts and no training examples.

    Args:
        path: what the user named; it exists.
        column: the column asked for; JSON lines are plain only where one is named.
    """
    if not path.is_dir():
        return _is_text(path, column)
    files = [file for file in sorted(path.iterdir()) if file.is_file()]
    if (path / MANIFEST).is_file() or any(_is_training(file, column) for file in files):
        return False
    parts = [folder for folder in path.iterdir() if folder.is_dir() and told_role(folder.name)]
    files += [file for folder in parts for file in folder.iterdir() if file.is_file()]
    return any(_is_text(file, column) and not ABOUT.match(file.name) for file in files)


def _is_text(file: Path, column: str) -> bool:
    kind = _suffix(file)
    return kind in TEXT_SUFFIXES or kind in TABLE_SUFFIXES or (bool(column) and kind in LINES_SUFFIXES)


def _is_training(file: Path, column: str) -> bool:
    """Return whether a file is a training file, by ending and content; not where its column is asked for."""
    if _is_text(file, column) or file.suffix not in _training_suffixes():
        return False
    try:
        return file.suffix == get_format(recognise(file)).SUFFIX
    except FormatError:
        return False


def _training_suffixes() -> set[str]:
    return {get_format(name).SUFFIX for name in registry.members("formats")}


def text_files(path: Path) -> tuple[list[Path], list[str]]:
    """Return a file, or all files of texts below a folder in the order of their names.

    Returns:
        The files, and the names of those that only tell of the folder: README and LICENSE.
    """
    if not path.is_dir():
        return [path], []
    known = TEXT_SUFFIXES | TABLE_SUFFIXES.keys() | LINES_SUFFIXES
    found = [file for file in sorted(path.rglob("*")) if file.is_file() and _suffix(file) in known]
    about = [file.name for file in found if ABOUT.match(file.name)]
    return [file for file in found if not ABOUT.match(file.name)], about


def read_texts(files: Sequence[Path], column: str, opened: Callable[[Path], None]) -> Iterator[str]:
    """Yield the texts of files.

    Args:
        files: of texts.
        column: the column that holds the text in tables and JSON lines; rows without text are left out.
        opened: told of each file that is read.

    Raises:
        FormatError: a file cannot be read, has no such column, or has something else in it than text.
    """
    for file in files:
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
    except (OSError, EOFError, zlib.error, csv.Error) as fault:
        raise FormatError(f"{file} cannot be read ({fault}): give a whole file") from fault


def _table(stream: TextIO, file: Path, column: str, delimiter: str) -> Iterator[str]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.DictReader(stream, delimiter=delimiter)
    _demand(column, list(reader.fieldnames or []), file)
    yield from (row[column] or "" for row in reader)


def _lines(stream: TextIO, file: Path, column: str) -> Iterator[str]:
    hold_text: dict[str, bool] = {}
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        row = _row(line, file, number)
        hold_text |= {key: isinstance(value, str) for key, value in row.items()}
        text = row.get(column)
        if not isinstance(text, str | None):
            raise FormatError(
                f"{file}, line {number}: the column {column!r} is {json.dumps(text)[:40]}, but must be text: "
                "mend it, or name another with --column",
                number,
                column,
            )
        yield text or ""
    if hold_text and column not in hold_text:
        _demand(column, [name for name, holds in hold_text.items() if holds], file)


def _row(line: str, file: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise FormatError(f"{file}, line {number} is no valid JSON ({fault}): mend it", number) from fault
    if not isinstance(row, dict):
        raise FormatError(
            f"{file}, line {number} is {line.strip()[:40]}, but must be an object with columns: mend it",
            number,
        )
    return row


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
