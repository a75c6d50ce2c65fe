"""Linked Art, read by an independent JSON-LD processor with the published context."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.art.works import MADE_UP, NOBODY, accepted_work, catalogue, given_work, made_by, proposed_work

from calligram.art.records.linked_art import CONTEXT, build

jsonld = pytest.importorskip("pyld.jsonld", reason="needs PyLD, of the extra dev")


def published(name: str) -> Any:
    """Return a data file of cromulent, the Linked Art project's own library, which need not be imported."""
    spec = find_spec("cromulent")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("needs cromulent, of the extra dev")
    return json.loads((Path(spec.submodule_search_locations[0]) / "data" / name).read_text(encoding="utf-8"))


def load(url: str, options: object = None) -> dict[str, Any]:
    assert url == CONTEXT, f"{url} is asked for"
    document = published("linked-art.json")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": document,
    }


def documents() -> dict[str, dict[str, Any]]:
    return {path: json.loads(content) for path, content in build(catalogue())}


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(each)


@pytest.mark.parametrize("path", list(documents()))
def test_nothing_is_lost_when_the_published_context_expands_a_file(path: str) -> None:
    document = documents()[path]
    expanded = jsonld.expand(document, {"documentLoader": load})
    back = jsonld.compact(expanded, CONTEXT, {"documentLoader": load})
    assert back == document


def test_a_work_expands_to_the_classes_of_the_reference_model() -> None:
    work = documents()["linked-art/two-boats.json"]
    (expanded,) = jsonld.expand(work, {"documentLoader": load})
    crm = "http://www.cidoc-crm.org/cidoc-crm/"
    assert expanded["@type"] == [f"{crm}E22_Human-Made_Object"]
    assert expanded[f"{crm}P108i_was_produced_by"][0]["@type"] == [f"{crm}E12_Production"]
    assert f"{crm}P65_shows_visual_item" in expanded


def test_every_number_of_the_aat_is_the_term_that_the_project_publishes_for_it() -> None:
    terms = [*published("vocab_classes.json").values(), *published("vocab_instances.json").values()]
    labels: dict[str, set[str]] = {}
    for term in terms:
        labels.setdefault(term["id"], set()).update(term["label"].lower().split())
    given_by_owner = {"300178749"}
    used = {
        node["id"].rpartition("/")[2]: node["_label"]
        for document in documents().values()
        for node in nodes(document)
        if "/aat/" in node.get("id", "")
    }
    assert len(used) > 8
    for number, label in used.items():
        if number not in given_by_owner:
            assert {*label.lower().replace("dimensions", "dimension").split()} & labels[number], label


def test_a_kind_of_work_is_stated_where_the_medium_says_it_and_marked_as_one() -> None:
    boats, fog = (documents()[f"linked-art/{name}.json"] for name in ("two-boats", "fog"))
    painting = next(kind for kind in boats["classified_as"] if kind["id"].endswith("/300033618"))
    assert painting["classified_as"][0]["id"].endswith("/300435443")
    assert not any(kind["id"].endswith("/300033618") for kind in fog.get("classified_as", ()))


def test_who_and_when_stand_only_where_they_were_given() -> None:
    boats, fog = (documents()[f"linked-art/{name}.json"] for name in ("two-boats", "fog"))
    span = boats["produced_by"]["timespan"]
    assert boats["produced_by"]["carried_out_by"][0]["_label"].startswith("Ann Example")
    assert span["begin_of_the_begin"].startswith("1615-01-01")
    assert span["end_of_the_end"].startswith("1617-12-31")
    assert "produced_by" not in fog


def test_what_is_only_proposed_is_left_out_until_it_is_accepted() -> None:
    files = dict(build(catalogue(given_work(), proposed_work(), accepted_work())))
    assert not any(word.encode() in files["linked-art/fog.json"] for word in MADE_UP)
    assert MADE_UP[0].encode() in files["linked-art/fog-2.json"]


def test_every_file_tells_what_models_had_a_part_in() -> None:
    for path, document in documents().items():
        if not path.endswith("set.json"):
            told = [statement["content"] for statement in document["referred_to_by"]]
            assert any("model" in text or "Proposed by" in text for text in told)


@pytest.mark.parametrize("creator", NOBODY)
def test_a_work_by_nobody_known_was_made_by_no_actor_of_that_name(creator: str) -> None:
    work = made_by(creator)
    told = json.loads(dict(build(catalogue(work)))[f"linked-art/{work.id}.json"])["produced_by"]
    assert "carried_out_by" not in told
    assert [statement["content"] for statement in told["referred_to_by"]] == [creator]
