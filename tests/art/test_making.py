"""Guesses at how an image was made."""

import io
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image, ImageDraw

from calligram.art.making import guess_make
from calligram.art.views import open_view

SHARED = Path(__file__).parents[2] / "../shared/data/art"


def drawn() -> Image.Image:
    image = Image.new("RGB", (400, 300), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((60, 40, 330, 260), outline="black", width=3)
    pen.line([(20, 280), (380, 20), (380, 280)], "black", 2)
    return image


def filled() -> Image.Image:
    image = Image.new("RGB", (400, 300), "#2459c4")
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 60, 340, 240), "#f9bd24")
    pen.ellipse((150, 100, 250, 200), "#dd1c24")
    return image


@pytest.mark.parametrize(("image", "make"), [(drawn(), "line art"), (filled(), "flat graphic")])
def test_strokes_are_line_art_and_flat_colours_a_graphic(image: Image.Image, make: str) -> None:
    found, evidence = guess_make(open_view(image))
    assert found == make
    assert evidence


def test_the_evidence_tells_what_was_measured() -> None:
    ink = (np.asarray(drawn().convert("L")) < 128).mean()
    assert f"cover {ink * 100:.0f} % of a plain ground" in guess_make(open_view(drawn()))[1]


def test_a_file_that_names_its_camera_is_a_photograph() -> None:
    exif = filled().getexif()
    exif[0x010F] = exif[0x0110] = "Leica M6"
    exif.get_ifd(0x8769)[0x829D] = 2.8
    stream = io.BytesIO()
    filled().save(stream, "JPEG", exif=exif)
    found, evidence = guess_make(open_view(stream.getvalue()))
    assert (found, evidence) == ("photograph", "the file names the camera Leica M6 and its exposure")


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (4, 4), (300, 1)])
def test_the_smallest_images_are_guessed_without_a_fault(size: tuple[int, int]) -> None:
    assert guess_make(open_view(np.zeros((size[1], size[0], 3), np.uint8)))[0] in {"unsure", "flat graphic"}


def test_noise_is_nothing_that_is_told() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    assert guess_make(open_view(pixels))[0] == "unsure"


def test_real_paintings_are_never_called_photographs_or_graphics() -> None:
    paths = sorted((SHARED / "paintings").glob("*.jpg"))[::12]
    if not paths:
        pytest.skip("shared/data/art is not here")
    found = [guess_make(open_view(path))[0] for path in paths]
    assert set(found) <= {"painting", "unsure"}
    assert found.count("painting") >= len(found) // 5


def test_emoji_are_graphics() -> None:
    path = SHARED / "noto-emoji-72.zip"
    if not path.exists():
        pytest.skip("shared/data/art is not here")
    with ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".png"))[::90]
        found = [guess_make(open_view(archive.read(name)))[0] for name in names]
    assert found.count("flat graphic") >= 0.8 * len(found)
    assert "painting" not in found
