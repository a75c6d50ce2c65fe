"""What a model that only knows text is given of an image."""

import io
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from calligram.art.eyes import Eyes, EyesOptions, eyes_of
from calligram.art.facts import measure_facts
from calligram.errors import ImageError, InputError, OptionError

ART = Path(__file__).resolve().parents[3] / "shared" / "data" / "art"
MOST_TOKENS = 400

QUESTIONS: Mapping[str, str] = {
    "main_colour": r"^Main colour: ([a-z -]+),",
    "orientation": r"^Orientation: (\w+),",
    "light_or_dark": r"^Light or dark: (\w+) ",
    "colour_or_grey": r"^Colour or grey: (\w+)$",
    "symmetrical": r"^Symmetrical: (\w+)",
    "busy_or_empty": r"^Busy or empty: (\w+) ",
}
"""Where a rule finds the answer to a question in a prompt."""


@pytest.fixture(scope="module")
def art() -> list[Path]:
    paths = [path for folder in ("paintings", "photos") for path in sorted((ART / folder).glob("*.*"))]
    if not paths:
        pytest.skip(f"{ART} is not at hand: the pictures are needed")
    return paths


def scene(height: int, width: int) -> NDArray[np.uint8]:
    """Return a light disc in the upper left third of a dark ground."""
    down, across = np.mgrid[:height, :width]
    disc = np.hypot(down / height - 0.2, across / width - 0.2) < 0.15
    return np.where(disc[..., None], (230, 190, 60), (30, 34, 60)).astype(np.uint8)


def answer(prompt: str, question: str) -> str | None:
    found = re.search(QUESTIONS[question], prompt, re.MULTILINE)
    return found[1] if found else None


def count_tokens(text: str) -> int:
    """Return the words, numbers and signs of a text; a word of over six letters counts twice."""
    parts = re.findall(r"[A-Za-z]+|\d+|[^\w\s]", text)
    return sum(2 if len(part) > 6 else 1 for part in parts)


def letters_between(line: str) -> str:
    return line[line.index("|") + 1 : line.rindex("|")]


# the prompt


def test_the_prompt_is_the_facts_and_the_picture() -> None:
    eyes = eyes_of(scene(120, 160))
    assert all(line in eyes.prompt.splitlines() for line in eyes.facts.lines())
    assert all(line in eyes.prompt.splitlines() for line in eyes.drawn_lines())
    assert eyes.facts.to_json() == measure_facts(scene(120, 160)).to_json()


def test_the_lines_drawn_are_the_text_picture_with_names_around_it() -> None:
    eyes = eyes_of(scene(120, 160))
    letters, *rows = eyes.drawn_lines()
    assert [letters_between(row) for row in rows] == eyes.picture.text.splitlines()
    assert letters.split() == list("ABCDEFGH")
    assert [row.split("|")[0].strip() for row in rows[::4]] == [str(number) for number in range(1, 7)]
    assert all(letters[4 + 8 * place] == letter for place, letter in enumerate("ABCDEFGH"))


def test_a_light_disc_is_seen_where_it_lies() -> None:
    eyes = eyes_of(scene(120, 160))
    rows, columns = eyes.region("B2")
    assert eyes.picture.levels[rows, columns].mean() > 8
    rows, columns = eyes.region("E4-H6")
    assert eyes.picture.levels[rows, columns].max() == 0


def test_a_landscape_has_cells_of_its_own_aspect() -> None:
    eyes = eyes_of(scene(120, 160))
    assert (eyes.picture.columns, eyes.picture.rows) == (64, 24)


def test_a_tall_picture_has_fewer_columns_and_no_more_rows_than_asked() -> None:
    eyes = eyes_of(scene(300, 100))
    assert (eyes.picture.columns, eyes.picture.rows) == (32, 48)


@pytest.mark.parametrize("size", [(900, 3), (3, 900), (2000, 10), (1, 1)])
def test_a_picture_of_extreme_shape_has_a_prompt_of_bounded_length(size: tuple[int, int]) -> None:
    eyes = eyes_of(scene(*size))
    assert eyes.picture.rows <= EyesOptions().most_rows
    assert len(eyes.prompt) < 7000


def test_the_number_of_columns_can_be_asked_for() -> None:
    eyes = eyes_of(scene(100, 100), EyesOptions(columns=40))
    assert (eyes.picture.columns, eyes.picture.rows) == (40, 20)
    assert eyes.cell_names()[-1] == "E5"


# fields and regions


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return eyes_of(scene(120, 160))


def test_each_character_lies_in_the_region_of_its_field(eyes: Eyes) -> None:
    for row in range(eyes.picture.rows):
        for column in range(eyes.picture.columns):
            rows, columns = eyes.region(eyes.cell_name(row, column))
            assert rows.start <= row < rows.stop
            assert columns.start <= column < columns.stop


