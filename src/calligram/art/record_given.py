"""What an owner says of works: a CSV, JSON or JSON lines file of records, and files beside the images.

Names of columns are read as people write them: ``artist``, ``maker`` and ``dc:creator`` are the creator.
"""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from calligram.art.record_packet import read_packet
from calligram.errors import FormatError, InputError

SPELLINGS: dict[str, tuple[str, ...]] = {
    "title": ("title", "name", "label", "dc:title"),
    "creator": ("creator", "artist", "author", "maker", "painter", "photographer", "dc:creator"),
    "culture": ("culture", "origin", "nationality", "place_of_origin"),
    "date": ("date", "year", "created", "date_display", "date_created", "dc:date"),
    "medium": ("medium", "material", "materials", "technique", "artmedium", "medium_display"),
    "dimensions": ("dimensions", "measurements", "size_of_work"),
    "subject": ("subject", "subjects", "depicts"),
    "style": ("style", "movement"),
    "period": ("period", "era"),
    "description": ("description", "short_description", "caption", "text", "dc:description"),
    "identifier": (
        "identifier",
        "accession_number",
        "inventory_number",
        "object_number",
        "id",
        "dc:identifier",
    ),
    "credit": ("credit", "credit_line"),
    "rights": ("rights", "licence", "license", "copyright", "image_licence", "dc:rights"),
}
"""How each field may be called in what is given; the first that is not empty counts."""
TAGS = ("tags", "keywords", "dc:subject")
FILES = ("file", "image", "path", "filename")
SPACED = ("culture", "style", "period")
"""Fields whose values are often keys of a database, as ``late_baroque``."""
NOT_GIVEN = ("measured", "proposed")
"""Standings that do not become given when a catalogue is given to another one."""
SIDECARS = (".json", ".xmp", ".txt")


@dataclass(frozen=True)
class Given:
    """What one source says of a work.

    Args:
        source: how it is called, as ``"records.csv"``.
        values: texts by field.
        tags: words.
    """

    source: str
    values: Mapping[str, str]
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.tags)


class GivenRecords:
    """The records of one file, found by the image that they are of.

    Args:
        path: CSV with a head, JSON (a list of records, or an object that holds one), or JSON lines; empty
            for none.

    Raises:
        InputError: the file cannot be read.
        FormatError: it holds no record that names an image.
    """

    def __init__(self, path: str | os.PathLike[str] = "") -> None:
        self.source = Path(path).name
        self._by_place: dict[str, dict[str, Any]] = {}
        self._by_name: dict[str, list[dict[str, Any]]] = {}
        for row in _rows(path) if os.fspath(path) else ():
            if file := _first(row, FILES):
                place = PurePosixPath(file.replace("\\", "/"))
                self._by_place[place.as_posix()] = row
                self._by_name.setdefault(place.name, []).append(row)
        if os.fspath(path) and not self._by_place:
            raise FormatError(
                f"the records {os.fspath(path)!r} name no image: give each a column {FILES[0]} with the "
                "image's name"
            )

    def of(self, image: str | os.PathLike[str]) -> Given | None:
        """Return what is said of an image: the record whose path ends as its own does, if any."""
        row = self._row(Path(image))
        return given_of(row, self.source) if row is not None else None

    def _row(self, image: Path) -> dict[str, Any] | None:
        for start in range(len(image.parts)):
            found = self._by_place.get("/".join(image.parts[start:]))
            if found is not None:
                return found
        alike = self._by_name.get(image.name, [])
        return alike[0] if len(alike) == 1 else None


def given_of(row: Mapping[str, Any], source: str) -> Given:
    """Return the fields and tags of one row, whatever its columns are called."""
    row = {str(key).strip().lower().replace(" ", "_"): value for key, value in row.items() if key is not None}
    values = {name: _first(row, spellings) for name, spellings in SPELLINGS.items()}
    if "ai_disclosure" in row and values["identifier"] == str(row.get("id")):
        del values["identifier"]  # the id that an earlier catalogue made up
    for name in SPACED:
        values[name] = values[name].replace("_", " ")
    return Given(source, {name: value for name, value in values.items() if value}, _tags(row))


