"""CSV: a record a row, each field beside its standing, as ``records.csv``."""

import csv
import io
from collections.abc import Iterator

from calligram.art.record import LABELS, Record
from calligram.art.records.base import Catalogue

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What begins a formula in a spreadsheet. Source: OWASP, "CSV Injection"."""


def build(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Yield one file; UTF-8 with a byte order mark, without which Excel takes it for something else."""
    stream = io.StringIO()
    names = [name for name in LABELS if name != "ai_disclosure"]
    columns = [column for name in names for column in (name, f"{name}_standing", f"{name}_source")]
    writer = csv.DictWriter(
        stream, ["file", "id", *columns, "tags", "tags_standing", "ai_disclosure", "notes"]
    )
    writer.writeheader()
    writer.writerows(_row(record, names) for record in catalogue.records)
    yield "records.csv", stream.getvalue().encode("utf-8-sig", "replace")


def _row(record: Record, names: list[str]) -> dict[str, str]:
    row = {"file": record.file, "id": record.id, "ai_disclosure": record.text("ai_disclosure")}
    for name in names:
        if name in record:
            field = record[name]
            row |= {name: field.text, f"{name}_standing": field.standing, f"{name}_source": field.source}
    row["tags"] = "; ".join(tag.text for tag in record.tags)
    row["tags_standing"] = "; ".join(tag.standing for tag in record.tags)
    row["notes"] = " | ".join(record.notes)
    return {key: _harmless(text) for key, text in row.items()}


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
