"""A corpus that a user names: the passages of a file or of a folder of files."""

import csv
import gzip
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from calligram.errors import FormatError, InputError

PLAIN, RECORDS = frozenset({".txt", ".md"}), frozenset({".jsonl", ".json", ".csv"})
TEXT_FIELDS = ("text", "description", "caption", "label", "content", "completion")
"""Where a record holds its text; the first that it has counts."""


def read_passages(place: str | os.PathLike[str]) -> list[str]:
    """Return the passages of a file, or of all such files of a folder and those below it.

    Args:
        place: plain text (``.txt``, ``.md``: a passage is a paragraph), or records (``.jsonl``, ``.json``,
            ``.csv``: a passage is a record's text), each also with ``.gz`` behind it.

    Raises:
        InputError: there is no such place, a file cannot be read, or nothing in it is text.
        FormatError: a file of records is none.
    """
    path = Path(place)
    if not path.exists():
        raise InputError(
            f"there is no corpus {os.fspath(place)!r}: name a file of texts, or a folder of them"
        )
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if _kind(each))
    passages = [passage for file in files for passage in _passages(file)]
    if not passages:
        raise InputError(
            f"the corpus {os.fspath(place)!r} holds no text: name a file of the kinds "
            f"{', '.join(sorted(PLAIN | RECORDS))}, or a folder of them; records hold it as {TEXT_FIELDS[0]}"
        )
    return passages


def _kind(path: Path) -> str:
    ending = Path(path.name.removesuffix(".gz")).suffix.lower()
    return ending if ending in PLAIN | RECORDS and path.is_file() else ""


def _passages(path: Path) -> Iterator[str]:
    content = _read(path)
    if _kind(path) in RECORDS:
        found = (_text_of(record) for record in _records(content, path))
    else:
        found = (" ".join(part.split()) for part in content.replace("\r\n", "\n").split("\n\n"))
    yield from filter(None, found)


def _read(path: Path) -> str:
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as fault:
        raise InputError(
            f"{os.fspath(path)!r} of the corpus cannot be read ({fault}): mend or remove it"
        ) from fault


def _records(content: str, path: Path) -> Iterator[Any]:
    try:
        if _kind(path) == ".csv":
            yield from csv.DictReader(io.StringIO(content))
        elif _kind(path) == ".jsonl":
            yield from (json.loads(line) for line in content.splitlines() if line.strip())
        else:
            told = json.loads(content)
            yield from told if isinstance(told, list) else [told]
    except (ValueError, csv.Error) as fault:
        raise FormatError(
            f"{os.fspath(path)!r} of the corpus is no file of records ({fault}): mend or remove it"
        ) from fault


def _text_of(record: Any) -> str:
    if isinstance(record, str):
        return record.strip()
    for name in TEXT_FIELDS if isinstance(record, dict) else ():
        if isinstance(text := record.get(name), str) and text.strip():
            return text.strip()
    return ""
