"""JSON-LD: each work as a ``VisualArtwork`` of schema.org, all in one graph, as ``catalogue.jsonld``.

What a model proposed is left out until a person accepts it; ``creativeWorkStatus`` says what waits. Measured
values are ``PropertyValue`` items of the image.

Source: https://schema.org/VisualArtwork, release 29.
"""

import re
from collections.abc import Iterator
from typing import Any

from calligram.art.record import LABELS, Field, Record
from calligram.art.records._statements import certain, names_maker, standing_of, stated_name
from calligram.art.records.base import Catalogue, json_bytes, media_type
from calligram.art.vocabulary import kind_of_work

CONTEXT = "https://schema.org"
PLAIN = {"title": "name", "medium": "artMedium", "credit": "creditText"}
"""Fields that are plain texts in schema.org."""
ISO_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def build(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Yield one file with a collection and its works."""
    works = [_work(catalogue, record) for record in catalogue.records]
    collection = {
        "@type": "Collection",
        "@id": catalogue.uri(),
        "name": catalogue.title,
        "hasPart": [{"@id": work["@id"]} for work in works],
    }
    yield "catalogue.jsonld", json_bytes({"@context": CONTEXT, "@graph": [collection, *works]})


def _work(catalogue: Catalogue, record: Record) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@type": "VisualArtwork",
        "@id": catalogue.uri("works", record.id),
        "name": stated_name(record),
        "image": _image(catalogue, record),
        "thumbnailUrl": catalogue.thumbnail_uri(record),
        "description": _description(record),
        "creativeWorkStatus": record.text("ai_disclosure"),
        "isPartOf": {"@id": catalogue.uri()},
    }
    told |= {name: field.text for key, name in PLAIN.items() if (field := certain(record, key))}
    if creator := certain(record, "creator"):
        text = creator.text
        told["creator"] = {"@type": "Person", "name": text} if names_maker(text) else text
    if kind := kind_of_work(record.fields.get("medium")):
        told["artform"] = kind.capitalize()
    told |= dict(_others(record))
    return {name: value for name, value in told.items() if value}


def _description(record: Record) -> str:
    """Return a description that somebody stands for, or what is measured."""
    field = record.fields.get("description")
    if field and field.standing == "proposed":
        field = record.fields.get("appearance")
    return field.text if field else ""


def _others(record: Record) -> Iterator[tuple[str, Any]]:
    if (rights := certain(record, "rights")) and rights.uri:
        yield "license", rights.uri
    if rights:
        yield "copyrightNotice", rights.text
    if subject := certain(record, "subject"):
        yield "about", {"@type": "Thing", "name": subject.text}
    if identifier := certain(record, "identifier"):
        yield "identifier", identifier.text
    if dimensions := certain(record, "dimensions"):
        yield "size", dimensions.text
    if period := certain(record, "period"):
        yield "temporalCoverage", period.text
    if date := certain(record, "date"):
        yield "dateCreated" if ISO_DATE.fullmatch(date.text) else "temporal", date.text
    words = [tag for tag in record.tags if tag.standing != "proposed"]
    if culture := certain(record, "culture"):
        words.append(culture)
    yield "keywords", [_keyword(word) for word in words]


def _keyword(tag: Field) -> Any:
    """Return a tag as a text, or as a defined term where it has an address."""
    return {"@type": "DefinedTerm", "@id": tag.uri, "name": tag.text} if tag.uri else tag.text


def _image(catalogue: Catalogue, record: Record) -> dict[str, Any]:
    return {
        "@type": "ImageObject",
        "contentUrl": catalogue.image_uri(record),
        "encodingFormat": media_type(record),
        "width": f"{record.facts['width_px']} px",
        "height": f"{record.facts['height_px']} px",
        "exifData": list(_measured(record)),
    }


def _measured(record: Record) -> Iterator[dict[str, str]]:
    for name in ("orientation", "colours"):
        if name in record:
            yield {
                "@type": "PropertyValue",
                "name": LABELS[name],
                "value": record.text(name),
                "description": standing_of(record[name]),
            }
