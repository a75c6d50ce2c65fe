"""Wishes of a brief that can be checked on an image, each with its measure and from where on it is met.

A wish is met where its value is on the right side of a bound. How far it lies from the bound, as a share of
the span that such values have, is its margin; margins only order images that meet the same number of wishes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np

from calligram.art.colour_facts import COOL, DARK, LIGHT, WARM
from calligram.art.composition import SYMMETRICAL
from calligram.art.fact import Facts
from calligram.art.facts import SQUARE
from calligram.art.grounding import COLOUR_WORDS, NEAR
from calligram.art.surface_facts import BUSY, EMPTY
from calligram.art.work_wishes import COLOURS, MUTED, STRONG, VIVID, colours_of
from calligram.art.work_wishes import QUALITIES as WORDS
from calligram.errors import InputError
from calligram.models.base import Reading
from calligram.picture.lab import FloatArray, difference

Kind = Literal["subject", "colour", "quality", "colours"]
KINDS = ("subject", "colour", "quality", "colours")

LEAST_SHARE = 0.08
"""A colour is in a picture that has so much of it."""
LEAST_OF_FIGURE = 0.3
"""A colour is in a picture too where so much of what is not the ground is of it."""
GROUND = 0.5
"""The main colour is the ground where it takes up so much."""
COUNTED = 0.03
"""Colours with a smaller share are not counted."""
MUCH_EMPTY, LITTLE_EMPTY = 0.55, 0.35
"""Shares of empty space that are called much and little."""

PLAIN_COLOURS = COLOURS | frozenset(COLOUR_WORDS.values())

ALIKE: Mapping[str, frozenset[str]] = {
    "purple": frozenset({"violet"}),
    "violet": frozenset({"purple"}),
    "red": frozenset({"crimson"}),
    "yellow": frozenset({"gold"}),
    "gold": frozenset({"yellow", "ochre"}),
    "orange": frozenset({"rust"}),
    "white": frozenset({"cream"}),
}
"""Names that count for a colour word too: people would not tell them apart."""


@dataclass(frozen=True)
class Quality:
    """A quality, and the number that it is measured by.

    Args:
        key: of the fact that is cited.
        value: the number, from the facts.
        bound: from where on it is met.
        span: how far such values spread, for the margin.
        more: whether it is met above the bound, or below.
        opposite: what a picture is otherwise, to be avoided where it is missing.
    """

    key: str
    value: Callable[[Facts], float]
    bound: float
    span: float
    more: bool
    opposite: str


def _of(key: str) -> Callable[[Facts], float]:
    return lambda facts: float(facts[key])


def _symmetry(facts: Facts) -> float:
    return max(float(facts["symmetry_left_right"]), float(facts["symmetry_top_bottom"]))


def _off_square(facts: Facts) -> float:
    aspect = float(facts["aspect"])
    return max(aspect, 1 / aspect)


def _greyness(facts: Facts) -> float:
    return float(facts["colour_or_grey"] == "grey")


QUALITIES: Mapping[str, Quality] = {
    "dark": Quality("lightness", _of("lightness"), DARK, 40, False, "bright"),
    "light": Quality("lightness", _of("lightness"), LIGHT, 40, True, "dark"),
    "warm": Quality("warmth", _of("warmth"), WARM, 0.5, True, "cool colours"),
    "cool": Quality("warmth", _of("warmth"), COOL, 0.5, False, "warm colours"),
    "colourful": Quality("colourfulness", _of("colourfulness"), VIVID, 60, True, "muted colours"),
    "muted": Quality("colourfulness", _of("colourfulness"), MUTED, 60, False, "vivid colours"),
    "strong in contrast": Quality("contrast", _of("contrast"), STRONG, 0.2, True, "low contrast"),
    "soft in contrast": Quality("contrast", _of("contrast"), STRONG, 0.2, False, "strong contrast"),
    "upright": Quality("aspect", _of("aspect"), 1 / SQUARE, 0.5, False, "wide format"),
    "wide": Quality("aspect", _of("aspect"), SQUARE, 0.5, True, "upright format"),
    "square": Quality("aspect", _off_square, SQUARE, 0.5, False, ""),
    "empty": Quality("complexity", _of("complexity"), EMPTY, 1.0, False, "clutter"),
    "busy": Quality("complexity", _of("complexity"), BUSY, 1.0, True, "emptiness"),
    "not busy": Quality("complexity", _of("complexity"), BUSY, 1.0, False, "clutter"),
    "much empty space": Quality("empty_space", _of("empty_space"), MUCH_EMPTY, 0.5, True, "a full picture"),
    "little empty space": Quality("empty_space", _of("empty_space"), LITTLE_EMPTY, 0.5, False, "empty space"),
    "symmetrical": Quality("symmetrical", _symmetry, SYMMETRICAL, 0.5, True, "asymmetry"),
    "grey": Quality("colour_or_grey", _greyness, 0.5, 0.5, True, "colour"),
}
"""Each quality by its name."""
TESTS = {quality.name: quality.test for quality in WORDS}
"""Whether facts have a quality, by its name, where those who help with a work ask that too."""
LEAST_MARGIN = 0.0001


@dataclass(frozen=True)
class Wish:
    """One thing that a brief asks for and that can be checked.

    Args:
        kind: ``subject``, ``colour``, ``quality`` or ``colours``, their number.
        value: what is asked for, as ``"cat"``, ``"red"``, ``"dark"``, or ``"2"``.
        wanted: False where the brief asks for it not to be.
        words: the brief's own, empty where they came from somewhere else.

    Raises:
        InputError: there is no such wish.
    """

    kind: Kind
    value: str
    wanted: bool = True
    words: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"a wish is of kind {self.kind!r}, but must be one of {', '.join(KINDS)}")
        if self.kind == "quality" and self.value not in QUALITIES:
            raise InputError(
                f"there is no quality {self.value!r} that can be checked: "
                f"choose one of {', '.join(QUALITIES)}"
            )
        if self.kind == "colour" and self.value not in PLAIN_COLOURS:
            raise InputError(
                f"there is no colour {self.value!r} that can be checked: "
                f"choose one of {', '.join(sorted(PLAIN_COLOURS))}"
            )
        if self.kind == "colours" and self.value not in tuple("123456"):
            raise InputError(f"a wish asks for {self.value!r} colours, but 1 to 6 can be counted")
        if not self.value.strip():
            raise InputError("a wish is empty: say what is wished")

    @property
    def name(self) -> str:
        """What a picture is then to be or show, in few words."""
        told = f"at most {self.value} colours" if self.kind == "colours" else self.value
        return told if self.wanted else f"not {told}" if self.kind == "quality" else f"no {told}"

    def to_json(self) -> dict[str, Any]:
        """Return the wish as JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True)
