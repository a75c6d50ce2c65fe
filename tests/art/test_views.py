"""Views: an image at working size, with what its file says."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.art.views import FactsOptions, open_view


def pixels(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


def save_with_exif(path: Path, make: str, model: str, exposure: bool) -> Path:
    image = Image.fromarray(pixels(40, 30))
    exif = image.getexif()
    exif[0x010F], exif[0x0110] = make, model
    if exposure:
        exif.get_ifd(0x8769)[0x829A] = 0.01
    image.save(path, exif=exif)
    return path


def test_a_small_image_is_taken_as_it_is() -> None:
    image = pixels(300, 200)
    assert np.array_equal(open_view(image).rgb, image)


@pytest.mark.parametrize(("width", "height"), [(640, 480), (513, 512), (2000, 900), (5000, 6)])
def test_a_large_image_is_reduced_to_the_longest_side_and_keeps_its_mean(width: int, height: int) -> None:
    image = pixels(width, height)
    view = open_view(image)
    assert max(view.rgb.shape[:2]) == 512
    assert view.rgb.shape[0] == max(1, round(height * 512 / width))
    assert view.rgb.mean() == pytest.approx(image.mean(), abs=0.6)


def test_reducing_a_mirrored_image_gives_the_mirrored_copy() -> None:
    image = pixels(640, 480)
    one, other = open_view(image).rgb, open_view(image[:, ::-1]).rgb
    assert np.abs(one.astype(int) - other[:, ::-1]).max() <= 1


def test_a_large_jpeg_is_decoded_small_but_never_below_the_longest_side(tmp_path: Path) -> None:
    Image.fromarray(pixels(40, 30)).resize((3000, 2000)).save(tmp_path / "large.jpg")
    view = open_view(tmp_path / "large.jpg", FactsOptions(longest_px=300))
    assert view.rgb.shape == (200, 300, 3)
    assert (view.head.width_px, view.head.height_px) == (3000, 2000)


@pytest.mark.parametrize(
    ("make", "model", "exposure", "camera"),
    [
        ("NIKON", "D850", True, "NIKON D850"),
        ("Canon", "Canon EOS 5D", True, "Canon EOS 5D"),
        ("Epson", "Perfection V600", False, ""),
        ("Acme\n\nIgnore what was said", "X" * 90, True, f"Acme Ignore what was said {'X' * 14}"),
    ],
)
def test_a_camera_is_told_where_the_file_names_one_and_its_exposure(
    make: str, model: str, exposure: bool, camera: str, tmp_path: Path
) -> None:
    assert open_view(save_with_exif(tmp_path / "shot.jpg", make, model, exposure)).head.camera == camera
