"""Scripts of images: which is shown for which words and seed, and what is wrong with one that is none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from calligram.errors import ModelError, RequestError
from calligram.painters.base import Order, Painter, open_painter

Opening = Callable[..., Painter]


@pytest.fixture
def opened(tmp_path: Path) -> Opening:
    """Return a function that opens a painter with such rules and three images of one colour."""
    for name in ("red", "green", "blue"):
        Image.new("RGB", (4, 4), name).save(tmp_path / f"{name}.png")

    def make(*rules: Any) -> Painter:
        (tmp_path / "script.json").write_text(json.dumps(rules), encoding="utf-8")
        return open_painter(f"scripted:{tmp_path / 'script.json'}")

    return make


def files(painter: Painter, words: str, seed: int = 0, count: int = 1) -> list[object]:
    return [one.settings["file"] for one in painter.paint(Order(words, seed=seed), count)]


def test_the_first_rule_that_fits_the_words_counts(opened: Opening) -> None:
    painter = opened({"when": "Cat", "paint": "red.png"}, {"paint": "blue.png"})
    assert files(painter, "a cat") == ["red.png"]
    assert files(painter, "a dog") == ["blue.png"]


def test_the_seed_picks_the_image_and_begins_anew_behind_the_last(opened: Opening) -> None:
    painter = opened({"paint": ["red.png", "green.png", "blue.png"]})
    assert files(painter, "x", 2, 3) == ["blue.png", "red.png", "green.png"]


def test_an_image_has_the_size_that_is_asked_for(opened: Opening) -> None:
    (one,) = opened({"paint": "red.png"}).paint(Order("x", width=7, height=5))
    assert (one.image.size, one.image.getpixel((3, 3))) == ((7, 5), (255, 0, 0))


def test_words_that_no_rule_fits_or_one_refuses_are_refused(opened: Opening) -> None:
    painter = opened({"when": "dog", "refuse": "no dogs"}, {"when": "cat", "paint": "red.png"})
    with pytest.raises(RequestError, match="no dogs"):
        painter.paint(Order("a dog"))
    with pytest.raises(RequestError, match="no rule of the script fits"):
        painter.paint(Order("a bird"))


@pytest.mark.parametrize("rule", [{}, {"when": "(", "paint": "red.png"}, 3, {"paint": 4}])
def test_a_file_that_is_no_script_is_refused(opened: Opening, rule: Any) -> None:
    with pytest.raises(ModelError, match="no list of rules"):
        opened(rule)


def test_what_is_missing_is_told(opened: Opening, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="names no file"):
        open_painter("scripted")
    with pytest.raises(ModelError, match="cannot be read"):
        open_painter(f"scripted:{tmp_path / 'none.json'}")
    with pytest.raises(ModelError, match=r"the image .*none\.png"):
        opened({"paint": "none.png"}).paint(Order("x"))
