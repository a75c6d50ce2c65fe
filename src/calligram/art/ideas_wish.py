"""What ideas are asked for: words, a mood, an image; and what a template may draw on because of it."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from calligram.art.fact import Facts
from calligram.art.filling import OWN, Piece
from calligram.art.templates import Parts, parse
from calligram.art.wildcards import WordLists
from calligram.errors import ImageError, InputError

IMAGE = "image"
"""Where words come from that were measured on the image."""

FAMILIES = ("calm", "bright", "dark", "wild", "strange")
LED = ("light", "weather", "palette", "mood")
"""Lists that are kept by families of mood."""

MEDIA = {
    "line art": ("drawing", "print"),
    "photograph": ("photograph",),
    "painting": ("oil", "watercolour"),
    "flat graphic": ("print", "digital"),
}
"""Media near to what an image seems to be made in."""

FLAT = ("oil", "watercolour", "drawing", "print")
"""Media in which the techniques of drawing and painting make sense."""

MOST_COLOURS = 3
LEAST_SHARE = 0.08
"""Colours with less of an image are left unsaid."""


@dataclass(frozen=True)
class IdeaWish:
    """What ideas are asked for; at least one of the first four is given.

    Args:
        words: the user's own words, or a template of them.
        mood: a word for a mood.
        image: the path of an image, empty for none.
        template: the form of each idea; empty takes one of those that ship.
        image_sha256: of the image's file, so that it is known again.
    """

    words: str = ""
    mood: str = ""
    image: str = ""
    template: str = ""
    image_sha256: str = ""

    def __post_init__(self) -> None:
        if not (self.words.strip() or self.mood.strip() or self.image or self.template.strip()):
            raise InputError(
                "ideas want a beginning, but none was given: give words, --mood, --image or --template"
            )


@dataclass(frozen=True)
class Ground:
    """What a wish stands on: the variables of its templates, and what led to them.

    Args:
        variables: parts or fixed pieces by the variable's name.
        family: the family of mood that leads, empty for none.
        facts: of the image, or None.
        reasons: what was taken from mood and image, a sentence each.
    """

    variables: Mapping[str, Parts | tuple[Piece, ...]]
    family: str
    facts: Facts | None
    reasons: tuple[str, ...]

    @property
    def colours(self) -> tuple[str, ...]:
        """The image's main colours, without shades of them, as ``("brown", "grey")``."""
        return tuple(dict.fromkeys(name.split()[-1] for name in _colours(self.facts))) if self.facts else ()


def make_wish(words: str, mood: str, image: str | os.PathLike[str] | None, template: str) -> IdeaWish:
    """Return a wish, its image known by its content.

    Raises:
        InputError: nothing is asked for.
        ImageError: the image cannot be read.
    """
    place = "" if image is None else os.fspath(image)
    told = ""
    if place and place != "-" and Path(place).is_file():
        try:
            with Path(place).open("rb") as stream:
                told = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as fault:
            raise ImageError(f"{place!r} cannot be read ({fault.strerror}): check the file") from fault
    return IdeaWish(" ".join(words.split()), " ".join(mood.split()), place, template.strip(), told)


def lay_ground(wish: IdeaWish, lists: WordLists) -> Ground:
    """Return what a wish stands on.

    Raises:
        ImageError: the image cannot be read.
        LimitError: it is over a limit.
    """
    facts = None
    if wish.image:
        from calligram.art.facts import measure_facts

        facts = measure_facts(wish.image)
    family, reasons = _family(wish, facts, lists)
    variables: dict[str, Parts | tuple[Piece, ...]] = {
        name: parse(f"__{name}/{family}__" if family and lists.has(f"{name}/{family}") else f"__{name}__")
        for name in LED
    }
    variables |= {
        name: parse(f"__{name}__") for name in ("time", "composition", "technique", "style", "medium", "era")
    }
    variables["flat_medium"] = parse(_one_of(FLAT))
    variables["companion"] = parse("__subject/*__")
    variables["words"] = parse("__subject__, __place__")
    own = f" {wish.words.lower()} "
    if any(line in own for line in lists.lines("time")):
        # a time of day that the user has named stands alone
        variables["time"] = ()
    if wish.mood:
        said = re.search(rf"\b{re.escape(wish.mood.lower())}\b", own)
        variables["mood"] = () if said else (Piece(wish.mood, OWN),)
    if facts is not None:
        reasons += _from_image(variables, facts)
    return Ground(variables, family, facts, reasons)


def _family(wish: IdeaWish, facts: Facts | None, lists: WordLists) -> tuple[str, tuple[str, ...]]:
    """Return the family of mood that leads, and why."""
    if wish.mood:
        for family in FAMILIES:
            known = (*lists.lines(f"mood/{family}"), family) if lists.has(f"mood/{family}") else (family,)
            if {wish.mood.lower(), *re.findall(r"[\w-]+", wish.mood.lower())} & set(known):
                return family, (f"{wish.mood!r} is a {family} mood: light, weather and palette follow it",)
        return "", (f"{wish.mood!r} is in no list of moods: it is said, but leads no other choice",)
    if facts is None:
        return "", ()
    if facts["light_or_dark"] != "middling":
        family = {"light": "bright", "dark": "dark"}[facts["light_or_dark"]]
        return family, (f"the image is {facts['light_or_dark']}: light and weather are {family} ones",)
    if facts["busy_or_empty"] == "middling":
        return "", ()
    family = {"busy": "wild", "empty": "calm"}[facts["busy_or_empty"]]
    return family, (f"the image is {facts['busy_or_empty']}: light and weather are {family} ones",)


def _from_image(variables: dict[str, Parts | tuple[Piece, ...]], facts: Facts) -> tuple[str, ...]:
    """Set the variables that an image decides, and return what was taken from it."""
    colours = _colours(facts)
    variables["palette"] = (Piece(join_words(colours), IMAGE),)
    reasons = [f"the palette is the image's: {join_words(colours)}"]
    shape = {"portrait": "upright", "landscape": "wide", "square": "square"}[facts["orientation"]]
    variables["format"] = (Piece(f"{shape} format", IMAGE),)
    variables["composition"] = (
        *parse("__composition__"),
        *parse(f", ${{format:{shape} format}}"),
    )
    reasons.append(f"the format is the image's: {shape}")
    if facts["make"] in MEDIA:
        variables["medium"] = variables["flat_medium"] = parse(_one_of(MEDIA[facts["make"]]))
        reasons.append(f"the image looks like a {facts['make']}, as a guess: media near to that")
    return tuple(reasons)


def _one_of(media: tuple[str, ...]) -> str:
    return "{" + "|".join(f"__medium/{name}__" for name in media) + "}"


def _colours(facts: Facts) -> list[str]:
    names = [colour["name"] for colour in facts["palette"] if colour["share"] >= LEAST_SHARE]
    return list(dict.fromkeys([facts["main_colour"], *names]))[:MOST_COLOURS]


def join_words(words: list[str] | tuple[str, ...]) -> str:
    """Return words as a list in a sentence.

    >>> join_words(["grey", "sand", "pale blue"])
    'grey, sand and pale blue'
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
