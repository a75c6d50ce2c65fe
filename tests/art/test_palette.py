"""Palettes and names of colours, on colours that are known."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from calligram.art.colour_names import NAMES, name_of, plain_word
from calligram.art.facts import measure_facts
from calligram.art.palette import ALIKE, MOST, find_palette
from calligram.picture.lab import difference, to_lab

SHARED = Path(__file__).parents[2] / "../shared/data/art"


def stripes(colours: list[tuple[int, int, int]], widths: list[int]) -> np.ndarray:
    parts = [np.full((20, width, 3), colour, np.uint8) for colour, width in zip(colours, widths, strict=True)]
    return np.concatenate(parts, axis=1)


def test_shares_are_those_of_the_stripes() -> None:
    image = stripes([(221, 28, 36), (20, 34, 75), (250, 250, 250)], [50, 30, 20])
    palette = find_palette(image)
    assert [colour.name for colour in palette] == ["red", "navy blue", "white"]
    assert [colour.share for colour in palette] == pytest.approx([0.5, 0.3, 0.2])
    assert [colour.hex for colour in palette] == ["#dd1c24", "#14224b", "#fafafa"]


def test_a_flat_image_has_one_colour() -> None:
    (colour,) = find_palette(np.full((7, 9, 3), 128, np.uint8))
    assert (colour.name, colour.share, colour.hex) == ("grey", 1.0, "#808080")


def test_shades_that_look_alike_are_one_colour() -> None:
    image = stripes([(74, 50, 34), (78, 53, 36), (71, 47, 33)], [30, 30, 30])
    (colour,) = find_palette(image)
    assert colour.name == "dark brown"


def test_a_colour_below_the_least_share_goes_to_its_nearest() -> None:
    image = stripes([(43, 143, 60), (250, 250, 250), (60, 150, 80)], [50, 49, 1])
    assert [colour.name for colour in find_palette(image)] == ["green", "white"]


def test_a_grey_image_with_a_slight_tint_has_greys_alone() -> None:
    image = stripes([(52, 50, 47), (130, 127, 122)], [50, 50])
    assert {colour.name for colour in find_palette(image, coloured=False)} == {"charcoal", "grey"}


@given(seed=st.integers(0, 10_000), count=st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_any_palette_has_different_names_shares_that_sum_to_1_and_the_largest_first(
    seed: int, count: int
) -> None:
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (count, 3), dtype=np.uint8)[rng.integers(0, count, (12, 15))]
    palette = find_palette(image)
    names, shares = [colour.name for colour in palette], [colour.share for colour in palette]
    assert len(set(names)) == len(names) <= MOST
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_pixels_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (10, 12, 3), dtype=np.uint8)
    shuffled = rng.permutation(image.reshape(-1, 3)).reshape(image.shape)
    assert find_palette(image) == find_palette(shuffled)


@pytest.mark.parametrize("name", list(NAMES))
def test_every_name_names_its_own_colour(name: str) -> None:
    rgb = np.array(list(bytes.fromhex(NAMES[name][1][1:])), np.uint8)
    assert name_of(to_lab(rgb)) == name


def test_no_two_names_stand_for_colours_that_can_hardly_be_told_apart() -> None:
    labs = to_lab(np.array([list(bytes.fromhex(spelled[1:])) for _, spelled in NAMES.values()], np.uint8))
    apart = difference(labs[:, None], labs[None]) + np.diag(np.full(len(labs), 99.0))
    one, other = np.unravel_index(apart.argmin(), apart.shape)
    names = list(NAMES)
    assert apart.min() > 2.3, (names[one], names[other])
    assert len(names) > 80


def test_plain_words_are_words_that_stand_in_a_name_or_in_any_book() -> None:
    words = {plain_word(name) for name in NAMES}
    assert {"black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "brown"} <= words
    assert len(words) < 30
    assert all(" " not in word for word in words)


@pytest.mark.parametrize(
    ("colour", "word"),
    [
        ((255, 0, 0), "red"), ((0, 128, 0), "green"), ((0, 0, 255), "blue"),
        ((255, 255, 0), "yellow"), ((255, 165, 0), "orange"), ((128, 0, 128), "purple"),
        ((255, 192, 203), "pink"), ((139, 69, 19), "brown"), ((0, 0, 0), "black"),
        ((255, 255, 255), "white"), ((128, 128, 128), "grey"), ((0, 0, 128), "blue"),
        ((0, 128, 128), "teal"), ((210, 180, 140), "beige"), ((135, 206, 235), "blue"),
        ((85, 107, 47), "green"), ((128, 0, 0), "red"), ((255, 215, 0), "yellow"),
        ((64, 224, 208), "turquoise"), ((220, 20, 60), "red"),
    ],
)  # fmt: skip
def test_colours_of_the_web_get_the_word_that_they_are_named_by(
    colour: tuple[int, int, int], word: str
) -> None:
    assert plain_word(name_of(to_lab(np.array(colour, np.uint8)))) == word


def test_joined_colours_are_at_least_as_far_apart_as_is_said() -> None:
    image = np.random.default_rng(0).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    labs = np.array([colour.lab for colour in find_palette(image)])
    apart = difference(labs[:, None], labs[None]) + np.diag(np.full(len(labs), 99.0))
    assert apart.min() >= ALIKE


SEEN = {
    "81557.jpg": ("blue grey", {"blue"}, {"red", "yellow"}),
    "14594.jpg": ("moss green", {"green", "grey", "black"}, {"blue", "yellow"}),
    "19339.jpg": ("moss green", {"green", "red", "brown"}, {"pink", "violet"}),
    "16629.jpg": ("greenish grey", {"grey", "red"}, {"purple"}),
    "81537.jpg": ("olive green", {"green", "blue"}, {"red", "pink"}),
    "80553.jpg": ("black", {"black", "grey"}, {"red", "blue"}),
    "16571.jpg": ("blue grey", {"grey"}, {"red", "yellow"}),
    "897.jpg": ("greenish grey", {"grey", "brown"}, {"red", "purple"}),
    "80589.jpg": ("brown", {"black", "brown"}, {"blue", "green"}),
    "39528.jpg": ("light grey", {"grey", "black"}, {"red", "blue", "brown"}),
}
"""Of the ten paintings on the sheet in the docs: how the main colour was called by a person who looked, which
plain words must be named, and which must not."""


@pytest.mark.parametrize("file", list(SEEN))
def test_the_colours_named_in_a_painting_are_those_that_are_seen(file: str) -> None:
    path = SHARED / "paintings" / file
    if not path.exists():
        pytest.skip("shared/data/art is not here")
    facts = measure_facts(path)
    main, named, absent = SEEN[file]
    words = {plain_word(colour["name"]) for colour in facts["palette"]}
    assert facts["main_colour"].endswith(main)
    assert named <= words
    assert not absent & words


def test_palettes_of_paintings_lie_about_as_near_to_their_pixels_as_scipys_k_means() -> None:
    cluster = pytest.importorskip("scipy.cluster.vq", reason="scipy is the other implementation")
    paths = sorted((SHARED / "paintings").glob("*.jpg"))[::45]
    if not paths:
        pytest.skip("shared/data/art is not here")
    for path in paths:
        with Image.open(path) as opened:
            opened.thumbnail((96, 96))
            rgb = np.asarray(opened.convert("RGB"))
        pixels, palette = to_lab(rgb).reshape(-1, 3), find_palette(rgb)
        theirs, _ = cluster.kmeans2(pixels, len(palette), minit="++", seed=0, iter=20)
        ours = np.array([colour.lab for colour in palette])
        assert mean_distance(pixels, ours) <= 1.35 * mean_distance(pixels, theirs), path.name


def mean_distance(pixels: np.ndarray, centres: np.ndarray) -> float:
    return float(np.linalg.norm(pixels[:, None] - centres[None], axis=-1).min(axis=1).mean())
