"""Decisions on an idea for a title where there is a title."""

import pytest

from calligram.art.catalogue_decisions import decide
from calligram.art.catalogue_journal import Decision
from calligram.art.record import Field, Record, Rival, Standing

ACCEPTED = Decision("a.png", "title_idea", "accepted", "Quiet Garden", "Quiet Garden", "Ada", "2026-01-01")


def decided(standing: Standing) -> Field:
    fields = {
        "title": Field("Old Harbour", standing, "records.csv"),
        "title_idea": Field("Quiet Garden", "proposed", "builtin:writer"),
        "ai_disclosure": Field("", "measured", "how the record was made"),
    }
    record = decide(Record("a.png", "a", fields), [ACCEPTED])
    assert "title_idea" not in record
    return record["title"]


@pytest.mark.parametrize("standing", ["given", "accepted"])
def test_an_accepted_idea_overwrites_no_title_that_a_person_chose(standing: Standing) -> None:
    title = decided(standing)
    assert (title.value, title.standing) == ("Old Harbour", standing)
    assert title.rivals == (Rival("Quiet Garden", "builtin:writer"),)


def test_an_accepted_idea_keeps_a_proposed_title_as_a_rival() -> None:
    title = decided("proposed")
    assert (title.value, title.standing) == ("Quiet Garden", "accepted")
    assert title.rivals == (Rival("Old Harbour", "records.csv"),)
