"""Tests of the renderers, every one of them and each alone."""

import io
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from calligram import registry
from calligram.picture import RAMPS, Layout, TextPicture, decode
from calligram.picture.saving import render


def picture_of(ramp: str, coloured: bool = False) -> TextPicture:
    layout = Layout("mine", columns=6, rows=4, ramp=ramp, markup="plain")
    generator = np.random.default_rng(0)
    levels = generator.integers(0, layout.level_count, (4, 6)).astype(np.uint8)
    colours = generator.integers(0, 256, (4, 6, 3)).astype(np.uint8) if coloured else None
    return TextPicture(levels, layout, colours=colours)


@pytest.mark.parametrize("name", registry.members("picture.renderers"))
@pytest.mark.parametrize("ramp", RAMPS)
@pytest.mark.parametrize("coloured", [False, True])
def test_every_renderer_shows_every_ramp_the_same_way_twice(name: str, ramp: str, coloured: bool) -> None:
    first = render(picture_of(ramp, coloured), name)
    assert first
    assert first == render(picture_of(ramp, coloured), name)


def test_a_png_is_the_painting_and_keeps_the_text() -> None:
    picture = picture_of("ascii70")
    image = Image.open(io.BytesIO(render(picture, "png")))
    assert np.array_equal(np.asarray(image), np.asarray(picture.image()))
    assert isinstance(image.info["Comment"], str)
    assert decode(image.info["Comment"], picture.layout) == picture


@pytest.mark.parametrize("ramp", RAMPS)
@pytest.mark.parametrize("coloured", [False, True])
def test_an_svg_is_sound_and_has_the_size_of_the_grid(ramp: str, coloured: bool) -> None:
    root = ElementTree.fromstring(render(picture_of(ramp, coloured), "svg"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("width") == "72"
    assert float(root.get("height", "0")) == pytest.approx(4 * 12 / 0.55, abs=0.01)


def test_an_svg_joins_neighbours_of_one_colour() -> None:
    layout = Layout("mine", columns=4)
    text = render(TextPicture(np.array([[2, 2, 2, 0], [0, 1, 2, 2]], np.uint8), layout), "svg").decode()
    found = re.findall(r'<rect x="(\d)" y="(\d)" width="(\d)" height="1" fill="(#\w+)"/>', text)
    assert found == [("0", "0", "3", "#ffffff"), ("1", "1", "1", "#808080"), ("2", "1", "2", "#ffffff")]


class Pre(HTMLParser):
    text = ""
    inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside = self.inside or tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        self.text += data if self.inside else ""


@pytest.mark.parametrize("ramp", RAMPS)
@pytest.mark.parametrize("coloured", [False, True])
def test_html_shows_exactly_the_symbols(ramp: str, coloured: bool) -> None:
    page = Pre()
    page.feed(render(picture_of(ramp, coloured), "html").decode())
    assert page.text + "\n" == picture_of(ramp).text


@pytest.mark.parametrize("kind", ["16", "256", "full"])
def test_terminal_colours_go_around_the_same_text(kind: str) -> None:
    from calligram.picture.terminal import terminal_text

    picture = picture_of("blocks", coloured=True)
    shown = terminal_text(picture, kind)
    assert re.sub(r"\x1b\[[\d;]+m", "", shown) == picture.text
    assert "\x1b[" in shown
    assert terminal_text(picture, "none") == picture.text


def test_each_terminal_colour_is_written_once_a_run() -> None:
    from calligram.picture.terminal import terminal_text

    colours = np.array([[[255, 0, 0], [255, 0, 0], [0, 0, 255]]], np.uint8)
    picture = TextPicture(np.array([[2, 2, 2]], np.uint8), Layout("mine", columns=3), colours=colours)
    assert terminal_text(picture, "full") == "\x1b[38;2;255;0;0m██\x1b[38;2;0;0;255m█\x1b[0m\n"
    assert terminal_text(picture, "256") == "\x1b[38;5;196m██\x1b[38;5;21m█\x1b[0m\n"
    assert terminal_text(picture, "16") == "\x1b[91m██\x1b[34m█\x1b[0m\n"


def test_the_text_a_model_reads_has_no_colour() -> None:
    assert b"\x1b" not in render(picture_of("blocks", coloured=True), "txt")
