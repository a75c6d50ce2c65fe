"""Dublin Core: a plain ``oai_dc`` record for each work, all in ``dublin-core.xml``.

Only what is given, accepted or measured is told. Source: Dublin Core Metadata Element Set 1.1; OAI-PMH 2.0.
"""

from collections.abc import Iterator
from xml.etree import ElementTree

from calligram.art.record import Record
from calligram.art.records._statements import certain, stated_name
from calligram.art.records.base import Catalogue, media_type

DC = "http://purl.org/dc/elements/1.1/"
OAI = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SAME = ("title", "creator", "date", "rights", "identifier")
OTHERS = {
    "medium": "format",
    "dimensions": "format",
    "subject": "subject",
    "culture": "coverage",
    "period": "coverage",
}


def build(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Yield one file."""
    ElementTree.register_namespace("dc", DC)
    ElementTree.register_namespace("oai_dc", OAI)
    root = ElementTree.Element("records")
    for record in catalogue.records:
        work = ElementTree.SubElement(root, f"{{{OAI}}}dc")
        for name, text in _elements(catalogue, record):
            ElementTree.SubElement(work, f"{{{DC}}}{name}").text = _clean(text)
    ElementTree.indent(root)
    yield "dublin-core.xml", ElementTree.tostring(root, "utf-8", xml_declaration=True) + b"\n"


def _elements(catalogue: Catalogue, record: Record) -> Iterator[tuple[str, str]]:
    if not certain(record, "title"):
        yield "title", stated_name(record)
    for name in SAME:
        if field := certain(record, name):
            yield name, field.text
    for name, element in OTHERS.items():
        if field := certain(record, name):
            yield element, field.text
    yield from (("subject", tag.text) for tag in record.tags if tag.standing != "proposed")
    for name in ("description", "appearance"):
        if name in record and record[name].standing != "proposed":
            yield "description", record.text(name)
    yield "description", record.text("ai_disclosure")
    yield "format", media_type(record)
    yield "type", "StillImage"
    yield "identifier", catalogue.uri("works", record.id)


def _clean(text: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return "".join(mark for mark in text if mark in "\t\n" or (mark >= " " and mark not in "\ufffe\uffff"))
