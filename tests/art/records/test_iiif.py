"""IIIF Presentation 3, held against the specification and against models made of the published schema."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.art.works import DISCLOSED, catalogue

from calligram.art.records.iiif import build

LABELLED = ("Collection", "Manifest")
MEMBERS = {
    "Collection": {"Collection", "Manifest"},
    "Manifest": {"Canvas"},
    "Canvas": {"AnnotationPage"},
    "AnnotationPage": {"Annotation"},
}
"""What ``items`` of each kind may hold. Source: IIIF Presentation API 3.0, 5.1 to 5.5."""
LANGUAGE_MAPS = ("label", "value", "summary")


def files() -> dict[str, Any]:
    return {path: json.loads(content) for path, content in build(catalogue())}


def manifests() -> dict[str, Any]:
    return {path: told for path, told in files().items() if told["type"] == "Manifest"}


def resources(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from resources(each)


@pytest.mark.parametrize("path", list(files()))
def test_the_context_comes_first_and_every_resource_has_an_address_of_its_own(path: str) -> None:
    told = files()[path]
    assert next(iter(told)) == "@context"
    assert told["@context"] == "http://iiif.io/api/presentation/3/context.json"
    typed = [resource for resource in resources(told) if "type" in resource]
    assert all(resource["id"].startswith("https://museum.example/catalogue/") for resource in typed)
    parts = [resource["id"] for resource in typed if resource["type"] not in ("Image", *LABELLED)]
    assert len(set(parts)) == len(parts)


@pytest.mark.parametrize("path", list(files()))
def test_items_hold_what_the_specification_lets_them_hold(path: str) -> None:
    for resource in resources(files()[path]):
        if "items" in resource:
            assert {item["type"] for item in resource["items"]} <= MEMBERS[resource["type"]]
        if resource.get("type") in LABELLED and "partOf" in resource:
            assert resource["label"]


@pytest.mark.parametrize("path", list(files()))
def test_words_for_people_stand_by_language_in_lists(path: str) -> None:
    told = [
        resource[name] for resource in resources(files()[path]) for name in LANGUAGE_MAPS if name in resource
    ]
    assert told
    for texts in told:
        assert set(texts) == {"en"}
        assert all(isinstance(text, str) and text for text in texts["en"])


@pytest.mark.parametrize("path", list(manifests()))
def test_a_canvas_has_the_size_of_the_image_that_is_painted_on_it(path: str) -> None:
    (canvas,) = manifests()[path]["items"]
    ((annotation,),) = (page["items"] for page in canvas["items"])
    assert annotation["motivation"] == "painting"
    assert annotation["target"] == canvas["id"]
    assert (canvas["width"], canvas["height"]) == (640, 400)
    assert (annotation["body"]["width"], annotation["body"]["height"]) == (640, 400)
    assert annotation["body"]["format"] in ("image/jpeg", "image/png")


def test_rights_are_an_address_that_the_specification_allows_or_missing() -> None:
    boats, fog = (manifests()[f"iiif/{name}.json"] for name in ("two-boats", "fog"))
    assert boats["rights"] == "http://creativecommons.org/publicdomain/zero/1.0/"
    assert "rights" not in fog


def test_what_models_had_a_part_in_is_the_statement_that_has_to_be_shown() -> None:
    assert manifests()["iiif/fog.json"]["requiredStatement"]["value"] == {"en": [DISCLOSED]}


def test_every_field_is_told_with_how_it_is_known() -> None:
    metadata = manifests()["iiif/two-boats.json"]["metadata"]
    told = {pair["label"]["en"][0]: pair["value"]["en"] for pair in metadata}
    assert told["Creator"] == ["Ann Example (Flemish, 1577–1640) [given: records.csv]"]
    assert told["Tags"] == ["boats [given: records.csv]", "dark brown [measured]"]


def test_a_thumbnail_keeps_the_shape_of_the_image() -> None:
    (thumbnail,) = manifests()["iiif/two-boats.json"]["thumbnail"]
    assert thumbnail["width"] / thumbnail["height"] == pytest.approx(640 / 400, rel=0.01)


def test_the_collection_refers_to_each_manifest() -> None:
    collection = files()["iiif/collection.json"]
    assert {item["id"] for item in collection["items"]} == {told["id"] for told in manifests().values()}


@pytest.mark.parametrize("path", list(files()))
def test_models_made_of_the_published_schema_take_it(path: str) -> None:
    prezi = pytest.importorskip(
        "iiif_prezi3", reason="wants an older Pillow than ours: pip install --no-deps iiif-prezi3"
    )
    told = files()[path]
    made = getattr(prezi, told["type"])(**told)
    assert json.loads(made.json())["id"] == told["id"]
