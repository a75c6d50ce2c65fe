"""Evidence: what exists, what does not, and what was measured otherwise."""

import pytest
from tests.art.judging import make_works

from calligram.art.eyes import Eyes, eyes_of
from calligram.art.judge_evidence import CHOICES, find_all_evidence, find_evidence


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory) -> Eyes:
    return eyes_of(make_works(tmp_path_factory.mktemp("works"), 1)[0], png=False)


def test_every_fact_is_found_by_its_key_and_by_the_name_of_its_line(eyes: Eyes) -> None:
    for fact in eyes.facts.items:
        for cited in (fact.key, fact.key.replace("_", " ").title(), fact.text):
            found = find_evidence(cited, eyes)
            assert (found.kind, found.exists) == ("fact", True), found
        assert find_evidence(fact.key, eyes).says == fact.text


@pytest.mark.parametrize("cited", ["A1", "b2", "A1-C2", "cell B2", "the region A1 – B2", "A1 to B2"])
def test_fields_and_regions_of_the_picture_are_found(eyes: Eyes, cited: str) -> None:
    found = find_evidence(cited, eyes)
    assert found.kind == "region"
    assert found.says.endswith("of the picture")


@pytest.mark.parametrize("cited", ["Z9", "A1-Z9", "A99"])
def test_places_outside_the_picture_do_not_exist(eyes: Eyes, cited: str) -> None:
    found = find_evidence(cited, eyes)
    assert (found.kind, found.exists) == ("none", False)
    assert "the picture has A1 to" in found.says


@pytest.mark.parametrize("cited", ["brush strokes", "", "the artist's intention", "contrasts of mood"])
def test_what_was_never_given_does_not_exist(eyes: Eyes, cited: str) -> None:
    assert find_evidence(cited, eyes).kind == "none"


def test_a_number_that_was_not_measured_is_wrong_and_a_rounded_one_is_not(eyes: Eyes) -> None:
    contrast = eyes.facts["contrast"]
    assert find_evidence(f"contrast: {contrast:.1f}", eyes).exists
    assert find_evidence(f"Contrast = {contrast:.2f}", eyes).exists
    found = find_evidence("contrast (7.25)", eyes)
    assert (found.kind, found.exists) == ("wrong", False)
    assert found.says.startswith("measured is: Contrast")


def test_another_word_of_the_few_is_wrong(eyes: Eyes) -> None:
    for key, choices in CHOICES.items():
        value = eyes.facts[key]
        assert value in choices
        assert find_evidence(f"{key}: {value}", eyes).exists
        for other in choices:
            if other != value:
                assert find_evidence(f"{key}: {other}", eyes).kind == "wrong", (key, other)


def test_a_list_in_one_citation_is_taken_apart(eyes: Eyes) -> None:
    found = find_all_evidence(["contrast, A1; brush strokes", "contrast, A1; brush strokes"], eyes)
    assert [evidence.kind for evidence in found] == ["fact", "region", "none"]
