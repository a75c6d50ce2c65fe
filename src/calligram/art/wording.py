"""Wording: the facts of an image as pieces of English that sentences are put together from.

Each piece carries the keys of the facts, or the fields of the text picture, that it was made from, so that a
sentence knows what it rests on.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

import numpy as np

from calligram.art.composition import FIELDS
from calligram.art.eyes import FIELD_COLUMNS, FIELD_ROWS, Eyes
from calligram.art.fact import Facts

ACCENT_CHROMA, ACCENT_SHARE = 36.0, 0.15
"""A colour with so much chroma that takes up less of the picture is an accent."""
NAMED_SHARE = 0.03
"""Smaller colours are not named among the others."""
MOST_OTHERS = 3
LEAST_STEP = 0.5
"""Where the fields of a text picture differ by less than so many levels, none is told from the others."""

_SHARES = (
    (0.0, "hardly any"), (0.03, "a small part"), (0.085, "about a tenth"), (0.17, "about a fifth"),
    (0.22, "about a quarter"), (0.29, "about a third"), (0.37, "about two fifths"), (0.45, "about half"),
    (0.56, "more than half"), (0.63, "about two thirds"), (0.71, "about three quarters"), (0.82, "most"),
    (0.95, "nearly all"),
)  # fmt: skip
"""From which share on a share is called so."""
_HEIGHTS = (
    (0.0, "near the upper edge"), (0.15, "in the upper third"), (0.36, "a little above the middle"),
    (0.47, "half-way down"), (0.54, "a little below the middle"), (0.64, "in the lower third"),
    (0.85, "near the lower edge"),
)  # fmt: skip
_OPPOSITES = {
    "lightest": "darkest", "darkest": "lightest", "liveliest": "calmest", "calmest": "liveliest"
}  # fmt: skip
_MAKES = {"line art": "drawing in line"}
"""How kinds of pictures are called behind an article, where they are not called by their own name."""
_GRADE = re.compile(r"[^:]+: ([^,(]+)")


_RANKED = ("lightest", "darkest", "liveliest", "calmest")
PIECES = frozenset(
    (
        *("format", "ratio", "size", "make", "evidence", "main", "main_share", "colours", "others", "second"),
        *("accent", "temperature", "colourfulness", "contrast", "edge_density", "texture", "lightness"),
        *("empty", "centre", "heaviest", "slightest", "horizon", "lighter_side", "axis"),
        *_RANKED,
        *(f"{name}_field" for name in _RANKED),
    )
)
"""The names of all pieces that there can be; of an image some may be missing."""


@dataclass(frozen=True)
class Piece:
    """A few words, and what they rest on.

    Args:
        text: the words.
        facts: keys of facts.
        regions: fields of the text picture.
    """

    text: str
    facts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


def pieces_of(eyes: Eyes) -> Mapping[str, Piece]:
    """Return the pieces by name; a piece for which there is nothing to say is missing."""
    facts = eyes.facts
    return dict((*_format(facts), *_colours(facts), *_tones(facts), *_places(facts), *_fields(eyes)))


def grade_of(facts: Facts, key: str) -> str:
    """Return the word that a fact's line begins with, as ``"very low"`` for contrast."""
    found = _GRADE.match(facts.text(key))
    return found.group(1).strip() if found else str(facts[key])


