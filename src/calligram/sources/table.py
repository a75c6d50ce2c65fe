"""A table of paths and labels: CSV, TSV, or JSON lines."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram.errors import SourceError
from calligram.settings import option
from calligram.sources._files import FileSource, Item
from calligram.sources.base import Source

DELIMITERS = {".csv": ",", ".tsv": "\t"}
LINE_SUFFIXES = {".jsonl", ".ndjson"}


@dataclass(frozen=True)
class Options:
    """Which columns hold what."""

    path: str = option("path", "the column of image paths, relative to the table")
    label: str = option("label", "the column of labels")
    split: str = option("split", "the column of splits; may be missing")
    kind: str = option("picture", "what an image shows, in one word, as animal")
    question: str = option("", "the question whose answer is the label; empty means What KIND is this?")


def load(place: str, split: str, options: Options) -> Source:
    """Return the images that a table lists, in its order.

    Args:
        place: a ``.csv`` or ``.tsv`` file with a header line, or a ``.jsonl`` file of objects; UTF-8.
        split: a value of the split column; without such a column ``"train"``, ``"valid"``, ``"test"``,
            parted by the images' content; or ``"all"``.

    Raises:
        SourceError: the table cannot be read, or a line lacks path or label; says which line.
    """
    table = Path(place)
    items = [_item(row, line, table, options) for line, row in _rows(table)]
    if not items:
        raise SourceError(f"{place} lists no images: give a table with a row for each")
    return FileSource(f"table:{place}", split, items, options.kind, options.question)


def _item(row: dict[str, Any], line: int, table: Path, options: Options) -> Item:
    for column in (options.path, options.label):
        if row.get(column) in (None, ""):
            there = ", ".join(str(key) for key in row if key)
            raise SourceError(
                f"{table}, line {line}: no {column!r}, it has {there}: name it with ?path= or ?label="
            )
    path = str(row[options.path])
    where = path if "://" in path else str(table.parent / path)
    part = row.get(options.split)
    return Item(
        where, str(row[options.label]), str(part) if part else None, f"{table.name} line {line}: {path}"
    )


def _rows(table: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    suffix = table.suffix.lower()
    if suffix not in DELIMITERS and suffix not in LINE_SUFFIXES:
        raise SourceError(f"{table} is no table: its name must end in .csv, .tsv or .jsonl")
    try:
        with table.open(encoding="utf-8-sig", newline="") as stream:
            if suffix in DELIMITERS:
                reader = csv.DictReader(stream, delimiter=DELIMITERS[suffix], strict=True)
                for row in reader:
                    yield reader.line_num, row
            else:
                yield from _objects(stream, table)
    except OSError as fault:
        raise SourceError(f"{table} cannot be read ({fault.strerror}): give a table that is there") from fault
    except (csv.Error, UnicodeDecodeError) as fault:
        raise SourceError(f"{table} is damaged ({fault}): save it again as UTF-8") from fault


def _objects(stream: Iterator[str], table: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, text in enumerate(stream, start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except json.JSONDecodeError as fault:
            raise SourceError(f"{table}, line {line}: no valid JSON ({fault.msg}): mend that line") from fault
        if not isinstance(row, dict):
            raise SourceError(
                f"{table}, line {line}: a JSON object is expected, not {type(row).__name__}: mend that line"
            )
        yield line, row
