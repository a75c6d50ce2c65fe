"""The catalogue as JSON lines."""

import json

from tests.art.works import catalogue

from calligram.art.records.jsonl import build


def test_each_work_is_a_line_with_its_fields_at_the_top_and_their_standing() -> None:
    ((path, content),) = build(catalogue())
    boats, fog, accepted = (json.loads(line) for line in content.decode().splitlines())
    assert path == "records.jsonl"
    assert boats["creator"]["standing"] == "given"
    assert boats["description"]["rivals"] == [{"value": "A ship.", "source": "XMP data"}]
    assert (fog["title"]["standing"], fog["title"]["seed"]) == ("proposed", 7)
    assert (accepted["title"]["by"], accepted["title"]["when"][:10]) == ("Ann", "2026-11-27")
    assert [tag["confidence"] for tag in fog["tags"] if tag["standing"] == "proposed"] == [0.5]
