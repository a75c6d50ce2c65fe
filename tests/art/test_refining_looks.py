"""Looks: digits that are drawn in colour are read, and what is no digit is not."""

import numpy as np
from PIL import Image
from tests.art.refining_things import disc

from calligram.art.refining_brief import make_brief
from calligram.art.refining_looks import BuiltinReader, EyeReader, finders_of, look_at
from calligram.models.base import SamplingOptions, open_model
from calligram.painters.adversarial.kinds import KINDS
from calligram.painters.adversarial.network import Network
from calligram.picture import TextPicture, get_layout

MODEL = open_model()
READERS = (BuiltinReader(MODEL),)


def inked(answer: str, ink: tuple[int, int, int], paper: tuple[int, int, int]) -> Image.Image:
    """Return a digit as the built-in model draws it, in some ink on some paper."""
    layout = get_layout("fine")
    (levels,) = MODEL.draw(("digit", answer), layout, 1, SamplingOptions(seed=3, temperature=0.3))
    grey = np.asarray(TextPicture(levels, layout).image(8).convert("L"), np.float64)[..., None] / 255
    return Image.fromarray((np.array(paper) * (1 - grey) + np.array(ink) * grey).astype(np.uint8))


def test_digits_are_read_in_any_ink_on_any_paper() -> None:
    brief = make_brief("the digit 7", finders=finders_of(READERS))
    for ink, paper in (((196, 48, 43), (250, 246, 238)), ((240, 220, 90), (20, 24, 60))):
        (found,) = look_at(inked("7", ink, paper), brief, READERS).found
        assert found.met is True, found.says
        (other,) = look_at(inked("2", ink, paper), brief, READERS).found
        assert other.met is False, other.says


def test_a_digit_on_clear_paper_is_read_as_on_white() -> None:
    image = inked("7", (40, 40, 40), (255, 255, 255)).convert("RGBA")
    image.putalpha(Image.eval(image.convert("L"), lambda level: 255 - level))
    brief = make_brief("the digit 7", finders=finders_of(READERS))
    assert look_at(image, brief, READERS).found[0].met is True


def test_what_a_disc_is_read_as_is_no_seven() -> None:
    brief = make_brief("the digit 7", finders=finders_of(READERS))
    assert look_at(disc("#c4302b", "#faf6ee"), brief, READERS).found[0].met is False


class Seeing(Network):
    """An eye that always sees a cat, in large images surely."""

    def see(self, image: Image.Image) -> np.ndarray:  # type: ignore[type-arg]
        share = 0.9 if image.width > 50 else 0.4
        told = np.full(len(KINDS), (1 - share) / (len(KINDS) - 1), np.float32)
        told[KINDS.index("cat")] = share
        return told


def test_the_painters_eye_finds_kinds_by_their_own_names_alone() -> None:
    from pathlib import Path

    eye = EyeReader(Seeing(Path()))
    assert [eye.find(words) for words in ("a red cat", "two cats", "a feline", "a 7", "the digit 7")] == [
        "cat",
        "cat",
        None,
        "seven",
        "seven",
    ]
    brief = make_brief("a red cat", finders=finders_of((eye,)))
    assert [found.met for found in look_at(disc("#c4302b", "#faf6ee"), brief, (eye,)).found] == [True, True]
    small = look_at(disc("#c4302b", "#faf6ee", (40, 40)), brief, (eye,)).found
    assert [found.met for found in small] == [False, True]
    other = make_brief("a red bird", finders=finders_of((eye,)))
    assert [found.met for found in look_at(disc("#c4302b", "#faf6ee"), other, (eye,)).found] == [False, True]
