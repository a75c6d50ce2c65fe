"""What a brief wishes that can be measured, and whether a draft has it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from calligram.art.colour_names import NAMES

LEAST_SHARE = 0.08
"""A colour counts as being in a picture from this share of it on."""

VIVID, MUTED = 45, 33
"""Colourfulness of pictures called quite colourful, and moderately. Source: Hasler and Süsstrunk 2003."""
STRONG = 0.2
"""Contrast of at most 0.5 from which it is called strong."""

NOT = frozenset({"not", "no", "without", "never", "nothing", "hardly", "less"})
"""Words that turn the next two around."""

Test = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Quality:
    """A quality that words of a brief ask for.

    Args:
        words: any of them asks for it.
        name: what a picture is then to be, as ``"dark"``.
        test: whether facts have it.
        key: the fact that shows it.
        more: what to do where it is missing.
        less: what to do where it is there and is not wanted.
    """

    words: str
    name: str
    test: Test
    key: str
    more: str
    less: str


def _is(key: str, *values: str) -> Test:
    return lambda facts: facts.get(key) in values


def _from(key: str, least: float) -> Test:
    return lambda facts: float(facts.get(key) or 0) >= least


QUALITIES = (
    Quality(
        "dark night nocturne gloomy dim",
        "dark",
        _is("light_or_dark", "dark"),
        "lightness",
        "darken it",
        "lighten it",
    ),
    Quality(
        "bright light sunny luminous airy",
        "light",
        _is("light_or_dark", "light"),
        "lightness",
        "lighten it",
        "darken it",
    ),
    Quality(
        "warm",
        "warm",
        _is("temperature", "warm"),
        "warmth",
        "move the colours to red and yellow",
        "cool the colours",
    ),
    Quality(
        "cool cold icy",
        "cool",
        _is("temperature", "cool"),
        "warmth",
        "move the colours to blue",
        "warm the colours",
    ),
    Quality(
        "vivid colourful colorful saturated",
        "colourful",
        _from("colourfulness", VIVID),
        "colourfulness",
        "strengthen the colours",
        "mute the colours",
    ),
    Quality(
        "muted faded subdued restrained",
        "muted",
        lambda facts: not _from("colourfulness", MUTED)(facts),
        "colourfulness",
        "mute the colours",
        "strengthen the colours",
    ),
    Quality(
        "stark contrasty dramatic",
        "strong in contrast",
        _from("contrast", STRONG),
        "contrast",
        "widen the span from dark to light",
        "bring dark and light nearer to each other",
    ),
    Quality(
        "soft misty hazy foggy",
        "soft in contrast",
        lambda facts: not _from("contrast", STRONG)(facts),
        "contrast",
        "bring dark and light nearer to each other",
        "widen the span from dark to light",
    ),
    Quality(
        "upright portrait tall vertical",
        "upright",
        _is("orientation", "portrait"),
        "orientation",
        "turn or crop it upright",
        "turn or crop it",
    ),
    Quality(
        "wide horizontal panorama panoramic",
        "wide",
        _is("orientation", "landscape"),
        "orientation",
        "turn or crop it wide",
        "turn or crop it",
    ),
    Quality(
        "square",
        "square",
        _is("orientation", "square"),
        "orientation",
        "crop it square",
        "crop it off the square",
    ),
    Quality(
        "empty sparse minimal bare spacious",
        "empty",
        _is("busy_or_empty", "empty"),
        "busy_or_empty",
        "take things out",
        "fill it more",
    ),
    Quality(
        "crowded busy teeming",
        "busy",
        _is("busy_or_empty", "busy"),
        "busy_or_empty",
        "fill it more",
        "take things out",
    ),
    Quality(
        "quiet calm still hushed peaceful serene",
        "not busy",
        _is("busy_or_empty", "empty", "middling"),
        "busy_or_empty",
        "take things out",
        "fill it more",
    ),
    Quality(
        "symmetrical symmetry symmetric",
        "symmetrical",
        _is("symmetrical", "yes"),
        "symmetrical",
        "answer left with right",
        "break the symmetry",
    ),
    Quality(
        "monochrome greyscale grayscale colourless",
        "grey",
        _is("colour_or_grey", "grey"),
        "colour_or_grey",
        "take the colour out",
        "bring colour in",
    ),
)

COLOURS = frozenset(
    {
        "black",
        "white",
        "grey",
        "brown",
        "red",
        "orange",
        "yellow",
        "green",
        "blue",
        "purple",
        "violet",
        "pink",
    }
    | {"pink", "beige", "cream", "gold", "ochre", "olive", "sand", "tan", "turquoise"}
)


@dataclass(frozen=True)
class Wished:
    """One wish of a brief, and what a draft has of it.

    Args:
        word: the brief's own words.
        name: what a picture is then to be.
        key: the fact that shows it.
        met: whether the draft has it.
        step: what to do where it has not.
    """

    word: str
    name: str
    key: str
    met: bool
    step: str


def read_wishes(brief: str, facts: Mapping[str, Any]) -> list[Wished]:
    """Return the wishes of a brief that can be measured, in its order, each once.

    Args:
        brief: plain words; ``not``, ``no`` or ``without`` turns one or two words behind it around.
        facts: of an image, by their keys.

    >>> read_wishes("a dark pond", {"light_or_dark": "light"})[0].step
    'darken it'
    """
    words = re.findall(r"[\w-]+", brief.lower())
    found: dict[str, Wished] = {}
    for place, word in enumerate(words):
        turned = bool(NOT & set(words[max(0, place - 2) : place]))
        for wished in _wishes(word, turned, facts):
            found.setdefault(wished.name, wished)
    return list(found.values())


def _wishes(word: str, turned: bool, facts: Mapping[str, Any]) -> Iterator[Wished]:
    told = f"not {word}" if turned else word
    for quality in QUALITIES:
        if word in quality.words.split():
            step = quality.less if turned else quality.more
            name = f"not {quality.name}" if turned else quality.name
            yield Wished(told, name, quality.key, quality.test(facts) != turned, step)
    if word in COLOURS:
        there = share_of(word, facts) >= LEAST_SHARE
        step = f"take {word} out" if turned else f"bring {word} in"
        yield Wished(told, f"without {word}" if turned else word, "palette", there != turned, step)


def share_of(colour: str, facts: Mapping[str, Any]) -> float:
    """Return how much of a picture is of a colour or a shade of it, 0 to 1."""
    palette = facts.get("palette") or ()
    return float(sum(one["share"] for one in palette if colour in colours_of(one["name"])))


def colours_of(name: str) -> tuple[str, ...]:
    """Return the plain colours that a shade goes by, as ``("black",)`` for charcoal."""
    family = NAMES[name][0] if name in NAMES else ""
    return family, name.split()[-1]