def sidecars_of(image: str | os.PathLike[str]) -> Iterator[Given]:
    """Yield what files beside an image say: ``work.jpg.json`` or ``work.json``, ``.xmp``, and ``.txt``.

    Raises:
        InputError: one of them cannot be read.
    """
    path = Path(image)
    for ending in SIDECARS:
        for beside in dict.fromkeys((path.with_name(path.name + ending), path.with_suffix(ending))):
            if beside.is_file() and beside != path:
                yield _read_sidecar(beside)
                break


def digest(given: Sequence[Given]) -> str:
    """Return what tells one set of givens from another."""
    told = [[each.source, dict(each.values), list(each.tags)] for each in given]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _read_sidecar(path: Path) -> Given:
    content = _read(path)
    if path.suffix == ".txt":
        text = " ".join(content.split())
        return Given(path.name, {"description": text} if text else {})
    if path.suffix == ".xmp":
        return given_of(read_packet(content.encode()), path.name)
    try:
        told = json.loads(content)
    except ValueError as fault:
        raise FormatError(f"the file {path.name!r} beside the image is no JSON ({fault}): mend it") from fault
    return given_of(told, path.name) if isinstance(told, dict) else Given(path.name, {})


def _read(path: str | os.PathLike[str]) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(
            f"{os.fspath(path)!r} cannot be read ({fault}): give CSV, JSON or JSON lines in UTF-8"
        ) from fault


def _rows(path: str | os.PathLike[str]) -> Iterator[dict[str, Any]]:
    content = _read(path)
    if content.lstrip()[:1] not in {"[", "{"}:
        rows = csv.DictReader(io.StringIO(content, newline=""), dialect=_dialect(content))
        yield from ({_key(key): value for key, value in row.items()} for row in rows)
        return
    try:
        told = json.loads(content)
    except ValueError:
        told = list(_lines(content, os.fspath(path)))
    if isinstance(told, dict):
        told = next(filter(_is_rows, told.values()), [told])
    yield from ({_key(key): value for key, value in row.items()} for row in told if isinstance(row, dict))


def _dialect(content: str) -> type[csv.Dialect]:
    """Return the dialect whose delimiter comes most often in the head: comma, semicolon or tab."""
    head = content.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    return type("Given", (csv.excel,), {"delimiter": delimiter})


def _key(key: object) -> str:
    return str(key or "").strip().lower().replace(" ", "_")


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _lines(content: str, name: str) -> Iterator[Any]:
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as fault:
                raise FormatError(
                    f"line {number} of the records {name!r} is no JSON ({fault}): mend it", line=number
                ) from fault


def _first(row: Mapping[str, Any], keys: Sequence[str]) -> str:
    """Return the first value that is not empty; what a catalogue measured or proposed is not given."""
    for key in keys:
        value = row.get(key)
        if row.get(f"{key}_standing") in NOT_GIVEN:
            continue
        if isinstance(value, dict):
            value = None if value.get("standing") in NOT_GIVEN else value.get("value")
        if isinstance(value, list | tuple):
            value = "; ".join(str(each) for each in value if not isinstance(each, dict))
        if isinstance(value, str | int) and not isinstance(value, bool) and (text := _plain(str(value))):
            return text
    return ""


def _plain(text: str) -> str:
    """Return a text without the tags of a web page, its white space single."""
    return " ".join(re.sub(r"</?(?:p|em|i|b|strong|br|span|a)\b[^>]*>", " ", text).split())


def _tags(row: Mapping[str, Any]) -> tuple[str, ...]:
    if row.get("tags_standing"):
        return _given_tags(str(row.get("tags", "")), str(row["tags_standing"]))
    found: list[str] = []
    for key in TAGS:
        value = row.get(key)
        words = re.split(r"[;,|]", value) if isinstance(value, str) else value
        if isinstance(words, list | tuple):
            found += [_tag(word) for word in words]
    return tuple(dict.fromkeys(word for word in found if word))


def _tag(word: object) -> str:
    if isinstance(word, dict):
        return "" if word.get("standing") in NOT_GIVEN else _plain(str(word.get("value", "")))
    return _plain(str(word)) if isinstance(word, str | int) else ""


def _given_tags(tags: str, standings: str) -> tuple[str, ...]:
    """Return the tags of a row of ``records.csv`` that were given or accepted."""
    told = zip(tags.split("; "), standings.split("; "), strict=False)
    return tuple(tag for tag, standing in told if standing not in NOT_GIVEN)
