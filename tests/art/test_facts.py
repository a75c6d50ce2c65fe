"""Facts: what is measured on an image, on images whose answers are known."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.art.facts import Facts, FactsOptions, measure_facts
from calligram.errors import ImageError, InputError, LimitError, OptionError
from calligram.evaluation.tokens.opening import open_tokenizer

KEYS = [
    "width_px", "height_px", "format", "megapixels", "orientation", "aspect", "colour_or_grey",
    "main_colour", "palette", "warmth", "temperature", "colourfulness", "contrast", "lightness", "key",
    "light_or_dark", "centre_x", "centre_y", "centre", "thirds", "symmetry_left_right",
    "symmetry_top_bottom", "symmetrical", "horizon", "empty_space", "edge_density", "texture",
    "complexity", "busy_or_empty", "rhythm", "entropy", "make", "make_evidence",
]  # fmt: skip
SHARED = Path(__file__).parents[2] / "../shared/data/art"


def flat(colour: tuple[int, int, int], width: int = 60, height: int = 40) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def noise(width: int = 96, height: int = 64, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def scene() -> np.ndarray:
    """Return a blue sky over a green field, with a white sun in the upper right."""
    image = flat((127, 187, 230), 300, 200)
    image[120:] = (43, 143, 60)
    image[20:50, 230:260] = 250
    return image


def test_every_fact_has_its_key_once_and_a_line() -> None:
    facts = measure_facts(scene())
    keys = [fact.key for fact in facts.items]
    assert sorted(keys) == sorted(KEYS)
    assert all(re.fullmatch(r"[A-Z][^\n]+", fact.text) for fact in facts.items)


@pytest.mark.parametrize("image", [scene(), noise(), flat((0, 0, 0), 1, 1), flat((9, 9, 9), 400, 1)])
def test_the_values_are_what_json_can_hold(image: np.ndarray) -> None:
    values = measure_facts(image).to_json()
    assert json.loads(json.dumps(values, allow_nan=False)) == values


def test_a_scene_is_told_as_it_is() -> None:
    facts = measure_facts(scene())
    assert facts["orientation"] == "landscape"
    assert facts["main_colour"] == "sky blue"
    assert [colour["name"] for colour in facts["palette"]] == ["sky blue", "green", "white"]
    assert facts["palette"][1]["share"] == pytest.approx(0.4, abs=0.001)
    assert facts["palette"][2]["share"] == pytest.approx(900 / 60000, abs=0.001)
    assert facts["horizon"] == pytest.approx(0.6, abs=0.01)
    assert facts["temperature"] == "cool"
    assert facts["colour_or_grey"] == "colour"
    assert facts["busy_or_empty"] == "empty"
    assert facts["symmetrical"] == "no"
    assert "a level line 60 % down, lighter above" in facts.text("horizon")


@pytest.mark.parametrize(
    ("width", "height", "orientation"),
    [
        (100, 100, "square"),
        (104, 100, "square"),
        (100, 104, "square"),
        (105, 100, "landscape"),
        (5, 9, "portrait"),
    ],
)
def test_the_orientation_is_square_within_a_twentieth(width: int, height: int, orientation: str) -> None:
    assert measure_facts(flat((90, 90, 90), width, height))["orientation"] == orientation


@pytest.mark.parametrize(
    ("grey", "kind", "key"), [(0, "dark", "low"), (119, "middling", "middle"), (255, "light", "high")]
)
def test_light_and_dark_are_told_by_lightness(grey: int, kind: str, key: str) -> None:
    facts = measure_facts(flat((grey, grey, grey)))
    assert (facts["light_or_dark"], facts["key"], facts["colour_or_grey"]) == (kind, key, "grey")


@pytest.mark.parametrize(
    ("colour", "temperature"),
    [((214, 110, 40), "warm"), ((40, 90, 214), "cool"), ((128, 128, 128), "neutral")],
)
def test_orange_is_warm_and_blue_is_cool(colour: tuple[int, int, int], temperature: str) -> None:
    assert measure_facts(flat(colour))["temperature"] == temperature


def test_noise_is_busy_and_a_flat_image_is_empty() -> None:
    busy, empty = measure_facts(noise()), measure_facts(flat((200, 30, 30)))
    assert (busy["busy_or_empty"], busy["empty_space"]) == ("busy", 0)
    assert (empty["busy_or_empty"], empty["empty_space"], empty["contrast"]) == ("empty", 1, 0)


def test_a_mirrored_image_is_symmetrical() -> None:
    half = noise(48, 64)
    facts = measure_facts(np.concatenate([half, half[:, ::-1]], axis=1))
    assert facts["symmetrical"] == "yes"
    assert facts["symmetry_left_right"] == pytest.approx(1, abs=0.01)
    assert facts.text("symmetrical").startswith("Symmetrical: yes, left-right (")


def test_the_centre_of_weight_is_where_something_stands_out() -> None:
    image = flat((120, 120, 120), 90, 90)
    image[10:22, 66:78] = (230, 30, 30)
    facts = measure_facts(image)
    assert facts["centre"] == "right of the middle and above it"
    assert int(np.argmax(facts["thirds"])) == 2
    assert sum(facts["thirds"]) == pytest.approx(1, abs=0.001)


def test_the_size_is_that_of_the_file_and_not_of_the_reduced_copy(tmp_path: Path) -> None:
    Image.fromarray(noise(1500, 1000)).save(tmp_path / "large.jpg")
    facts = measure_facts(tmp_path / "large.jpg")
    assert (facts["width_px"], facts["height_px"], facts["format"]) == (1500, 1000, "JPEG")
    assert facts["megapixels"] == 1.5
    assert facts.text("format") == "Size: 1500 x 1000 pixels, 1.5 megapixels, JPEG file"


def test_an_image_on_its_side_is_measured_upright(tmp_path: Path) -> None:
    image = Image.fromarray(scene())
    exif = image.getexif()
    exif[0x0112] = 6  # to be turned by a quarter
    image.save(tmp_path / "side.png", exif=exif)
    facts = measure_facts(tmp_path / "side.png")
    assert (facts["width_px"], facts["height_px"], facts["orientation"]) == (200, 300, "portrait")


def test_a_path_its_bytes_and_its_pixels_give_the_same_facts(tmp_path: Path) -> None:
    path = tmp_path / "scene.png"
    Image.fromarray(scene()).save(path)
    by_path, by_bytes = measure_facts(path), measure_facts(path.read_bytes())
    assert by_path == by_bytes
    by_array = measure_facts(scene()).to_json()
    assert by_array == by_path.to_json() | {"format": None}


def test_facts_are_the_same_each_time() -> None:
    assert measure_facts(noise()) == measure_facts(noise())


def test_transparent_parts_are_white() -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert measure_facts(image)["main_colour"] == "white"
    assert measure_facts(image, FactsOptions(background="#dd1c24"))["main_colour"] == "red"


def test_an_unknown_fact_is_refused_with_the_known_ones() -> None:
    facts = measure_facts(scene())
    with pytest.raises(InputError, match="there is no fact 'beauty': there are width_px, height_px"):
        facts["beauty"]
    assert "beauty" not in facts
    assert "contrast" in facts


def test_bad_input_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "no.png").write_bytes(b"no image")
    with pytest.raises(ImageError, match="no image that can be opened"):
        measure_facts(tmp_path / "no.png")
    with pytest.raises(ImageError, match="there is no file"):
        measure_facts(tmp_path / "none.png")
    with pytest.raises(LimitError, match="max_pixels"):
        measure_facts(scene(), FactsOptions(max_pixels=100))
    with pytest.raises(OptionError, match="longest_px is 2"):
        measure_facts(scene(), FactsOptions(longest_px=2))


def test_the_lines_tell_each_thing_once() -> None:
    lines = measure_facts(scene()).lines()
    assert len(set(lines)) == len(lines)
    assert len({line.split(":")[0] for line in lines}) == len(lines)


def longest_facts() -> list[Facts]:
    """Return facts of images that take many words: many colours, large sizes, tinted names."""
    tinted = np.concatenate([flat(colour, 90, 90) for colour in _MUDDY], axis=1)
    images = [noise(), scene(), tinted.repeat(3, axis=0)]
    if SHARED.exists():
        paths = sorted((SHARED / "paintings").glob("*.jpg"))[::40]
        return [measure_facts(image) for image in (*images, *paths)]
    return [measure_facts(image) for image in images]


_MUDDY = [
    (67, 74, 66), (115, 125, 112), (170, 179, 163), (72, 35, 28), (69, 57, 47), (152, 134, 113), (63, 54, 32),
    (107, 91, 112),
]  # fmt: skip


def test_the_lines_fit_400_tokens_by_a_careful_count() -> None:
    for facts in longest_facts():
        text = "\n".join(facts.lines())
        # each run of letters, each two digits and each other sign counts as one, long words as two
        parts = re.findall(r"[A-Za-z]+|\d{1,2}|[^\sA-Za-z\d]|\n", text)
        assert sum(2 if len(part) > 9 else 1 for part in parts) <= 400, text


@pytest.mark.parametrize(
    ("package", "place"), [("mistral_common", "data/tekken_240911.json"), ("whisper", "assets/gpt2.tiktoken")]
)
def test_the_lines_fit_400_tokens_of_real_tokenizers(package: str, place: str) -> None:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"the package {package}, which carries a real tokenizer, is not installed")
    tokenizer = open_tokenizer(str(Path(spec.submodule_search_locations[0], place)))
    counts = [len(tokenizer.encode("\n".join(facts.lines()))) for facts in longest_facts()]
    assert 200 < max(counts) <= 400
