"""What an image brings to its record where it has more pixels than Pillow likes."""

from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from calligram.art.facts_options import FactsOptions
from calligram.art.record_survey import Job, Survey, survey_image


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an image of more than twice the pixels of Pillow's own limit, with a title."""
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Title", "A wall")
    Image.new("RGB", (40, 30), "navy").save(tmp_path / "large.png", pnginfo=chunks)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    return tmp_path / "large.png"


def surveyed(path: Path, max_pixels: int) -> Survey:
    return survey_image(Job(str(path), FactsOptions(max_pixels=max_pixels), None, ""))


def test_where_max_pixels_is_raised_a_large_image_is_measured_and_its_texts_read(large: Path) -> None:
    survey = surveyed(large, 2000)
    assert survey.fault == ""
    assert survey.facts is not None
    assert [given.values for given in survey.given] == [{"title": "A wall"}]


def test_an_image_over_max_pixels_is_a_fault_in_one_sentence(large: Path) -> None:
    assert surveyed(large, 1000).fault.startswith(
        f"{str(large)!r} has 40 x 30 pixels, but max_pixels is 1000"
    )


def test_a_limit_of_pillow_itself_is_a_fault_too(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Image.DecompressionBombError("too many pixels")

    monkeypatch.setattr("calligram.art.views.open_pixels", refuse)
    assert surveyed(large, 2000).fault.startswith(f"{str(large)!r} has more pixels than Pillow opens")
