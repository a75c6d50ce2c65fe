"""The catalogue as Dublin Core."""

from dataclasses import replace
from xml.etree import ElementTree

from tests.art.works import MADE_UP, catalogue, given_work, proposed_work

from calligram.art.records.dublin_core import build

DC = "{http://purl.org/dc/elements/1.1/}"
ELEMENTS = [
    "contributor",
    "coverage",
    "creator",
    "date",
    "description",
    "format",
    "identifier",
    "language",
    "publisher",
    "relation",
    "rights",
    "source",
    "subject",
    "title",
    "type",
]


def works(content: bytes) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(content))


def texts(work: ElementTree.Element, name: str) -> list[str | None]:
    return [element.text for element in work.findall(DC + name)]


def test_every_element_is_one_of_the_fifteen_and_holds_a_text() -> None:
    ((_, content),) = build(catalogue())
    for work in works(content):
        assert work.tag == "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
        for element in work:
            assert element.tag.removeprefix(DC) in ELEMENTS
            assert element.text
            assert element.text.strip()


def test_what_is_given_is_told_and_what_is_only_proposed_is_not() -> None:
    ((_, content),) = build(catalogue(given_work(), proposed_work()))
    boats, fog = works(content)
    assert texts(boats, "creator") == ["Ann Example (Flemish, 1577–1640)"]
    assert texts(boats, "title") == ["Two Boats, “at rest” & <moored>"]
    assert not texts(fog, "creator")
    assert not {*MADE_UP} & {*texts(fog, "title"), *texts(fog, "subject")}


def test_control_characters_do_not_break_the_file() -> None:
    work = given_work()
    title = replace(work["title"], value="Boats\x00\x0b\uffff at rest")
    ((_, content),) = build(catalogue(replace(work, fields={**work.fields, "title": title})))
    assert texts(works(content)[0], "title") == ["Boats at rest"]
