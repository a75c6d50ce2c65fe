"""The record: fields with their standing."""

import pytest

from calligram.art.record import Field, Record, Rival, field_from_json, record_from_json
from calligram.errors import FormatError

PROPOSED = Field(
    "Barn", "proposed", "some:model", confidence=0.5, seed=3, rivals=(Rival("Shed", "other:model"),)
)


def test_a_record_comes_back_from_json() -> None:
    tags = (Field("red", "measured", "measured on the image"), PROPOSED)
    record = Record("a/b.png", "b", {"title": PROPOSED}, tags, {"width_px": 3}, ("A note.",))
    assert record_from_json(record.to_json()) == record


def test_what_is_empty_is_left_out_of_json() -> None:
    assert Field("Barn", "given", "records.csv").to_json() == {
        "value": "Barn",
        "standing": "given",
        "source": "records.csv",
    }


def test_accepting_keeps_where_the_proposal_came_from() -> None:
    accepted = PROPOSED.accepted("Ada", "2026-11-27T10:00:00+00:00")
    assert (accepted.value, accepted.standing, accepted.by) == ("Barn", "accepted", "Ada")
    assert (accepted.source, accepted.seed) == ("some:model", 3)


def test_editing_keeps_what_was_proposed_among_the_rivals() -> None:
    edited = PROPOSED.accepted("Ada", "2026-11-27T10:00:00+00:00", "Red barn")
    assert (edited.value, edited.standing) == ("Red barn", "accepted")
    assert Rival("Barn", "some:model") in edited.rivals


@pytest.mark.parametrize(
    "told", [{"value": 1}, {"value": 1, "standing": "guessed", "source": "x"}, {"odd": 1}]
)
def test_what_is_no_field_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(FormatError, match="field"):
        field_from_json(told)


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(FormatError, match="no record"):
        record_from_json({"file": "a.png"})
