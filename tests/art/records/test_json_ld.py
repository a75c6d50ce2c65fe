"""JSON-LD, expanded by an independent processor, its words compared with the vocabulary of schema.org."""

import json
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from tests.art.works import MADE_UP, NOBODY, accepted_work, catalogue, given_work, made_by, proposed_work

from calligram.art.records.json_ld import CONTEXT, build

jsonld = pytest.importorskip("pyld.jsonld", reason="needs PyLD, of the extra dev")

SCHEMA = "http://schema.org/"
PUBLISHED = {
    "@vocab": SCHEMA,
    "license": {"@type": "@id"},
    "thumbnailUrl": {"@type": "@id"},
    "contentUrl": {"@type": "@id"},
    "image": {"@type": "@id"},
    "isPartOf": {"@type": "@id"},
    "hasPart": {"@type": "@id"},
    "dateCreated": {"@type": "Date"},
}
"""The part of the published context that is used here: every word is one of the vocabulary, and values of
the named ones are addresses and dates. Source: https://schema.org/docs/jsonldcontext.json."""


def load(url: str, options: object = None) -> dict[str, Any]:
    assert url.rstrip("/") == CONTEXT.rstrip("/"), f"{url} is asked for"
    document = {"@context": PUBLISHED}
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": document,
    }


def document(*records: Any) -> dict[str, Any]:
    ((_, content),) = build(catalogue(*records))
    told: dict[str, Any] = json.loads(content)
    return told


def expanded(*records: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = jsonld.expand(document(*records), {"documentLoader": load})
    return found


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from dicts(each)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    yield from (each for each in dicts(value) if "@type" in each and "@value" not in each)


def properties(kind: str) -> set[str]:
    """Return what may be said of a kind of thing, from classes made of the vocabulary's own definition."""
    package = pytest.importorskip("pydantic2_schemaorg", reason="needs pydantic2-schemaorg, of the extra dev")
    found = getattr(import_module(f"{package.__name__}.{kind}"), kind)
    return {field.alias for field in found.__fields__.values()} | set(found.__fields__)


def test_every_kind_and_every_word_is_one_that_schema_org_defines_for_it() -> None:
    found = list(nodes(expanded()))
    kinds = {node["@type"][0].removeprefix(SCHEMA) for node in found}
    assert {"VisualArtwork", "ImageObject", "Person", "Collection", "DefinedTerm"} <= kinds
    for node in found:
        kind = node["@type"][0].removeprefix(SCHEMA)
        words = {word.removeprefix(SCHEMA) for word in node if not word.startswith("@")}
        assert words <= properties(kind), f"{kind} has {words - properties(kind)}"


def test_no_word_is_lost_in_expansion() -> None:
    told = Counter(word for node in dicts(document()["@graph"]) for word in node if word[0] != "@")
    kept = Counter(word for node in dicts(expanded()) for word in node if word[0] != "@")
    assert kept == Counter({f"{SCHEMA}{word}": count for word, count in told.items()})


def test_works_are_named_by_addresses_below_the_catalogue_and_belong_to_it() -> None:
    collection, *works = document()["@graph"]
    assert collection["@type"] == "Collection"
    assert [part["@id"] for part in collection["hasPart"]] == [work["@id"] for work in works]
    assert all(work["@id"].startswith("https://museum.example/catalogue/works/") for work in works)


def test_who_and_when_stand_only_where_they_were_given() -> None:
    _, boats, fog, _ = document()["@graph"]
    assert boats["creator"]["name"].startswith("Ann Example")
    assert "1615–17" in json.dumps(boats, ensure_ascii=False)
    assert not {"creator", "dateCreated", "temporal", "temporalCoverage", "creditText"} & fog.keys()


def test_what_is_only_proposed_is_left_out_until_it_is_accepted() -> None:
    told = json.dumps(document(given_work(), proposed_work()))
    assert not any(word in told for word in MADE_UP)
    assert MADE_UP[0] in json.dumps(document(accepted_work()))


def test_the_licence_is_an_address_and_the_image_tells_its_kind_and_size() -> None:
    _, boats, *_ = expanded()
    assert boats[f"{SCHEMA}license"] == [{"@id": "http://creativecommons.org/publicdomain/zero/1.0/"}]
    (image,) = boats[f"{SCHEMA}image"]
    assert image[f"{SCHEMA}encodingFormat"] == [{"@value": "image/jpeg"}]
    assert image[f"{SCHEMA}width"] == [{"@value": "640 px"}]


@pytest.mark.parametrize("creator", NOBODY)
def test_a_work_by_nobody_known_is_by_no_person_of_that_name(creator: str) -> None:
    _, work = document(made_by(creator))["@graph"]
    assert work["creator"] == creator


@pytest.mark.parametrize("creator", ["Ann Example (Flemish, 1577–1640)", "Rembrandt", "Ercole de' Roberti"])
def test_a_maker_who_is_named_outright_is_a_person(creator: str) -> None:
    _, work = document(made_by(creator))["@graph"]
    assert work["creator"] == {"@type": "Person", "name": creator}