class Found:
    """What one image has of one wish.

    Args:
        wish: what was asked for.
        met: whether it has it; None where nothing at hand can tell.
        margin: how far it lies on the right side of the bound, -1 to 1; below 0 where it is not met.
        says: one sentence, with what was measured.
    """

    wish: Wish
    met: bool | None
    margin: float
    says: str

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {**self.wish.to_json(), "met": self.met, "margin": self.margin, "says": self.says}


def check_wishes(wishes: tuple[Wish, ...], facts: Facts, readings: Mapping[str, Reading]) -> Iterator[Found]:
    """Yield what an image has of each wish.

    Args:
        wishes: of the brief.
        facts: of the image.
        readings: of the image, by the subject that was looked for; a subject that is not among them counts
            as one that nothing at hand can tell.
    """
    for wish in wishes:
        if wish.kind == "subject":
            yield _subject(wish, readings.get(wish.value))
        elif wish.kind == "colour":
            share = colour_share(wish.value, facts)
            yield _found(wish, (share - 1) if share < 1 else (share - 1) / share, facts, "palette")
        elif wish.kind == "colours":
            count = len(_counted(facts))
            yield _found(wish, (int(wish.value) + 0.5 - count) / 4, facts, "palette")
        else:
            yield _quality(wish, facts)


