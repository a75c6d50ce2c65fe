"""What records say of works, for the overlap of texts: from JSON, JSON lines or CSV."""

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from calligram.errors import FormatError, InputError

FILE_KEYS = ("file", "image", "path", "filename")
"""Where a record says which image it is of; the first that it has counts."""
TEXT_KEYS = ("description", "short_description", "text", "caption")
"""Where it describes the work; the first that is not empty counts."""


def read_texts(path: str | os.PathLike[str]) -> dict[str, str]:
    """Return what the records of a file say of each image, by the image's file name without its folder.

    Args:
        path: JSON (a list of records, or an object that holds one), JSON lines, or CSV with a head.

    Raises:
        InputError: the file cannot be read.
        FormatError: it holds no records, or none that names an image.
    """
    try:
        content = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(
            f"the records {os.fspath(path)!r} cannot be read ({fault}): "
            "name a file of JSON, JSON lines or CSV"
        ) from fault
    texts: dict[str, str] = {}
    for record in _records(content, os.fspath(path)):
        if file := _first(record, FILE_KEYS):
            texts[PurePath(file.replace("\\", "/")).name] = _first(record, TEXT_KEYS)
    if not texts:
        raise FormatError(
            f"the records {os.fspath(path)!r} name no image: give each a field "
            f"{FILE_KEYS[0]} with the image's name, and a {TEXT_KEYS[0]}"
        )
    return texts


def _records(content: str, name: str) -> Iterator[Mapping[str, Any]]:
    if content.lstrip()[:1] not in {"[", "{"}:
        yield from csv.DictReader(io.StringIO(content))
        return
    try:
        told = json.loads(content)
    except ValueError:
        yield from _lines(content, name)
        return
    if isinstance(told, dict):
        told = next(filter(_is_records, told.values()), [told])
    yield from (record for record in told if isinstance(record, dict))


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _lines(content: str, name: str) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            try:
                record = json.loads(line)
            except ValueError as fault:
                raise FormatError(
                    f"line {number} of the records {name!r} is no JSON ({fault}): mend it", line=number
                ) from fault
            if isinstance(record, dict):
                yield record


def _first(record: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """Return the first value there is; a field that carries its standing holds it as ``value``."""
    for key in keys:
        value = record.get(key)
        value = value.get("value") if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
