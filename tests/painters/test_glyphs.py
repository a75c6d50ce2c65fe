"""The painter that sets pictures in characters."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.errors import ImageError, OptionError, PictureError
from calligram.painters.base import Order, open_painter


@pytest.fixture
def shore(tmp_path: Path) -> Path:
    pixels = np.full((60, 90, 3), (20, 34, 75), np.uint8)
    pixels[:30] = (190, 210, 240)
    Image.fromarray(pixels).save(tmp_path / "shore.png")
    return tmp_path / "shore.png"


def test_the_words_run_through_the_picture(shore: Path) -> None:
    (painted,) = open_painter(f"glyphs:{shore}").paint(Order("sea and sky", width=300, height=200))
    assert painted.image.size == (300, 200)
    assert painted.seed is None
    assert any("the words run through the picture" in remark for remark in painted.remarks)
    assert painted.settings["file"] == "shore.png"
    light = np.asarray(painted.image.convert("L"), float)
    assert np.ptp(light) > 60


def test_characters_are_chosen_by_a_seed_where_that_is_asked(shore: Path) -> None:
    one, other = open_painter(f"glyphs:{shore}?text=chosen&paper=white").paint(
        Order("", seed=3, width=200), 2
    )
    assert (one.seed, other.seed) == (3, 4)
    assert one.image.size[0] == 200
    assert one.image.tobytes() != other.image.tobytes()


def test_a_text_picture_is_a_place_too(tmp_path: Path) -> None:
    (tmp_path / "drawing.txt").write_text("<row:1> ▓█</row:1>\n<row:2>█▓ </row:2>\n", encoding="utf-8")
    (painted,) = open_painter(f"glyphs:{tmp_path / 'drawing.txt'}?text=chosen").paint(Order("", width=120))
    assert painted.image.width == 120


def test_without_words_nothing_runs(shore: Path) -> None:
    with pytest.raises(OptionError, match="words has no words"):
        open_painter(f"glyphs:{shore}?text=words").paint(Order(" ", width=100))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, ImageError),
        (b"\x89PNG\r\n\x1a\n\0", ImageError),
        (b"plain words\nof nothing much", PictureError),
    ],
)
def test_what_cannot_be_set_is_told(tmp_path: Path, content: bytes | None, error: type[Exception]) -> None:
    if content is not None:
        (tmp_path / "given.png").write_bytes(content)
    with pytest.raises(error):
        open_painter(f"glyphs:{tmp_path / 'given.png'}").paint(Order("words", width=100))