def share_words(share: float) -> str:
    """Return how much of something a share is, in words.

    >>> share_words(0.34), share_words(0.02)
    ('about a third', 'hardly any')
    """
    return _SHARES[bisect_right([bound for bound, _ in _SHARES], share) - 1][1]


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence.

    >>> listed(["grey", "tan", "cream"])
    'grey, tan and cream'
    """
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def _format(facts: Facts) -> Iterator[tuple[str, Piece]]:
    aspect = float(facts["aspect"])
    words = {"landscape": "wider than it is high", "portrait": "higher than it is wide"}
    keys = ("orientation",)
    yield "format", Piece(words.get(facts["orientation"], "square, or very nearly so"), keys)
    yield "ratio", Piece(f"{max(aspect, 1 / aspect):.1f}".removesuffix(".0"), ("aspect",))
    yield "size", Piece(f"{facts['width_px']} by {facts['height_px']} pixels", ("width_px", "height_px"))
    if facts["make"] != "unsure":
        yield "make", Piece(_MAKES.get(facts["make"], facts["make"]), ("make",))
        yield "evidence", Piece(str(facts["make_evidence"]), ("make_evidence",))


def _colours(facts: Facts) -> Iterator[tuple[str, Piece]]:
    palette = facts["palette"]
    keys = ("palette",)
    yield "main", Piece(palette[0]["name"], ("main_colour",))
    yield "main_share", Piece(share_words(palette[0]["share"]), ("main_colour",))
    yield "colours", Piece(_number(len(palette)), keys)
    others = [colour["name"] for colour in palette[1:] if colour["share"] >= NAMED_SHARE][:MOST_OTHERS]
    if others:
        yield "others", Piece(listed(others), keys)
        yield "second", Piece(others[0], keys)
    accents = [colour for colour in palette[1:] if _is_accent(colour)]
    if accents:
        loudest = max(accents, key=lambda colour: hypot(*colour["lab"][1:]))
        yield "accent", Piece(loudest["name"], keys)
    yield "temperature", Piece(facts["temperature"], ("temperature",))
    yield "colourfulness", Piece(grade_of(facts, "colourfulness"), ("colourfulness",))


def _is_accent(colour: Mapping[str, Any]) -> bool:
    return hypot(*colour["lab"][1:]) >= ACCENT_CHROMA and colour["share"] < ACCENT_SHARE


def _tones(facts: Facts) -> Iterator[tuple[str, Piece]]:
    for name in ("contrast", "edge_density", "texture"):
        yield name, Piece(grade_of(facts, name), (name,))
    yield "lightness", Piece(f"{facts['lightness']:.0f}", ("lightness",))
    yield "empty", Piece(share_words(facts["empty_space"]), ("empty_space",))


def _places(facts: Facts) -> Iterator[tuple[str, Piece]]:
    thirds = facts["thirds"]
    yield "centre", Piece(facts["centre"], ("centre",))
    yield "heaviest", Piece(_with_the(FIELDS[int(np.argmax(thirds))]), ("thirds",))
    yield "slightest", Piece(_with_the(FIELDS[int(np.argmin(thirds))]), ("thirds",))
    if facts["horizon"] is not None:
        place = _HEIGHTS[bisect_right([bound for bound, _ in _HEIGHTS], facts["horizon"]) - 1][1]
        yield "horizon", Piece(place, ("horizon",))
        side = "below" if "lighter below" in facts.text("horizon") else "above"
        yield "lighter_side", Piece(side, ("horizon",))
    if facts["symmetrical"] == "yes":
        told = facts.text("symmetrical").partition(" (")[0]
        axis = "left and right" if "left-right" in told else "top and bottom"
        yield "axis", Piece(axis, ("symmetrical",))


def _fields(eyes: Eyes) -> Iterator[tuple[str, Piece]]:
    """Yield where the lightest, the darkest and the most varied field of the text picture lies."""
    levels = eyes.picture.levels.astype(np.float64)
    spans = {name: levels[eyes.region(name)] for name in eyes.cell_names()}
    whole = {name: span for name, span in spans.items() if span.size * 2 >= FIELD_COLUMNS * FIELD_ROWS}
    whole = whole or spans
    ranks = {
        "lightest": max(whole, key=lambda name: whole[name].mean()),
        "darkest": min(whole, key=lambda name: whole[name].mean()),
        "liveliest": max(whole, key=lambda name: whole[name].std()),
        "calmest": min(whole, key=lambda name: whole[name].std()),
    }
    if whole[ranks["lightest"]].mean() - whole[ranks["darkest"]].mean() < LEAST_STEP:
        return
    for name, field in ranks.items():
        other = ranks[_OPPOSITES[name]]
        place = _with_the(eyes.place(field))
        same = eyes.place(other) == eyes.place(field) and field != other
        yield name, Piece(f"{place} ({field})" if same else place, regions=(field,))
        yield f"{name}_field", Piece(field, regions=(field,))


def _with_the(place: str) -> str:
    return place if place.startswith("the ") else f"the {place}"


def _number(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
    return words[count] if count < len(words) else str(count)
