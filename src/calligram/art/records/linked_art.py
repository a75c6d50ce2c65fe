"""Linked Art: each work as a ``HumanMadeObject``, a file for each in ``linked-art/``.

What a model proposed is left out until a person accepts it. The kind of work is stated, by its number in the
AAT, where the medium that was given says it, else it is a work of art.

Source: Linked Art model 1.0, https://linked.art/model/, https://linked.art/api/1.0/json-ld/.
"""

import re
from collections.abc import Iterator
from typing import Any

from calligram.art.record import Field, Record
from calligram.art.records._statements import certain, names_maker, stated_name
from calligram.art.records.base import Catalogue, json_bytes, media_type
from calligram.art.vocabulary import AAT, WORKS, aat, kind_of_work

CONTEXT = "https://linked.art/ns/v1/linked-art.json"
STATEMENTS = {
    "description": "description",
    "medium": "material statement",
    "dimensions": "dimensions statement",
    "culture": "culture statement",
    "period": "period statement",
    "credit": "credit statement",
    "rights": "rights statement",
}
"""Fields that become statements in words, and the term each is classified as."""
_YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d\d)(?!\d)")
_SHORT_SPAN = re.compile(r"(?<!\d)(1\d{3}|20\d\d)\s*[–/-]\s*(\d\d)(?!\d)")


def build(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Yield a file for each work and one for the set of them all."""
    for record in catalogue.records:
        yield f"linked-art/{record.id}.json", json_bytes(_object(catalogue, record))
    yield "linked-art/set.json", json_bytes(_set(catalogue))


def _set(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": _address(catalogue, "set"),
        "type": "Set",
        "_label": catalogue.title,
        "identified_by": [_name(catalogue.title)],
    }


def _object(catalogue: Catalogue, record: Record) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "id": _address(catalogue, record.id),
        "type": "HumanMadeObject",
        "_label": stated_name(record),
        "classified_as": _kind(record),
        "identified_by": list(_names(record)),
        "referred_to_by": list(_statements(record)),
        "produced_by": _production(record),
        "shows": [_visual_item(catalogue, record)],
        "representation": [_representation(catalogue, record)],
        "member_of": [{"id": _address(catalogue, "set"), "type": "Set", "_label": catalogue.title}],
    }
    return {name: value for name, value in told.items() if value}


def _address(catalogue: Catalogue, name: str) -> str:
    return catalogue.uri("linked-art", f"{name}.json")


def _kind(record: Record) -> list[dict[str, Any]]:
    kind = kind_of_work(record.fields.get("medium"))
    if kind is None:
        return [aat("artwork")]
    number, label = WORKS[kind]
    return [_type(AAT + number, label) | {"classified_as": [aat("type of work")]}]


def _type(address: str, label: str) -> dict[str, Any]:
    return {"id": address, "type": "Type", "_label": label}


def _names(record: Record) -> Iterator[dict[str, Any]]:
    yield _name(stated_name(record))
    if identifier := certain(record, "identifier"):
        yield {"type": "Identifier", "classified_as": [aat("accession number")], "content": identifier.text}


def _name(text: str) -> dict[str, Any]:
    return {"type": "Name", "classified_as": [aat("primary name")], "content": text}


def _statements(record: Record) -> Iterator[dict[str, Any]]:
    for name, term in STATEMENTS.items():
        if field := certain(record, name):
            yield _statement(term, field)
    described = record.fields.get("appearance") or record.fields.get("description")
    if described and described.standing == "measured":
        yield _statement("description", described)
    yield {
        "type": "LinguisticObject",
        "_label": "Use of AI",
        "classified_as": [aat("note") | {"classified_as": [aat("brief text")]}],
        "content": record.text("ai_disclosure"),
    }


def _statement(term: str, field: Field) -> dict[str, Any]:
    classes = [aat(term) | {"classified_as": [aat("brief text")]}]
    if field.uri and term == "material statement":
        classes.append(_type(field.uri, field.text))
    return {"type": "LinguisticObject", "classified_as": classes, "content": field.text}


def _production(record: Record) -> dict[str, Any]:
    """Return who made a work and when, which is only what was given or accepted."""
    told: dict[str, Any] = {"type": "Production"}
    creator = certain(record, "creator")
    if creator and names_maker(creator.text):
        told["carried_out_by"] = [
            {"type": "Actor", "_label": creator.text, "identified_by": [_name(creator.text)]}
        ]
    elif creator:
        told["referred_to_by"] = [_statement("production statement", creator)]
    if date := certain(record, "date"):
        told["timespan"] = _timespan(date.text)
    return told if len(told) > 1 else {}


def _timespan(date: str) -> dict[str, Any]:
    """Return a time span; bounds only where the date is years and nothing that softens them."""
    told: dict[str, Any] = {"type": "TimeSpan", "identified_by": [_name(date)]}
    years = [int(year) for year in _YEAR.findall(date)]
    if short := _SHORT_SPAN.search(date):
        years.append(int(short[1][:2] + short[2]))
    plain = re.fullmatch(r"\s*\d{4}(?:\s*[–/-]\s*\d{2,4})?\s*", date)
    if plain and years and min(years) <= max(years):
        told["begin_of_the_begin"] = f"{min(years)}-01-01T00:00:00Z"
        told["end_of_the_end"] = f"{max(years)}-12-31T23:59:59Z"
    return told


def _visual_item(catalogue: Catalogue, record: Record) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": f"{_address(catalogue, record.id)}#image",
        "type": "VisualItem",
        "_label": f"What {stated_name(record)} shows",
    }
    if subject := certain(record, "subject"):
        shown = {"id": subject.uri} if subject.uri else {}
        told["represents_instance_of_type"] = [{**shown, "type": "Type", "_label": subject.text}]
    known = [tag for tag in record.tags if tag.uri and tag.standing in ("given", "accepted")]
    if known:
        told["classified_as"] = [_type(tag.uri, tag.text) for tag in known]
    return told


def _representation(catalogue: Catalogue, record: Record) -> dict[str, Any]:
    digital = {
        "type": "DigitalObject",
        "_label": f"Digital image of {stated_name(record)}",
        "classified_as": [aat("digital image")],
        "format": media_type(record),
        "access_point": [{"id": catalogue.image_uri(record), "type": "DigitalObject"}],
        "dimension": [
            _dimension("width", record.facts["width_px"]),
            _dimension("height", record.facts["height_px"]),
        ],
    }
    return {
        "type": "VisualItem",
        "_label": f"Image of {stated_name(record)}",
        "digitally_shown_by": [digital],
    }


def _dimension(which: str, pixels: int) -> dict[str, Any]:
    unit = aat("pixels") | {"type": "MeasurementUnit"}
    return {"type": "Dimension", "classified_as": [aat(which)], "value": pixels, "unit": unit}
