"""JSON lines: a record a line with everything that is known, as ``records.jsonl``."""

import json
from collections.abc import Iterator

from calligram.art.records.base import Catalogue


def build(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Yield one file; it can be given to another catalogue with ``--given``."""
    lines = (json.dumps(_flat(record.to_json()), ensure_ascii=False) for record in catalogue.records)
    yield "records.jsonl", "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _flat(record: dict[str, object]) -> dict[str, object]:
    """Return a record with its fields at the top, as other tools look for them."""
    fields = record.pop("fields")
    assert isinstance(fields, dict)
    return {"file": record.pop("file"), "id": record.pop("id"), **fields, **record}
