"""The page of a catalogue, read with the parser of the standard library."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.art.works import catalogue, given_work, proposed_work

from calligram.art.records.html import build

VOID = {"meta", "img", "input", "br", "link", "hr"}


class Page(HTMLParser):
    """Notes what stands on a page; complains of elements that are closed in the wrong order."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(content.decode())
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def page() -> Page:
    ((path, content),) = build(catalogue())
    assert path == "index.html"
    return Page(content)


def test_each_work_has_a_picture_with_words_for_those_who_do_not_see_it(page: Page) -> None:
    assert len(page.named("article")) == 3
    assert [image["src"] for image in page.named("img")] == [
        "thumbnails/two-boats.jpg",
        "thumbnails/fog.jpg",
        "thumbnails/fog-2.jpg",
    ]
    assert all(image["alt"] for image in page.named("img"))


def test_the_palette_shows_each_colour_as_wide_as_its_share(page: Page) -> None:
    bars = [span["style"] or "" for span in page.named("span") if "background:" in (span.get("style") or "")]
    assert "flex:0.7000;background:#4a3524" in bars[0]
    assert "flex:0.3000;background:#d9c49a" in bars[1]


def test_standings_disagreements_and_what_was_left_out_are_told(page: Page) -> None:
    text = " ".join(page.texts)
    assert "given: records.csv" in text
    assert "accepted by Ann on 2026-11-27" in text
    assert "proposed by builtin:writer" in text
    assert "XMP data says: A ship." in text
    assert "only a given source may say it" in text


def test_the_page_asks_nothing_of_the_network(page: Page) -> None:
    loaded = [
        attributes.get("src") or attributes.get("href") or ""
        for tag, attributes in page.elements
        if tag in ("img", "script", "link", "iframe")
    ]
    assert not any(address.startswith(("http", "//")) for address in loaded)


def test_words_that_look_like_markup_stay_words() -> None:
    work = given_work()
    bad = '"><script>alert(1)</script><!-- works -->'
    fields = {
        **work.fields,
        "title": replace(work["title"], value=bad),
        "credit": replace(work["credit"], value=bad),
    }
    told = catalogue(replace(work, fields=fields, tags=(replace(work.tags[0], value=bad),)), proposed_work())
    ((_, content),) = build(told)
    assert len(Page(content).named("script")) == 1
    assert len(Page(content).named("article")) == 2


def test_both_light_and_dark_screens_are_thought_of(page: Page) -> None:
    assert {"name": "color-scheme", "content": "light dark"} in page.named("meta")