def _quality(wish: Wish, facts: Facts) -> Found:
    quality = QUALITIES[wish.value]
    apart = (quality.value(facts) - quality.bound) / quality.span
    apart = apart if quality.more else -apart
    if wish.value in TESTS:
        # the facts were graded before they were rounded, and say which side it is
        apart = max(apart, 0.0) if TESTS[wish.value](facts.to_json()) else min(apart, -LEAST_MARGIN)
    return _found(wish, apart, facts, quality.key)


def _found(wish: Wish, apart: float, facts: Facts, key: str) -> Found:
    """Return what is found for a wish whose value lies so far on the side of the bound where the thing is."""
    met = (apart >= 0) == wish.wanted
    margin = max(-1.0, min(1.0, apart if wish.wanted else -apart))
    told = f"{facts.text('main_colour')}; {facts.text('palette')}" if key == "palette" else facts.text(key)
    return Found(wish, met, round(margin, 4), _says(wish, met, told))


def _says(wish: Wish, met: bool | None, told: str) -> str:
    word = {True: "met", False: "missed", None: "unread"}[met]
    return f"{word}: {wish.name} ({told})"


def _subject(wish: Wish, reading: Reading | None) -> Found:
    if reading is None:
        return Found(wish, None, 0.0, _says(wish, None, "nothing at hand can read whether it shows that"))
    share = dict(reading.candidates).get(wish.value, 0.0)
    others = max((part for name, part in reading.candidates if name != wish.value), default=0.0)
    there = reading.answer == wish.value
    met = there == wish.wanted
    apart = share - others
    told = f"it is read as {reading.answer or 'nothing it knows'} ({reading.confidence:.2f})"
    margin = apart if wish.wanted else -apart
    # a reading that abstains is against the wish whatever is likeliest
    margin = max(margin, 0.0) if met else min(margin, -0.01)
    return Found(wish, met, round(margin, 4), _says(wish, met, told))


def colour_share(colour: str, facts: Facts) -> float:
    """Return how much of a colour a picture has, in parts of what is asked for; 1 and above is enough.

    What counts is its share of the picture, or of the figure where one colour is the ground.
    """
    names = {colour} | ALIKE.get(colour, frozenset())
    palette = facts["palette"]
    shares = [float(one["share"]) for one in palette]
    of_it = [bool(names & set(colours_of(one["name"]))) for one in palette]
    whole = sum(share for share, is_it in zip(shares, of_it, strict=True) if is_it) / LEAST_SHARE
    if shares[0] < GROUND or of_it[0] or len(shares) == 1:
        return whole
    figure = sum(share for share, is_it in zip(shares[1:], of_it[1:], strict=True) if is_it)
    return max(whole, figure / sum(shares[1:]) / LEAST_OF_FIGURE)


def _counted(facts: Facts) -> set[str]:
    """Return the plain colours of a picture that are large enough to be counted, and no mere soft edges."""
    labs = np.array([one["lab"] for one in facts["palette"]], np.float64)
    return {
        colours_of(one["name"])[0]
        for place, one in enumerate(facts["palette"])
        if one["share"] >= COUNTED and not _is_blend(labs[place], labs[:place])
    }


def _is_blend(lab: FloatArray, larger: FloatArray) -> bool:
    """Return whether a colour lies between two larger ones, as that of a soft edge does."""
    for one, other in combinations(larger, 2):
        way = other - one
        place = float(np.clip((lab - one) @ way / max(float(way @ way), 1e-9), 0, 1))
        if float(difference(lab, one + place * way)) < NEAR:
            return True
    return False
