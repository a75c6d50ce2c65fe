"""Review: accepted, edited, rejected, and kept at once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.art.cataloguing import ANSWER, make_images, write_script

from calligram.art.catalogue import catalogue
from calligram.art.catalogue_review import Question, Reviewed, review
from calligram.art.record import Record

Answers = list[tuple[str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a catalogue of two works; of each five fields and two tags are proposed."""
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    make_images(tmp_path / "images", 2)
    model = write_script(tmp_path / "script.json", {**ANSWER, "medium": "pixels"})
    catalogue(tmp_path / "images", tmp_path / "out", models=[model])
    return tmp_path / "out"


def answering(answers: Answers) -> tuple[Callable[[Question], tuple[str, str]], list[str]]:
    """Return what answers in order and then quits, and what it was asked."""
    asked: list[str] = []
    left: Iterator[tuple[str, str]] = iter(answers)

    def ask(question: Question) -> tuple[str, str]:
        asked.append(f"{question.record.id} {question.what}")
        return next(left, ("q", ""))

    return ask, asked


def again(folder: Path) -> tuple[Record, ...]:
    """Return the records as a further run has them."""
    return catalogue([], folder, models=()).records


def test_decisions_change_the_standing_and_name_the_person(folder: Path) -> None:
    ask, asked = answering([("a", ""), ("e", "Pixels, enlarged"), ("r", ""), ("s", ""), ("q", "")])
    assert review(folder, ask, by="Ada") == Reviewed(accepted=1, edited=1, rejected=1, left=11)
    assert asked[:3] == ["work-00 title", "work-00 medium", "work-00 subject"]
    record = again(folder)[0]
    assert (record["title"].standing, record["title"].by) == ("accepted", "Ada")
    assert record["title"].when.endswith("+00:00")
    assert (record["medium"].value, record["medium"].standing) == ("Pixels, enlarged", "accepted")
    assert "subject" not in record
    assert record["style"].standing == "proposed"


def test_a_review_goes_on_where_it_was(folder: Path) -> None:
    review(folder, answering([("a", ""), ("r", "")])[0], by="Ada")
    ask, asked = answering([])
    review(folder, ask, by="Ada")
    assert asked == ["work-00 subject"]


def test_what_was_decided_before_a_fault_is_kept(folder: Path) -> None:
    def ask(question: Question) -> tuple[str, str]:
        if question.number > 2:
            raise KeyboardInterrupt
        return "a", ""

    with pytest.raises(KeyboardInterrupt):
        review(folder, ask, by="Ada")
    assert sum(field.standing == "accepted" for field in again(folder)[0].fields.values()) == 2


def test_a_whole_work_can_be_accepted_and_one_passed_over(folder: Path) -> None:
    ask, asked = answering([("w", ""), ("n", "")])
    assert review(folder, ask, by="Ada") == Reviewed(accepted=7, left=7)
    assert asked == ["work-00 title", "work-01 title"]
    first, second = again(folder)
    assert not list(first.undecided())
    assert len(list(second.undecided())) == 7
    assert "accepted or edited by Ada" in first.text("ai_disclosure")


def test_a_rejected_description_gives_way_to_what_is_measured(folder: Path) -> None:
    review(folder, answering([("s", ""), ("s", ""), ("s", ""), ("s", ""), ("r", "")])[0], by="Ada")
    record = again(folder)[0]
    assert record["description"].standing == "measured"
    assert "appearance" not in record


def test_decisions_outlive_a_record_that_is_made_again(folder: Path) -> None:
    review(folder, answering([("e", "My title"), ("s", ""), ("r", "")])[0], by="Ada")
    other = write_script(folder.parent / "other.json", {**ANSWER, "title": "Something else"})
    record = catalogue(folder.parent / "images", folder, models=[other]).records[0]
    assert (record["title"].value, record["title"].by) == ("My title", "Ada")
    assert "Something else" in [rival.value for rival in record["title"].rivals]
    assert "subject" not in record


def test_an_accepted_idea_becomes_the_title(tmp_path: Path) -> None:
    make_images(tmp_path / "images", 1)
    for seed in range(5):
        from calligram.art.catalogue import CatalogueOptions

        out = tmp_path / f"out-{seed}"
        (record,) = catalogue(tmp_path / "images", out, options=CatalogueOptions(seed=seed)).records
        if "title_idea" in record:
            break
    idea = record["title_idea"].text
    review(out, answering([("a", "")])[0], by="Ada")
    (record,) = again(out)
    assert (record["title"].value, record["title"].standing) == (idea, "accepted")
    assert "title_idea" not in record
