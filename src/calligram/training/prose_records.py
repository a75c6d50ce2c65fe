"""Texts to learn to write from: a folder of text files, CSV or JSONL, as records with fields.

A record's text stands under ``text``, ``description``, ``caption``, ``body`` or ``content``; the other names
known are ``kind``, ``title``, ``medium``, ``date`` or ``period``, ``tags`` or ``subject``, and ``id``. Tags
are a list, or one text with commas or semicolons between them.
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram.errors import SourceError

TEXT = ("text", "description", "caption", "body", "content")
PLAIN = (".txt", ".md")
TABLES = (".csv", ".tsv")
LINES = (".jsonl", ".ndjson", ".jsonl.gz")
LONGEST_CELL = 2**31 - 1


@dataclass(frozen=True)
class Prose:
    """One work's text, as it was found.

    Args:
        key: which work it belongs to; texts of one work never part between learning and testing.
        text: the prose; empty where the record has fields alone.
        kind: as the record calls it, or empty.
        title: the work's title, or empty.
        medium: as the record has it, or empty.
        date: as the record has it, or empty.
        tags: subjects.
    """

    key: str
    text: str
    kind: str = ""
    title: str = ""
    medium: str = ""
    date: str = ""
    tags: tuple[str, ...] = ()


def read_prose(place: str | Path) -> list[Prose]:
    """Return the records of a file or of every file in a folder, in the order of their names.

    Args:
        place: a ``.txt`` or ``.md`` file (one record), ``.csv``, ``.tsv``, ``.jsonl`` or ``.jsonl.gz``, or a
            folder of such.

    Raises:
        SourceError: there is no such place, nothing in it can be used, or a file is damaged.
    """
    place = Path(place)
    if not place.exists():
        raise SourceError(f"there are no texts at {place}: give a folder, or a .txt, .csv or .jsonl file")
    files = sorted(path for path in place.rglob("*") if _readable(path)) if place.is_dir() else [place]
    records = [record for path in files for record in _read_file(path, place)]
    if not records:
        raise SourceError(f"{place} holds no texts: give .txt, .md, .csv, .tsv or .jsonl files with some")
    return records


def _readable(path: Path) -> bool:
    return path.is_file() and path.name.lower().endswith(PLAIN + TABLES + LINES)


def _read_file(path: Path, root: Path) -> Iterator[Prose]:
    name, told = path.name.lower(), str(path.relative_to(root)) if path != root else path.name
    text = _text_of(path)
    if name.endswith(PLAIN):
        if text.strip():
            yield Prose(told, text.strip())
    elif name.endswith(TABLES):
        between = "\t" if name.endswith(".tsv") else ","
        yield from _rows(_table_rows(text, between, path), told, path)
    elif name.endswith(LINES):
        yield from _rows(_json_lines(text, path), told, path)
    else:
        raise SourceError(f"{path} is no text file that is known: give .txt, .md, .csv, .tsv or .jsonl")


def _text_of(path: Path) -> str:
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.name.lower().endswith(".gz") else raw).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as fault:
        raise SourceError(f"{path} cannot be read ({fault}): check the file, or copy it again") from fault
    except UnicodeDecodeError as fault:
        raise SourceError(f"{path} is not UTF-8 at byte {fault.start}: save it as UTF-8") from fault


def _table_rows(text: str, between: str, path: Path) -> Iterator[Mapping[str, Any]]:
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.DictReader(io.StringIO(text), delimiter=between)
    try:
        yield from rows
    except csv.Error as fault:
        raise SourceError(f"line {rows.line_num} of {path} is no {path.suffix} ({fault}): mend it") from fault


def _json_lines(text: str, path: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as fault:
            raise SourceError(f"line {number} of {path} is no JSON ({fault}): mend or remove it") from fault
        if not isinstance(record, dict):
            raise SourceError(f'line {number} of {path} is no JSON object: write {{"text": …}} on each line')
        yield record


def _rows(rows: Iterable[Mapping[str, Any]], told: str, path: Path) -> Iterator[Prose]:
    for number, row in enumerate(rows, 1):
        known = {str(name).strip().lower(): value for name, value in row.items() if name is not None}
        if number == 1 and not any(name in known for name in (*TEXT, "title", "tags")):
            raise SourceError(
                f"{path} has no column {', '.join(TEXT[:-1])} or {TEXT[-1]}, but "
                f"{', '.join(known) or 'none'}: name the column of the texts one of these"
            )
        yield _record(known, f"{told}#{known.get('id') or number}")


def _record(known: Mapping[str, Any], key: str) -> Prose:
    def first(*names: str) -> str:
        texts = (str(known[name]).strip() for name in names if isinstance(known.get(name), str | int | float))
        return next((_whole(text) for text in texts if text), "")

    tags = next((known[name] for name in ("tags", "subject", "subjects") if known.get(name)), ())
    date = first("period", "date")
    return Prose(key, first(*TEXT), first("kind"), first("title"), first("medium"), date, _tags(tags))


def _whole(text: str) -> str:
    """Return a text whose halves of characters, which JSON can hold and UTF-8 cannot, are replaced."""
    return text.encode("utf-8", "replace").decode()


def _tags(told: object) -> tuple[str, ...]:
    listed = told if isinstance(told, list | tuple) else str(told).replace(";", ",").split(",")
    parts = [_whole(str(tag)) for tag in listed]
    return tuple(dict.fromkeys(tag.strip() for tag in parts if tag.strip()))
