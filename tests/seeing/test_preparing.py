"""Images are made to look like what the model was taught on."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.picture import encode_batch, get_layout
from calligram.picture.framing import fit_to_frame
from calligram.seeing import SeeOptions
from calligram.seeing.preparing import prepare, stroke_width

FULL = get_layout("full")
MNIST = Path(__file__).parents[3] / "shared" / "data" / "mnist"


def digit_like() -> np.ndarray:
    """Return a light bent stroke on dark, framed as MNIST frames its digits."""
    pixels = np.zeros((28, 28), np.uint8)
    pixels[5:8, 9:19] = 255
    pixels[8:25, 16:19] = 250
    return pixels


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """Return the first hundred test pictures of MNIST."""
    if not MNIST.is_dir():
        pytest.skip(f"MNIST is not at {MNIST}")
    from calligram.sources.base import open_source

    return np.asarray(open_source(f"idx:{MNIST}", "test").take(range(100)).images)


def test_a_picture_framed_as_taught_is_taken_as_it_is() -> None:
    expected = encode_batch(digit_like()[None], FULL)
    assert (prepare(digit_like(), FULL, "digit", SeeOptions()) == expected).all()


def test_its_negative_gives_the_same_grid() -> None:
    expected = encode_batch(digit_like()[None], FULL)
    assert (prepare(255 - digit_like(), FULL, None, SeeOptions()) == expected).all()


def test_mnist_is_taken_as_it_is(digits: np.ndarray) -> None:
    for image, expected in zip(digits, encode_batch(digits, FULL), strict=True):
        assert (prepare(image, FULL, "digit", SeeOptions())[0] == expected).all()


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return the correlation of two grids where they lie best, at most one cell apart."""
    moved = [np.roll(one, (down, across), (0, 1)) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    return max(float(np.corrcoef(grid.ravel(), other.ravel())[0, 1]) for grid in moved)


def test_a_digit_on_a_large_sheet_looks_like_mnist_again(digits: np.ndarray) -> None:
    for image in digits[:30]:
        large = np.asarray(Image.fromarray(image).resize((112, 112), Image.Resampling.BOX), np.float64)
        sheet = np.full((300, 400), 210.0)
        sheet[150:262, 30:142] *= 1 - 0.8 * large / 255
        found = prepare(sheet.astype(np.uint8), FULL, "digit", SeeOptions())[0]
        assert likeness(found, encode_batch(image[None], FULL)[0]) > 0.9


@pytest.mark.parametrize("polarity", ["light-on-dark", "dark-on-light"])
def test_a_tiny_image_that_its_ink_fills_is_framed_like_any_other(polarity: str) -> None:
    tiny = np.zeros((8, 8), np.uint8)
    tiny[:, 3:5], tiny[6:, 1:7] = 255, 200
    given = 255 - tiny if polarity == "dark-on-light" else tiny
    grid = prepare(given, FULL, "digit", SeeOptions())[0]
    rows, columns = (np.flatnonzero((grid > 3).any(axis=axis)) for axis in (1, 0))
    assert len(rows) in (19, 20)
    assert 12 <= columns.mean() <= 15
    assert not grid[[0, 1, -2, -1]].any()
    assert grid[8, 13:15].max() == 7


def test_a_garment_fills_its_frame() -> None:
    sheet = np.full((200, 200), 250, np.uint8)
    sheet[60:140, 90:110] = 40
    grid = prepare(sheet, FULL, "garment", SeeOptions())[0]
    rows, columns = np.flatnonzero(grid.any(axis=1)), np.flatnonzero(grid.any(axis=0))
    assert (rows[0], rows[-1]) == (0, 27)
    assert columns[0] + columns[-1] == 27


def test_where_the_kind_is_open_both_framings_are_tried() -> None:
    sheet = np.full((100, 100), 250, np.uint8)
    sheet[20:80, 45:60] = 40
    assert len(prepare(sheet, FULL, None, SeeOptions())) == 2
    assert len(prepare(sheet, FULL, "letter", SeeOptions())) == 1


def test_a_solid_thing_is_framed_as_no_digit_is() -> None:
    sheet = np.full((100, 100), 250, np.uint8)
    sheet[20:80, 30:70] = 40
    grids = prepare(sheet, FULL, None, SeeOptions())
    assert len(grids) == 1
    assert grids[0, 0].any()


def test_the_width_of_a_stroke_is_measured_in_parts_of_its_length() -> None:
    frame = np.zeros((28, 28), np.uint8)
    frame[4:24, 10:14] = 255
    assert stroke_width(frame) == pytest.approx(2 * 80 / 48 / 20)
    assert stroke_width(frame * 0) == 0


def test_the_framing_that_is_asked_for_is_kept() -> None:
    sheet = np.zeros((56, 28), np.uint8)
    sheet[:, 10:18] = 255
    grid = prepare(sheet, FULL, None, SeeOptions(framing="none"))
    assert grid.shape == (1, 28, 28)
    assert (grid[0, :, 12:16] == 7).all()
    assert not grid[0, :, :7].any()


@pytest.mark.parametrize("way", ["content", "fit", "none"])
def test_blank_paper_gives_a_blank_grid(way: str) -> None:
    blank = np.full((60, 80), 255, np.uint8)
    grids = prepare(blank, FULL, None, SeeOptions(framing=way, polarity="dark-on-light"))  # type: ignore[arg-type]
    assert not grids.any()


def test_nothing_fits_into_a_frame_of_nothing() -> None:
    assert not fit_to_frame(np.zeros((5, 9), np.uint8)).any()
