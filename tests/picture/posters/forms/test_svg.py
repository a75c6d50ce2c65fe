"""SVG: a browser shows what the PNG shows, and every cell stands once, in its place."""

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from tests.picture.posters.conftest import MakePoster

from calligram.picture.posters.pixels import paint
from calligram.picture.posters.poster import Poster

SVG = "{http://www.w3.org/2000/svg}"
BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)


def screenshot(made: Poster, folder: Path) -> np.ndarray:
    """Return what a browser shows of an SVG, a pixel for each unit."""
    sheet = made.sheet
    page = "<style>body{margin:0}img{display:block;width:%dpx;height:%dpx}</style><img src=poster.svg>"
    (folder / "poster.svg").write_bytes(made.render("svg"))
    (folder / "page.html").write_text(page % (sheet.width, sheet.height), encoding="utf-8")
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
    ]
    flags += [f"--user-data-dir={folder / 'profile'}", f"--window-size={sheet.width},{sheet.height}"]
    subprocess.run(
        [BROWSER, *flags, f"--screenshot={folder / 'shot.png'}", (folder / "page.html").as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with Image.open(folder / "shot.png") as shot:
        return np.asarray(shot.convert("RGB"))[: sheet.height, : sheet.width].astype(int)


@pytest.mark.skipif(not BROWSER, reason="no chromium is installed, which this test looks with")
def test_a_browser_shows_what_the_png_shows(small: MakePoster, tmp_path: Path) -> None:
    made = small(title="Sea & <Sky>", byline="Nobody", columns=40, dpi=150, frame="line")
    shown, ours = screenshot(made, tmp_path), paint(made).astype(int)
    assert shown.shape == ours.shape
    apart = np.abs(shown - ours)
    assert apart.mean() < 2.5
    # a cell to the left or to the right is far worse than that
    assert np.abs(np.roll(shown, 3, axis=1) - ours).mean() > 3 * apart.mean()
    assert np.abs(np.roll(shown, 3, axis=0) - ours).mean() > 3 * apart.mean()


def test_every_inked_cell_stands_once_in_its_place_and_ink(small: MakePoster) -> None:
    made = small(title="Sea")
    root = ElementTree.fromstring(made.render("svg"))
    (layers, *_) = root.findall(f"{SVG}g")
    block = made.picture
    assert layers.get("transform") == f"translate({block.left} {block.top})"
    found = {}
    for layer in layers:
        for use in layer:
            place = int(use.get("y", "")) // block.case.height, int(use.get("x", "")) // block.case.width
            assert place not in found
            found[place] = (int(use.get("href", "")[2:]), layer.get("fill"))
    rows, columns = np.nonzero(block.numbers)
    assert set(found) == set(zip(rows.tolist(), columns.tolist(), strict=True))
    for place, (number, fill) in found.items():
        assert number == block.numbers[place]
        assert fill == "#" + bytes(block.inks.colours[block.inks.places[place]].tolist()).hex()


def test_each_ink_is_one_layer_and_each_character_is_drawn_once(small: MakePoster) -> None:
    content = small(inks=12).render("svg").decode()
    assert len(re.findall(r'<g fill="', content)) <= 12
    names = re.findall(r'<path id="(\w+)"', content)
    assert len(set(names)) == len(names)
    assert {name[1:] for name in re.findall(r'href="(#\w+)"', content)} == set(names)


def test_it_is_as_large_as_its_sheet_and_says_its_title(small: MakePoster) -> None:
    root = ElementTree.fromstring(small(title="Sea & <Sky>", dpi=150).render("svg"))
    assert root.get("viewBox") == "0 0 620 874" or root.get("viewBox") == "0 0 874 620"
    assert sorted((root.get("width"), root.get("height"))) == ["104.987mm", "147.997mm"]  # type: ignore[type-var]
    assert root.findtext(f"{SVG}title") == "Sea & <Sky>"


def test_it_needs_nothing_from_elsewhere(small: MakePoster) -> None:
    content = small(words="sea and sky", title="Sea").render("svg").decode()
    assert "font" not in content
    assert not re.search(r'(?:href|src)="(?!#)', content)
