"""The catalogue as a table."""

import csv
import io
from dataclasses import replace
from pathlib import Path

from tests.art.works import catalogue, given_work, proposed_work

from calligram.art.record_given import GivenRecords
from calligram.art.records.csv import build


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_each_work_is_a_row_with_the_standing_beside_each_field() -> None:
    ((path, content),) = build(catalogue())
    boats, fog, accepted = rows(content)
    assert path == "records.csv"
    assert (boats["title"], boats["title_standing"]) == ("Two Boats, “at rest” & <moored>", "given")
    assert (fog["title_standing"], fog["title_source"]) == ("proposed", "builtin:writer")
    assert accepted["title_standing"] == "accepted"
    assert fog["creator"] == fog["creator_standing"] == ""
    assert "only a given source" in fog["notes"]


def test_the_table_begins_with_a_byte_order_mark_for_spreadsheets() -> None:
    ((_, content),) = build(catalogue())
    assert content.startswith(b"\xef\xbb\xbf")


def test_a_text_that_begins_a_formula_is_disarmed() -> None:
    work = given_work()
    title = replace(work["title"], value='=HYPERLINK("http://evil.example")')
    ((_, content),) = build(catalogue(replace(work, fields={**work.fields, "title": title})))
    assert rows(content)[0]["title"] == '\'=HYPERLINK("http://evil.example")'


def test_a_table_given_to_another_catalogue_gives_only_what_was_given(tmp_path: Path) -> None:
    ((_, content),) = build(catalogue(given_work(), proposed_work()))
    (tmp_path / "records.csv").write_bytes(content)
    records = GivenRecords(tmp_path / "records.csv")
    boats, fog = records.of("paintings/two-boats.jpg"), records.of("paintings/fog.png")
    assert boats is not None
    assert boats.values["creator"] == "Ann Example (Flemish, 1577–1640)"
    assert boats.tags == ("boats",)
    assert fog is None or "title" not in fog.values
