"""Facts on colour and light: palette, warmth, colourfulness, contrast and how light it is."""

from collections.abc import Iterator, Sequence

import numpy as np

from calligram.art.fact import Fact
from calligram.art.palette import find_palette
from calligram.metrics import colourfulness, contrast, entropy, lightness, warmth
from calligram.metrics.base import Pixels
from calligram.picture.lab import chroma

GREY_CHROMA = 6.0
"""A pixel with less chroma looks grey beside others that do."""
COLOURED_SHARE = 0.01
"""From so many coloured pixels on an image is one in colour."""
WARM, COOL = 0.10, -0.04
"""Most pictures lie on the warm side, so that less is asked of a cool one."""
DARK, LIGHT = 38.0, 58.0
"""Bounds of mean L*."""
PREVAILING = 0.5
"""A key is low or high where so much of the picture is darks or lights."""
TOLD = 6
"""So many colours of the palette are told in words."""

_COLOURFULNESS = (
    (4, "none"), (15, "very little"), (33, "slight"), (45, "moderate"), (59, "average"), (82, "strong"),
    (109, "very strong"), (np.inf, "extreme"),
)  # fmt: skip
"""Between the scale's own points. Source: Hasler and Süsstrunk, 2003, table 2."""
_CONTRAST = ((0.08, "very low"), (0.14, "low"), (0.22, "middling"), (0.30, "high"), (np.inf, "very high"))


def colour_facts(pixels: Pixels) -> Iterator[Fact]:
    """Yield the facts on colour, from ``colour_or_grey`` to ``colourfulness``."""
    coloured = is_coloured(pixels)
    kind = "colour" if coloured else "grey"
    yield Fact("colour_or_grey", kind, "", f"Colour or grey: {kind}")
    palette = find_palette(pixels.rgb, coloured)
    main = palette[0]
    yield Fact(
        "main_colour", main.name, "", f"Main colour: {main.name}, {percent(main.share)} of the picture"
    )
    others = [f"{colour.name} {percent(colour.share)}" for colour in palette[1:TOLD]]
    told = f"Other colours: {', '.join(others)}" if others else "Other colours: none"
    yield Fact("palette", [colour.to_json() for colour in palette], "", told)
    yield from _warmth(pixels)
    amount = colourfulness.measure(pixels)["colourfulness"]
    text = f"Colourfulness: {grade(amount, _COLOURFULNESS)} ({amount:.0f})"
    yield Fact("colourfulness", round(amount, 2), "", text)


def light_facts(pixels: Pixels) -> Iterator[Fact]:
    """Yield the facts on light, from ``light_or_dark`` to ``entropy``."""
    tones = lightness.measure(pixels)
    mean = tones["mean"]
    kind = "dark" if mean < DARK else "light" if mean > LIGHT else "middling"
    key = "low" if tones["darks"] >= PREVAILING else "high" if tones["lights"] >= PREVAILING else "middle"
    text = f"Light or dark: {kind} (mean lightness {mean:.0f} of 100), {key} key"
    yield Fact("light_or_dark", kind, "", text)
    yield Fact("lightness", round(mean, 2), "L*", text)
    yield Fact("key", key, "", text)
    rms = contrast.measure(pixels)["rms"]
    yield Fact("contrast", round(rms, 4), "", f"Contrast: {grade(rms, _CONTRAST)} ({rms:.2f} of 0.5)")


def tone_fact(pixels: Pixels) -> Fact:
    """Return the fact ``entropy``."""
    bits = entropy.measure(pixels)["bits"]
    return Fact("entropy", round(bits, 3), "bits", f"Spread of tones: {bits:.1f} of 8 bits")


def is_coloured(pixels: Pixels) -> bool:
    """Return whether at least one hundredth of the pixels has a chroma of 6 or more."""
    return bool((chroma(pixels.lab) >= GREY_CHROMA).mean() >= COLOURED_SHARE)


def _warmth(pixels: Pixels) -> Iterator[Fact]:
    value = warmth.measure(pixels)["warmth"]
    kind = "warm" if value >= WARM else "cool" if value <= COOL else "neutral"
    text = f"Temperature: {kind} ({value:.2f} from -1 to 1)"
    yield Fact("temperature", kind, "", text)
    yield Fact("warmth", round(value, 4), "", text)


def grade(value: float, steps: Sequence[tuple[float, str]]) -> str:
    """Return the word of the first step whose bound is above a value."""
    return next(word for bound, word in steps if value < bound)


def percent(share: float) -> str:
    """Return a share in whole hundredths.

    >>> percent(0.344)
    '34 %'
    """
    return f"{share * 100:.0f} %"
