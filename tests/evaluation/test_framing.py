"""How the images of a source come to stand as a model was taught."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.evaluation.examples import choose_framing, load_frames, load_grids
from calligram.evaluation.framing import reduce_to_frame, settle_framing, spread
from calligram.picture import get_layout
from calligram.sources.base import Batch


def strokes(count: int = 20) -> np.ndarray:
    made = np.zeros((count, 28, 28), np.uint8)
    for place in range(count):
        made[place, 5:23, 8 + place % 10 : 11 + place % 10] = 255
    return made


def batch(images: np.ndarray) -> Batch:
    return Batch(images, np.zeros(len(images), np.int64), tuple(f"image {n}" for n in range(len(images))))


def mark(image: object, kind: str, way: str, polarity: str, name: str) -> np.ndarray:
    """Stand where seeing prepares an image: tells in pixels what was asked for."""
    codes = {"auto": 1, "none": 2, "content": 3, "fit": 4, "light-on-dark": 5, "dark-on-light": 6}
    return np.full((28, 28), 10 * codes[way] + codes[polarity], np.uint8)


def test_small_pictures_on_clean_paper_are_taken_as_they_are() -> None:
    images = batch(strokes())
    framing = settle_framing(images, "digit", "auto", "auto", mark)
    assert (framing.way, framing.polarity) == ("none", "light-on-dark")
    assert (framing.frame(images) == images.images).all()


def test_dark_ink_is_turned_light_for_all_where_most_images_have_it() -> None:
    negative = 255 - strokes()
    negative[0] = 0
    framing = settle_framing(batch(negative), "digit", "auto", "auto", mark)
    assert framing.polarity == "dark-on-light"
    assert (framing.frame(batch(negative)) == 255 - negative).all()


def test_grey_paper_and_faint_ink_are_spread_for_all_alike() -> None:
    faint = batch(60 + strokes() // 255 * 90)
    framing = settle_framing(faint, "digit", "auto", "auto", mark)
    assert (framing.paper, framing.ink) == (60, 150)
    assert (framing.frame(faint) == strokes()).all()
    plain = settle_framing(faint, "digit", "none", "auto", mark)
    assert (plain.frame(faint) == faint.images).all()


def test_blank_images_are_not_spread() -> None:
    framing = settle_framing(batch(np.full((5, 28, 28), 40, np.uint8)), "digit", "auto", "auto", mark)
    assert (framing.paper, framing.ink) == (0, 255)


def test_each_image_tells_its_own_polarity_where_they_are_mixed() -> None:
    mixed = strokes()
    mixed[:6] = 255 - mixed[:6]
    framing = settle_framing(batch(mixed), "digit", "auto", "auto", mark)
    assert (framing.way, framing.polarity) == ("none", "auto")
    assert all((frame == 21).all() for frame in framing.frame(batch(mixed)))


def test_images_that_do_not_stand_so_are_prepared_as_they_are_seen() -> None:
    rng = np.random.default_rng(0)
    grey = batch(rng.integers(90, 160, (10, 28, 28), dtype=np.uint8))
    large = batch(np.zeros((5, 64, 48), np.uint8))
    for images in (grey, large):
        framing = settle_framing(images, "digit", "auto", "auto", mark)
        assert framing.way == "auto"
        assert all((frame == 11).all() for frame in framing.frame(images))


def test_digits_that_fill_their_frame_are_framed_anew_and_garments_are_not() -> None:
    filling = strokes()
    filling[:, :, 10:13] = 255
    assert settle_framing(batch(filling), "digit", "auto", "auto", mark).way == "auto"
    assert settle_framing(batch(filling), "garment", "auto", "auto", mark).way == "none"


@pytest.mark.parametrize("way", ["content", "fit"])
def test_what_is_asked_for_is_done(way: str) -> None:
    framing = settle_framing(batch(strokes()), "digit", way, "dark-on-light", mark)
    assert (framing.way, framing.polarity) == (way, "dark-on-light")


def test_images_taken_as_they_are_are_padded_to_squares() -> None:
    wide = batch(np.full((3, 10, 30), 255, np.uint8))
    framing = settle_framing(wide, "digit", "none", "light-on-dark", mark)
    assert np.shape(framing.frame(wide)) == (3, 30, 30)
    assert framing.reduce(wide).shape == (3, 28, 28)


def test_a_frame_keeps_the_mean_grey_when_it_is_reduced() -> None:
    image = np.random.default_rng(0).integers(0, 256, (56, 56), dtype=np.uint8)
    assert reduce_to_frame(image).mean() == pytest.approx(image.mean(), abs=0.5)
    assert reduce_to_frame(strokes()[0]) is not None


def test_a_sample_is_spread_over_the_whole() -> None:
    assert list(spread(3)) == [0, 1, 2]
    places = spread(60_000)
    assert (len(places), places[0], places[-1]) == (400, 0, 59_999)


def test_a_folder_of_photographed_digits_reads_as_the_digits_do(tmp_path: Path) -> None:
    """The whole way, with what seeing really does: dark ink on large paper becomes the grid of the digit."""
    from calligram.seeing.options import SeeOptions
    from calligram.seeing.preparing import frame_image

    def prepare(image: bytes, kind: str, way: str, polarity: str, name: str) -> np.ndarray:
        return frame_image(image, kind, SeeOptions(framing=way, polarity=polarity), name)[0]  # type: ignore[arg-type]

    for place, stroke in enumerate(strokes(6)):
        sheet = np.full((180, 240), 235, np.uint8)
        large = np.asarray(Image.fromarray(stroke).resize((112, 112), Image.Resampling.NEAREST))
        sheet[30:142, 60:172] = 235 - large // 255 * 200
        folder = tmp_path / str(place % 2)
        folder.mkdir(exist_ok=True)
        Image.fromarray(sheet).save(folder / f"{place}.png")
    source = f"folder:{tmp_path}?kind=digit"
    framing = choose_framing(source, "all", "auto", "auto", prepare)
    grids = load_grids(source, "all", get_layout("full"), framing=framing)
    frames = load_frames(source, "all", framing=framing)
    assert (framing.way, grids.levels.shape, frames.shape) == ("auto", (6, 28, 28), (6, 28, 28))
    for grid in grids.levels:
        rows, columns = (np.flatnonzero((grid > 3).any(axis=axis)) for axis in (1, 0))
        assert abs(len(rows) - 20) <= 1
        assert 12 <= columns.mean() <= 15
