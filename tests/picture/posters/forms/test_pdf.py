"""PDF: an independent reader shows what the PNG shows, and reads the text."""

import numpy as np
import pytest
from PIL import Image
from tests.picture.posters.conftest import MakePoster

from calligram.picture.posters.forms.pdf import CODES
from calligram.picture.posters.pixels import paint
from calligram.picture.posters.poster import Poster

pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 reads PDF files here, and is not installed")


def shown(made: Poster, content: bytes) -> np.ndarray:
    """Return what a reader shows, drawn four times as large, since it puts letters on whole pixels."""
    with pdfium.PdfDocument(content) as document:
        image = document[0].render(scale=4 * made.sheet.dpi / 72).to_pil().convert("RGB")
    assert image.width == pytest.approx(4 * made.sheet.width, abs=4)
    assert image.height == pytest.approx(4 * made.sheet.height, abs=4)
    size = (made.sheet.width, made.sheet.height)
    return np.asarray(image.resize(size, Image.Resampling.BOX)).astype(int)


@pytest.mark.parametrize("more", [{}, {"charset": "shades"}, {"words": "sea and sky"}, {"colour": "none"}])
def test_a_reader_shows_what_the_png_shows(small: MakePoster, more: dict[str, str]) -> None:
    made = small(title="Sea", columns=40, dpi=150, frame="line", **more)
    seen, ours = shown(made, made.render("pdf")), paint(made).astype(int)
    apart = np.abs(seen - ours)
    assert apart.mean() < 4
    assert np.abs(np.roll(seen, 3, axis=1) - ours).mean() > 2 * apart.mean()
    assert np.abs(np.roll(seen, 3, axis=0) - ours).mean() > 2 * apart.mean()


def test_its_text_is_read_as_it_stands(small: MakePoster) -> None:
    made = small(words="the sea and the sky", title="Mer et ciel, à l’été")
    with pdfium.PdfDocument(made.render("pdf")) as document:
        text = document[0].get_textpage().get_text_range()
        assert document.get_metadata_dict()["Title"] == "Mer et ciel, à l’été"
    lines = [line.rstrip() for line in text.replace("\r", "").split("\n") if line.strip()]
    letters = ["".join(line.split()) for line in [*made.picture.lines(), "Mer et ciel, à l’été"]]
    assert ["".join(line.split()) for line in lines] == [line for line in letters if line]


def test_it_is_as_large_as_its_sheet(small: MakePoster) -> None:
    with pdfium.PdfDocument(small(size="50x70cm", dpi=36).render("pdf")) as document:
        assert sorted(document[0].get_size()) == pytest.approx([1417.3, 1984.3], abs=1.5)


def test_more_characters_than_a_font_holds_are_dealt_out(small: MakePoster) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (160, 160, 3)).astype(np.uint8)
    # 160 letters in three weights are more than a font of one byte has codes for
    words = "".join(map(chr, range(0xC0, 0x160)))
    made = small(noise, words=words, columns=70, dpi=200, colour="none", paper="white")
    assert len(np.unique(made.picture.numbers)) > CODES
    content = made.render("pdf")
    assert content.count(b"/Type3") == 2
    assert np.abs(shown(made, content) - paint(made)).mean() < 4
