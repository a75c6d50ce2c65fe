"""What models propose, and what of it is left out."""

from pathlib import Path
from typing import Any

import pytest
from tests.art.cataloguing import ANSWER, Blind, as_model, make_images, write_script

from calligram.art.asking import AskingOptions
from calligram.art.facts_options import FactsOptions
from calligram.art.record_given import Given
from calligram.art.record_proposals import Proposal, propose
from calligram.art.record_survey import Job, Survey, survey_image
from calligram.errors import ModelError
from calligram.models.base import open_model

GIVEN = Given(
    "records.csv", {"creator": "Ann Example", "date": "1888", "medium": "Oil on canvas"}, ("boats",)
)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))


def surveyed(folder: Path, given: Given | None = None) -> Survey:
    (path,) = make_images(folder, 1)
    return survey_image(Job(str(path), FactsOptions(), given, "", eyes=True))


def answered(tmp_path: Path, given: Given | None = None, **changed: Any) -> Proposal:
    model = open_model(write_script(tmp_path / "script.json", {**ANSWER, **changed}))
    return propose(model, surveyed(tmp_path, given), AskingOptions())


def test_a_model_that_follows_instructions_fills_the_fields_it_may(tmp_path: Path) -> None:
    proposal = answered(tmp_path)
    assert proposal.fields["title"] == "Coloured squares"
    assert "medium" not in proposal.fields
    assert list(proposal.tags) == ["squares", "grid"]
    assert proposal.notes == ()


@pytest.mark.parametrize("field", ["creator", "artist", "date", "culture", "period"])
def test_what_only_an_owner_may_say_is_dropped_with_a_note(tmp_path: Path, field: str) -> None:
    proposal = answered(tmp_path, **{field: "Somebody Known"})
    assert "Somebody" not in str(dict(proposal.fields))
    (note,) = proposal.notes
    assert "only a given source" in note


@pytest.mark.parametrize(
    "hidden",
    [
        "Rembrandt painted it in haste.",
        "It was made in 1642.",
        "The light is that of the seventeenth century.",
        "A Dutch room lies behind.",
    ],
)
def test_a_claim_that_hides_in_a_description_costs_its_sentence_alone(tmp_path: Path, hidden: str) -> None:
    proposal = answered(tmp_path, description=f"Squares fill the picture. {hidden} They are bright.")
    assert proposal.fields["description"] == "Squares fill the picture. They are bright."
    (note,) = proposal.notes
    assert hidden in note


def test_what_the_owner_said_may_be_said_again(tmp_path: Path) -> None:
    told = "Example painted these boats in 1888."
    assert answered(tmp_path, GIVEN, description=told).fields["description"] == told


def test_titles_and_tags_with_names_are_dropped(tmp_path: Path) -> None:
    proposal = answered(tmp_path, title="View of Amsterdam", tags=["boats", "Vermeer", "19th century"])
    assert "title" not in proposal.fields
    assert list(proposal.tags) == ["boats"]
    assert len(proposal.notes) == 3


def test_nonsense_is_asked_for_again_and_in_the_end_refused(tmp_path: Path) -> None:
    survey = surveyed(tmp_path)
    late = open_model(write_script(tmp_path / "late.json", "no JSON at all", ANSWER))
    assert propose(late, survey, AskingOptions()).fields["title"] == "Coloured squares"
    never = open_model(write_script(tmp_path / "never.json", "no JSON at all"))
    with pytest.raises(ModelError, match="3 tries"):
        propose(never, survey, AskingOptions())


def test_a_model_that_only_writes_is_told_colours_and_gives_an_idea_for_a_title(tmp_path: Path) -> None:
    model = Blind(["Quiet Garden"])
    proposal = propose(as_model(model), surveyed(tmp_path), AskingOptions(seed=5))
    assert proposal.fields == {"title_idea": "Quiet Garden"}
    assert "Colours: " in model.openings[0]
    assert "not seen" in proposal.remark
    assert proposal.tags == {}


def test_a_written_title_that_names_somebody_is_drawn_again(tmp_path: Path) -> None:
    proposal = propose(
        as_model(Blind(["Portrait of Abraham Lincoln", "Quiet Garden"])), surveyed(tmp_path), AskingOptions()
    )
    assert proposal.fields == {"title_idea": "Quiet Garden"}
    assert "Lincoln" not in " ".join(proposal.notes)
    assert len(proposal.notes) == 1


def test_written_tags_need_given_words_and_two_drafts(tmp_path: Path) -> None:
    model = Blind(["Quiet Garden"], ["river, boats", "river, ink, Rembrandt", "bridge, ink"])
    proposal = propose(as_model(model), surveyed(tmp_path, GIVEN), AskingOptions())
    assert proposal.tags == {"river": pytest.approx(2 / 3)}


def test_the_same_image_and_seed_give_the_same_proposal(tmp_path: Path) -> None:
    survey = surveyed(tmp_path)
    writer = open_model("builtin:writer")
    first, again = (propose(writer, survey, AskingOptions(seed=7)) for _ in range(2))
    assert first == again
    assert first.seed != propose(writer, survey, AskingOptions(seed=8)).seed


@pytest.mark.parametrize("field", ["identifier", "credit", "rights", "dimensions"])
def test_donors_and_owners_of_rights_support_no_name_and_no_year(tmp_path: Path, field: str) -> None:
    given = Given("records.csv", {field: "Gift of Rembrandt, 1931"})
    told = "Rembrandt sits by a wall. It is of 1931. They meet at hard edges."
    assert answered(tmp_path, given, description=told).fields["description"] == "They meet at hard edges."


def test_the_years_of_a_creator_are_not_those_of_the_work(tmp_path: Path) -> None:
    given = Given("records.csv", {"creator": "Ann Example (1850-1920)"})
    told = "Ann Example saw squares. They are of 1850."
    assert answered(tmp_path, given, description=told).fields["description"] == "Ann Example saw squares."
