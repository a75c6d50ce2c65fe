"""Outlines: those that come along are those of the fonts that come along, as fontTools reads them."""

from pathlib import Path

import pytest

from calligram.errors import MissingExtraError, OptionError
from calligram.picture.posters.faces import SHIPPED, Face, open_faces, shipped_face
from calligram.picture.posters.making import make_poster
from calligram.picture.posters.options import PosterOptions
from calligram.picture.posters.outlines import read_outlines

pytest.importorskip("fontTools", reason="fonttools reads fonts here, and is not installed")


@pytest.mark.parametrize("weight", SHIPPED)
def test_the_files_beside_the_fonts_hold_their_outlines(weight: str) -> None:
    face = shipped_face(weight)
    assert read_outlines(face.content, weight) == face.outlines(())


def test_a_font_of_ones_own_becomes_outlines(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttf"
    path.write_bytes(shipped_face("medium").content)
    (face,) = open_faces(str(path))
    assert face.outlines("Ab").glyphs == {
        key: shipped_face("medium").outlines(()).glyphs[key] for key in "Ab"
    }


def test_a_font_of_cubic_curves_is_read(tmp_path: Path) -> None:
    content = cubic_font()
    path = read_outlines(content, "cubic.otf").glyphs["o"][1]
    assert path == "M100 0C100 0 400 0 400 300L100 300Z"
    (tmp_path / "cubic.otf").write_bytes(content)
    options = PosterOptions(font=str(tmp_path / "cubic.otf"), charset="o", columns=6, dpi=30)
    assert b"C" in make_poster(b"P2 2 1 9 0 9 ", options).render("svg").split(b"<path")[1]


def cubic_font() -> bytes:
    """Return a font of PostScript outlines with one letter."""
    import io

    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "o"])
    builder.setupCharacterMap({ord("o"): "o"})
    pen = T2CharStringPen(500, None)
    pen.moveTo((100, 0))
    pen.curveTo((100, 0), (400, 0), (400, 300))
    pen.lineTo((100, 300))
    pen.closePath()
    empty = T2CharStringPen(500, None)
    builder.setupCFF("Cubic", {}, {".notdef": empty.getCharString(), "o": pen.getCharString()}, {})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "o": (500, 100)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Cubic", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    content = io.BytesIO()
    builder.save(content)
    return content.getvalue()


def test_damage_is_told() -> None:
    with pytest.raises(OptionError, match="has no outlines that can be read"):
        read_outlines(b"OTTO nothing", "torn.otf")


def test_without_fonttools_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "fontTools.ttLib", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'calligram\[posters\]'"):
        Face("mine.ttf", shipped_face("bold").content).outlines("A")
