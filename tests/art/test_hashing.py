"""Perceptual hashes: beside another implementation, and on pictures that were changed."""

import io
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.art.hashing import COPY_BITS, Hashes, apart, hash_image

ART = Path(__file__).parents[3] / "shared" / "data" / "art"


def scene(seed: int) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 12), dtype=np.uint8)
    return coarse.repeat(13, axis=0).repeat(17, axis=1)


@pytest.mark.parametrize(
    ("seed", "dhash", "phash"),
    [
        (0, "e626aecbc9599aa2", "e92edddaa3232b01"),
        (1, "25465a999393ced2", "a1dee62e18726e98"),
        (2, "523366cf653892d1", "cd35c95d036197c5"),
    ],
)
def test_the_hashes_are_those_of_imagehash_4_3_2(seed: int, dhash: str, phash: str) -> None:
    assert hash_image(scene(seed)) == Hashes(dhash, phash)


def test_the_cosine_transform_is_scipys() -> None:
    from scipy.fft import dctn

    grey = Image.fromarray(scene(3)).resize((32, 32), Image.Resampling.LANCZOS)
    waves = dctn(np.asarray(grey, float))[:8, :8]
    assert hash_image(scene(3)).phash == np.packbits(waves > np.median(waves)).tobytes().hex()


def test_a_flat_image_has_no_rise_and_no_wave_but_the_mean() -> None:
    assert hash_image(np.full((20, 30), 90, np.uint8)) == Hashes("0" * 16, "8" + "0" * 15)


def test_the_mirrored_hashes_are_those_of_the_mirrored_image() -> None:
    assert hash_image(scene(6), mirrored=True) == hash_image(scene(6)[:, ::-1])
    assert hash_image(scene(6), mirrored=True) != hash_image(scene(6))


def test_bits_are_counted_both_ways() -> None:
    assert apart("f" * 16, "0" * 16) == 64
    assert Hashes("0" * 16, "0" * 16).apart(Hashes("0" * 15 + "1", "0" * 15 + "7")) == (1, 3)


def test_a_picture_saved_small_grey_and_badly_is_still_known() -> None:
    image = Image.fromarray(scene(4))
    stream = io.BytesIO()
    image.resize((image.width // 2, image.height // 2)).convert("L").save(stream, "JPEG", quality=20)
    assert hash_image(image).is_copy(hash_image(stream.getvalue()))
    assert not hash_image(image).is_copy(hash_image(scene(5)))


@pytest.fixture(scope="module")
def paintings() -> dict[str, Hashes]:
    if not (ART / "paintings").is_dir():
        pytest.skip("the paintings are not at ../shared/data/art")
    return {path.name: hash_image(path) for path in sorted((ART / "paintings").glob("*.jpg"))}


def test_no_two_of_the_paintings_are_told_as_one(paintings: dict[str, Hashes]) -> None:
    closest = min(max(one.apart(other)) for one, other in combinations(paintings.values(), 2))
    assert closest > COPY_BITS
    mirrored = {name: hash_image(ART / "paintings" / name, mirrored=True) for name in sorted(paintings)[::6]}
    assert not any(one.is_copy(other) for one in mirrored.values() for other in paintings.values())


def test_the_paintings_are_known_again_in_their_original_files(paintings: dict[str, Hashes]) -> None:
    originals = sorted((ART / "paintings-original").glob("*.jpg"))
    assert originals
    for original in originals:
        assert hash_image(original).is_copy(paintings[original.name])