def test_the_fields_together_cover_the_picture_once() -> None:
    eyes = eyes_of(scene(90, 130), EyesOptions(columns=52))
    seen = np.zeros(eyes.picture.levels.shape, int)
    for name in eyes.cell_names():
        seen[eyes.region(name)] += 1
    assert (seen == 1).all()


@pytest.mark.parametrize("name", ["B2-D5", "D5-B2", "b5–d2", "B5:D2", " D2 - B5 "])
def test_a_region_is_the_same_by_any_two_corners(eyes: Eyes, name: str) -> None:
    assert eyes.region(name) == (slice(4, 20), slice(8, 32))


@pytest.mark.parametrize("name", ["I1", "A7", "A0", "B2-I1", "A99"])
def test_a_field_outside_the_picture_is_refused_and_the_bounds_are_told(eyes: Eyes, name: str) -> None:
    with pytest.raises(InputError, match=r"A1 to H6|name one as B3"):
        eyes.region(name)


@pytest.mark.parametrize("name", ["", "3B", "middle", "B3-", "B3-D5-F6", "BB3"])
def test_what_names_no_field_is_refused_with_an_example(eyes: Eyes, name: str) -> None:
    with pytest.raises(InputError, match="name one as B3"):
        eyes.region(name)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("A1", "upper left"),
        ("H1", "upper right"),
        ("A6", "lower left"),
        ("D3-E4", "the middle"),
        ("H3-H4", "middle right"),
    ],
)
def test_a_field_is_told_by_its_third(eyes: Eyes, name: str, place: str) -> None:
    assert eyes.place(name) == place


# the image itself


def test_the_image_is_given_only_where_it_is_wanted() -> None:
    assert eyes_of(scene(30, 40), png=False).png is None
    png = eyes_of(scene(30, 40)).png
    assert png is not None
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), scene(30, 40))


def test_a_large_image_is_given_reduced() -> None:
    png = eyes_of(scene(300, 400), EyesOptions(png_px=100)).png
    assert png is not None
    assert Image.open(io.BytesIO(png)).size == (100, 75)


# what is refused


def test_what_is_no_image_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.png").write_bytes(b"no image at all")
    with pytest.raises(ImageError, match=r"no\.png"):
        eyes_of(tmp_path / "no.png")


def test_an_option_out_of_its_range_is_refused() -> None:
    with pytest.raises(OptionError, match="columns"):
        eyes_of(scene(30, 40), EyesOptions(columns=4))


# questions


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (
            np.full((60, 90, 3), (250, 250, 250), np.uint8),
            {
                "orientation": "landscape",
                "light_or_dark": "light",
                "colour_or_grey": "grey",
                "symmetrical": "yes",
            },
        ),
        (
            np.random.default_rng(0).integers(0, 90, (90, 60, 3), dtype=np.uint8),
            {
                "orientation": "portrait",
                "light_or_dark": "dark",
                "colour_or_grey": "colour",
                "busy_or_empty": "busy",
            },
        ),
        (
            scene(80, 80),
            {"orientation": "square", "light_or_dark": "dark", "symmetrical": "no", "busy_or_empty": "empty"},
        ),
    ],
)
def test_a_prompt_answers_what_the_image_was_made_to_be(
    image: NDArray[np.uint8], expected: dict[str, Any]
) -> None:
    prompt = eyes_of(image, png=False).prompt
    assert {question: answer(prompt, question) for question in expected} == expected


def test_prompts_of_art_answer_what_is_measured_and_fit_the_tokens(art: list[Path]) -> None:
    # some of them, spread evenly; docs/how-to/facts.md has the figure over all
    asked = right = 0
    for path in art[::14]:
        seen = eyes_of(path, png=False)
        asked += len(QUESTIONS)
        right += sum(answer(seen.prompt, question) == seen.facts[question] for question in QUESTIONS)
        assert count_tokens("\n".join(seen.facts.lines())) <= MOST_TOKENS, path.name
    assert asked >= 100
    assert right / asked >= 0.9


@pytest.mark.parametrize("name", ["tokenizer.model.v1", "tekken_240911.json"])
def test_facts_fit_four_hundred_tokens_of_a_real_vocabulary(name: str, art: list[Path]) -> None:
    spec = find_spec("mistral_common")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the package mistral_common, which carries real tokenizers, is not installed")
    from calligram.evaluation.tokens.opening import open_tokenizer

    tokenizer = open_tokenizer(str(Path(spec.submodule_search_locations[0], "data", name)))
    for path in art[::28]:
        lines = eyes_of(path, png=False).facts.lines()
        assert len(tokenizer.encode("\n".join(lines))) <= MOST_TOKENS, path.name
