"""The type case: glyphs as pixels and as outlines, which have to agree."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from calligram.errors import OptionError
from calligram.picture.posters.choosing import CHARSETS
from calligram.picture.posters.drawn import rectangles
from calligram.picture.posters.faces import SHIPPED, Face, open_faces, shipped_face
from calligram.picture.posters.type_case import BLANK, TypeCase, measure, set_case
from calligram.picture.ramps import RAMPS

LARGE = 48
"""Pixels that a cell of these tests is wide."""


@pytest.fixture(scope="module")
def case() -> TypeCase:
    """All characters that are chosen from by default, in each weight."""
    return set_case(open_faces(""), CHARSETS["letters"], LARGE)


def filled(case: TypeCase, number: int, scale: int = 8) -> NDArray[np.float64]:
    """Return how much of each pixel an outline covers, counted by turns: curves in 24 parts."""
    turns = np.zeros((case.height * scale, case.width * scale), int)
    contours: list[list[tuple[float, float]]] = []
    for letter, numbers in case.outline(number):
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if letter == "M":
            contours.append([points[0]])
        elif letter == "L":
            contours[-1].append(points[0])
        elif letter in "QC":
            contours[-1] += curve([contours[-1][-1], *points])
    for contour in contours:
        layer = Image.new("1", (turns.shape[1], turns.shape[0]))
        ImageDraw.Draw(layer).polygon([(x * scale - 0.5, y * scale - 0.5) for x, y in contour], fill=1)
        x, y = np.array(contour).T
        turns += np.asarray(layer) * (1 if (x * np.roll(y, 1) - y * np.roll(x, 1)).sum() > 0 else -1)
    ink = turns != 0
    return ink.reshape(case.height, scale, case.width, scale).mean(axis=(1, 3))


def curve(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return points of a Bézier curve of any degree, by de Casteljau."""
    found = []
    for part in np.linspace(0, 1, 25)[1:]:
        level = np.array(points)
        while len(level) > 1:
            level = level[:-1] + part * (level[1:] - level[:-1])
        found.append((float(level[0, 0]), float(level[0, 1])))
    return found


def test_outlines_and_pixels_show_the_same(case: TypeCase) -> None:
    for number in range(1, len(case.glyphs), 7):
        apart = np.abs(filled(case, number) - case.tiles[number] / 255)
        assert apart.mean() < 0.025, case.glyphs[number]


def test_all_ink_is_within_the_cell(case: TypeCase) -> None:
    for number in range(1, len(case.glyphs)):
        numbers = [step[1] for step in case.outline(number)]
        across = [x for each in numbers for x in each[::2]]
        down = [y for each in numbers for y in each[1::2]]
        assert min(across) >= -0.5
        assert max(across) <= case.width + 0.5
        assert min(down) >= -0.5
        assert max(down) <= case.height + 0.5


def test_a_heavier_face_has_more_ink(case: TypeCase) -> None:
    by_face = {
        (glyph.character, glyph.face): ink for glyph, ink in zip(case.glyphs, case.densities, strict=True)
    }
    for character in "MHSo3":
        inks = [by_face[character, face] for face in range(len(SHIPPED))]
        assert inks == sorted(inks)
        assert inks[0] < 0.8 * inks[-1]


def test_the_blank_has_no_ink(case: TypeCase) -> None:
    assert case.tiles[BLANK].max() == 0
    assert case.outline(BLANK) == []


def test_every_ramp_can_be_set() -> None:
    faces = open_faces("")[-1:]
    for ramp in RAMPS.values():
        symbols = ramp.replace("\u2800", "")
        case = set_case(faces, symbols, 12)
        inked = {glyph.character for glyph, tile in zip(case.glyphs, case.tiles, strict=True) if tile.any()}
        assert inked >= set(symbols) - {" "}


@given(st.sampled_from(sorted("█▀▄▌▐░▒▓▘▝▖▗▚▞▛▜▙▟⠁⡇⣿🬀🬻")), st.integers(4, 40))
def test_blocks_have_the_ink_that_their_rectangles_have(character: str, width: int) -> None:
    case = set_case(open_faces("")[-1:], character, width)
    parts = rectangles(character)
    assert parts
    share = sum(wide * high for _, _, wide, high in parts)
    assert case.densities[1] == pytest.approx(share, abs=0.01)


def test_a_full_block_leaves_no_gap() -> None:
    case = set_case(open_faces("")[-1:], "█", 13)
    assert case.tiles[1].min() == 255


def test_a_character_that_a_font_has_not_is_named() -> None:
    with pytest.raises(OptionError, match=r"the font that comes along has no 漢 \(U\+6F22\): leave that out"):
        measure(open_faces(""), "漢")


def test_a_font_without_a_character_is_found_by_how_it_draws_what_is_missing(tmp_path: Path) -> None:
    face = Face("some.ttf", shipped_face("bold").content)
    assert face.has("A")
    assert not face.has("漢")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("missing.ttf", None, r"cannot be read \(No such file or directory\)"),
        ("text.ttf", b"no font at all", "that file is no font"),
        ("empty.otf", b"", "that file is no font"),
    ],
)
def test_what_is_no_font_is_told(tmp_path: Path, name: str, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(OptionError, match=rf"font is '.*{name}', but that file|{told}"):
        open_faces(str(tmp_path / name))
