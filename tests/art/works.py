"""Records of works as they come about, for tests of what is made of them."""

from dataclasses import replace
from typing import Any

from calligram.art.record import Field, Record, Rival
from calligram.art.records.base import Catalogue

FACTS: dict[str, Any] = {"width_px": 640, "height_px": 400, "format": "JPEG"}
COLOURS = [
    {"name": "dark brown", "hex": "#4a3524", "share": 0.7},
    {"name": "sand", "hex": "#d9c49a", "share": 0.3},
]
DISCLOSED = "Proposed by builtin:writer, and not yet accepted by a person: title, 1 tag."
MADE_UP = ("Harbour in Fog", "ferry")
"""What a model proposed and nobody accepted: the title and a tag of :func:`proposed_work`."""

NOBODY = (
    "Follower of Ann Example (Flemish, 1577–1640)",
    "Attributed to Ann Example",
    "Example Workshop",
    "After Ann Example",
    "Ann Example or Bo Example",
    "Artist unknown (French, 19th century)",
    "Northern Italian; possibly Verona",
    "Flemish",
)
"""Words for creators that name no one person who made a work."""


def measured(value: Any) -> Field:
    return Field(value, "measured", "measured on the image")


def given(value: str, uri: str = "") -> Field:
    return Field(value, "given", "records.csv", uri=uri)


def given_work() -> Record:
    """Return a work of which its owner says much."""
    fields = {
        "title": given("Two Boats, “at rest” & <moored>"),
        "creator": given("Ann Example (Flemish, 1577–1640)"),
        "culture": given("Flemish"),
        "date": given("1615–17"),
        "medium": given("Oil on panel"),
        "dimensions": given("73 × 92 cm"),
        "image_size": measured("640 x 400 pixels"),
        "orientation": measured("landscape"),
        "colours": measured(COLOURS),
        "subject": given("boats", "http://vocab.getty.edu/aat/300178749"),
        "period": given("baroque"),
        "description": replace(given("Two boats lie in a harbour."), rivals=(Rival("A ship.", "XMP data"),)),
        "appearance": measured("A picture in landscape format, dark on the whole."),
        "identifier": given("1933.12"),
        "credit": given("Gift of a friend"),
        "rights": given("CC0-1.0", "http://creativecommons.org/publicdomain/zero/1.0/"),
        "ai_disclosure": measured("No part of this record was proposed by a model."),
    }
    tags = (given("boats", "http://vocab.getty.edu/aat/300178749"), measured("dark brown"))
    return Record("paintings/two-boats.jpg", "two-boats", fields, tags, FACTS)


def made_by(creator: str) -> Record:
    """Return the given work with other words for its creator."""
    work = given_work()
    return replace(work, fields={**work.fields, "creator": given(creator)})


def proposed_work() -> Record:
    """Return a work of which nothing is given, and a model proposed title and tag."""
    fields = {
        "title": Field(MADE_UP[0], "proposed", "builtin:writer", seed=7),
        "image_size": measured("640 x 400 pixels"),
        "orientation": measured("landscape"),
        "colours": measured(COLOURS),
        "description": measured("A picture in landscape format, dark on the whole."),
        "ai_disclosure": measured(DISCLOSED),
    }
    tags = (Field(MADE_UP[1], "proposed", "builtin:writer", confidence=0.5, seed=7), measured("sand"))
    notes = ("the date by builtin:writer was left out, since only a given source may say it: '1642'",)
    return Record("paintings/fog.png", "fog", fields, tags, FACTS | {"format": "PNG"}, notes)


def accepted_work() -> Record:
    """Return the proposed work as a person accepted it."""
    work = proposed_work()
    title = work["title"].accepted("Ann", "2026-11-27T10:00:00+00:00")
    return replace(work, id="fog-2", file="fog-2.png", fields={**work.fields, "title": title})


def catalogue(*records: Record) -> Catalogue:
    """Return a catalogue of some records; of all three where none is named."""
    told = records or (given_work(), proposed_work(), accepted_work())
    return Catalogue("A small museum", "https://museum.example/catalogue/", told)
