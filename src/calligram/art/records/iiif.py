"""IIIF Presentation 3: a manifest for each work in ``iiif/``, and a collection of them all.

Each manifest has one canvas of the image's size, on which the image is painted. Every field is told with its
standing, and what models had a part in is the statement that a viewer has to show.

Source: IIIF Presentation API 3.0, https://iiif.io/api/presentation/3.0/.
"""

from collections.abc import Iterator
from typing import Any

from calligram.art.record import LABELS, Record
from calligram.art.record_survey import THUMBNAIL_PX
from calligram.art.records._statements import certain, standing_of, stated_name
from calligram.art.records.base import Catalogue, json_bytes, media_type

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
APART = ("title", "description", "ai_disclosure")
"""Fields that have a place of their own in a manifest."""
RIGHTS = ("http://creativecommons.org/", "http://rightsstatements.org/")
"""What addresses of rights begin with, as the specification allows them."""


def build(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Yield a manifest for each work, and the collection."""
    for record in catalogue.records:
        yield f"iiif/{record.id}.json", json_bytes(_manifest(catalogue, record))
    yield "iiif/collection.json", json_bytes(_collection(catalogue))


def _collection(catalogue: Catalogue) -> dict[str, Any]:
    items = [
        {
            "id": _address(catalogue, record),
            "type": "Manifest",
            "label": _english(stated_name(record)),
            "thumbnail": [_thumbnail(catalogue, record)],
        }
        for record in catalogue.records
    ]
    return {
        "@context": CONTEXT,
        "id": catalogue.uri("iiif", "collection.json"),
        "type": "Collection",
        "label": _english(catalogue.title),
        "items": items,
    }


def _manifest(catalogue: Catalogue, record: Record) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "id": _address(catalogue, record),
        "type": "Manifest",
        "label": _english(stated_name(record)),
        "metadata": list(_metadata(record)),
        "requiredStatement": _pair(LABELS["ai_disclosure"], record.text("ai_disclosure") or "not known"),
        "thumbnail": [_thumbnail(catalogue, record)],
        "partOf": [{"id": catalogue.uri("iiif", "collection.json"), "type": "Collection"}],
        "items": [_canvas(catalogue, record)],
    }
    if "description" in record:
        told["summary"] = _english(f"{record.text('description')} [{standing_of(record['description'])}]")
    rights = certain(record, "rights")
    if rights and rights.uri.startswith(RIGHTS):
        told["rights"] = rights.uri
    return told


def _metadata(record: Record) -> Iterator[dict[str, Any]]:
    for name, field in record.ordered():
        if name not in APART:
            yield _pair(LABELS[name], f"{field.text} [{standing_of(field)}]")
    if record.tags:
        texts = [f"{tag.text} [{standing_of(tag)}]" for tag in record.tags]
        yield {"label": _english("Tags"), "value": _english(*texts)}


def _canvas(catalogue: Catalogue, record: Record) -> dict[str, Any]:
    width, height = record.facts["width_px"], record.facts["height_px"]
    canvas = f"{_address(catalogue, record)}/canvas"
    body = {
        "id": catalogue.image_uri(record),
        "type": "Image",
        "format": media_type(record),
        "width": width,
        "height": height,
    }
    painting = {
        "id": f"{canvas}/page/image",
        "type": "Annotation",
        "motivation": "painting",
        "body": body,
        "target": canvas,
    }
    page = {"id": f"{canvas}/page", "type": "AnnotationPage", "items": [painting]}
    label = _english(stated_name(record))
    return {"id": canvas, "type": "Canvas", "label": label, "width": width, "height": height, "items": [page]}


def _thumbnail(catalogue: Catalogue, record: Record) -> dict[str, Any]:
    width, height = record.facts["width_px"], record.facts["height_px"]
    scale = min(1.0, THUMBNAIL_PX / max(width, height))
    return {
        "id": catalogue.thumbnail_uri(record),
        "type": "Image",
        "format": "image/jpeg",
        "width": max(1, round(width * scale)),
        "height": max(1, round(height * scale)),
    }


def _address(catalogue: Catalogue, record: Record) -> str:
    return catalogue.uri("iiif", f"{record.id}.json")


def _pair(label: str, value: str) -> dict[str, Any]:
    return {"label": _english(label), "value": _english(value)}


def _english(*texts: str) -> dict[str, list[str]]:
    """Return texts as the specification wants them, by language."""
    return {"en": list(texts)}
