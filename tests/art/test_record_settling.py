"""How a record is settled: given before proposed, models outvoted, disagreements kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.art.cataloguing import make_images

from calligram.art.facts_options import FactsOptions
from calligram.art.record import GIVEN_ONLY, Record, Rival
from calligram.art.record_given import Given
from calligram.art.record_proposals import Proposal
from calligram.art.record_settling import settle_record
from calligram.art.record_survey import Job, Survey, survey_image
from calligram.art.vocabulary import Vocabulary


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    (path,) = make_images(tmp_path, 1)
    return survey_image(Job(str(path), FactsOptions(), None, ""))


def settled(survey: Survey, *proposals: Proposal) -> Record:
    return settle_record("work.png", "work", survey, proposals, Vocabulary())


def proposal(model: str, title: str, *tags: str) -> Proposal:
    return Proposal(model, 1, {"title": title}, dict.fromkeys(tags))


def test_without_models_a_record_holds_what_is_measured(survey: Survey) -> None:
    record = settled(survey)
    assert {field.standing for _, field in record.ordered()} == {"measured"}
    assert record["title"].text.startswith("Untitled (")
    assert record["image_size"].text == "60 x 48 pixels"
    assert not GIVEN_ONLY & record.fields.keys()
    assert record.text("ai_disclosure") == "No part of this record was proposed by a model."


def test_every_colour_named_in_the_description_was_measured(survey: Survey) -> None:
    record = settled(survey)
    main = record["colours"].value[0]
    assert f"{main['name'].capitalize()} covers {100 * main['share']:.0f} % of it" in record.text(
        "description"
    )


def test_what_is_given_outweighs_what_is_proposed(survey: Survey) -> None:
    told = replace(survey, given=(Given("records.csv", {"title": "The Ferry"}),))
    record = settled(told, proposal("a:model", "A boat"))
    assert (record["title"].value, record["title"].standing) == ("The Ferry", "given")


def test_givens_that_differ_are_both_told(survey: Survey) -> None:
    told = (
        Given("records.csv", {"creator": "Ann"}),
        Given("the file's EXIF data", {"creator": "Canon user"}),
    )
    creator = settled(replace(survey, given=told))["creator"]
    assert (creator.value, creator.source) == ("Ann", "records.csv")
    assert creator.rivals == (Rival("Canon user", "the file's EXIF data"),)


def test_models_vote_and_who_is_outvoted_is_kept(survey: Survey) -> None:
    record = settled(survey, proposal("a", "A shed"), proposal("b", "Red barn"), proposal("c", "red  barn"))
    title = record["title"]
    assert (title.value, title.source, title.confidence) == ("Red barn", "b, c", pytest.approx(2 / 3))
    assert title.rivals == (Rival("A shed", "a"),)


def test_one_model_alone_gives_no_confidence(survey: Survey) -> None:
    assert settled(survey, proposal("a", "A shed"))["title"].confidence is None


def test_tags_have_the_share_of_models_that_name_them(survey: Survey) -> None:
    record = settled(survey, proposal("a", "Barn", "barn", "field"), proposal("b", "Barn", "barn"))
    shares = {tag.value: tag.confidence for tag in record.tags if tag.standing == "proposed"}
    assert shares == {"barn": 1.0, "field": 0.5}


def test_no_tag_stands_twice(survey: Survey) -> None:
    colour = next(tag.text for tag in settled(survey).tags)
    told = replace(survey, given=(Given("records.csv", {}, ("Barn",)),))
    words = [tag.text.casefold() for tag in settled(told, proposal("a", "x", "barn", colour)).tags]
    assert len(words) == len(set(words))


def test_the_disclosure_names_models_and_what_waits(survey: Survey) -> None:
    told = settled(replace(survey, made_by_model=True), proposal("a:model", "Barn", "barn")).text(
        "ai_disclosure"
    )
    assert "a model took part in making the image" in told
    assert "Proposed by a:model" in told
    assert "title, 1 tag" in told
