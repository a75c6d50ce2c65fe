"""Controlled words: kinds of work, rights, and an owner's own terms."""

from pathlib import Path

import pytest

from calligram.art.record import Field
from calligram.art.vocabulary import Vocabulary, kind_of_work, rights_uri
from calligram.errors import FormatError, InputError


def given(value: str) -> Field:
    return Field(value, "given", "records.csv")


@pytest.mark.parametrize(
    ("medium", "kind"),
    [
        ("Oil on canvas", "painting"),
        ("Watercolour on paper", "painting"),
        ("Etching", "print"),
        ("Black chalk on paper", "drawing"),
        ("Albumen silver print", None),
        ("Bronze", None),
    ],
)
def test_the_kind_of_work_follows_from_the_medium_where_that_leaves_no_doubt(
    medium: str, kind: str | None
) -> None:
    assert kind_of_work(given(medium)) == kind


def test_no_kind_follows_from_a_medium_that_a_model_proposed() -> None:
    assert kind_of_work(Field("Oil on canvas", "proposed", "builtin:writer")) is None
    assert kind_of_work(None) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("CC0-1.0 (public domain image)", "http://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC BY-NC-SA 4.0", "http://creativecommons.org/licenses/by-nc-sa/4.0/"),
        ("cc-by 3.0", "http://creativecommons.org/licenses/by/3.0/"),
        ("Public Domain", "http://creativecommons.org/publicdomain/mark/1.0/"),
        ("All rights reserved", "http://rightsstatements.org/vocab/InC/1.0/"),
        (
            "See https://creativecommons.org/licenses/by/4.0/.",
            "http://creativecommons.org/licenses/by/4.0/",
        ),
        ("© Ann Example", ""),
        ("", ""),
    ],
)
def test_rights_in_words_become_the_address_of_the_statement_that_they_name(text: str, address: str) -> None:
    assert rights_uri(text) == address


@pytest.mark.parametrize(
    "content",
    [
        "id,label\n300178749,boats\naat:300014078,canvas\n",
        '{"id": 300178749, "label": "Boats"}\n'
        '{"id": "http://vocab.getty.edu/aat/300014078", "label": "canvas"}\n',
    ],
)
def test_terms_of_the_owner_are_found_by_their_labels_in_one_or_many(tmp_path: Path, content: str) -> None:
    (tmp_path / "terms").write_text(content, encoding="utf-8")
    vocabulary = Vocabulary(tmp_path / "terms")
    assert len(vocabulary) == 2
    assert vocabulary.known("tags", given("boat")).uri == "http://vocab.getty.edu/aat/300178749"
    assert vocabulary.known("medium", given("Canvas")).uri == "http://vocab.getty.edu/aat/300014078"
    assert vocabulary.known("title", given("boats")).uri == ""
    assert vocabulary.known("tags", given("harbour")).uri == ""


def test_without_terms_only_rights_are_known() -> None:
    vocabulary = Vocabulary()
    assert vocabulary.known("tags", given("boats")).uri == ""
    assert vocabulary.known("rights", given("CC0")).uri == "http://creativecommons.org/publicdomain/zero/1.0/"


@pytest.mark.parametrize(("content", "told"), [("name\nboats\n", "holds no term"), ('{"id": \n', "line 1")])
def test_terms_that_cannot_be_used_are_refused_in_a_sentence(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "terms.csv").write_text(content, encoding="utf-8")
    with pytest.raises(FormatError, match=told):
        Vocabulary(tmp_path / "terms.csv")


def test_terms_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv"):
        Vocabulary(tmp_path / "none.csv")
