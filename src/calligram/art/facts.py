"""Facts: what is measured on an image, without any model.

::

    facts = measure_facts("painting.jpg")
    facts["main_colour"]           'dark brown'
    facts.text("main_colour")      'Main colour: dark brown, 34 % of the picture'
    facts.lines()                  all lines, for a prompt
    facts.to_json()                all values

The measures are members of the family :mod:`calligram.metrics`; formulas, units, ranges and sources stand
there.
"""

from collections.abc import Iterator

from calligram import settings
from calligram.art.colour_facts import colour_facts, light_facts, tone_fact
from calligram.art.composition import composition_facts
from calligram.art.fact import Fact, Facts
from calligram.art.facts_options import FactsOptions
from calligram.art.making import guess_make
from calligram.art.surface_facts import surface_facts
from calligram.art.views import Head, View, open_view
from calligram.picture.opening import ImageInput

__all__ = ["Fact", "Facts", "FactsOptions", "measure_facts", "measure_view"]

SQUARE = 1.05
"""Sides that differ by less than a twentieth count as equal."""


def measure_facts(image: ImageInput, options: FactsOptions | None = None) -> Facts:
    """Return what is measured on an image.

    Args:
        image: a path, ``-`` for standard input, bytes of a file, a Pillow image or an array.
        options: how far it is reduced first, and the limits.

    Returns:
        About thirty facts. All but those of the file are measured on a copy of at most ``longest_px`` a side.

    Raises:
        ImageError: the image cannot be read.
        LimitError: the image is over a limit.
        OptionError: an option is out of its range.
    """
    options = options or FactsOptions()
    settings.check(options)
    return measure_view(open_view(image, options))


def measure_view(view: View) -> Facts:
    """Return what is measured on an image that is open already."""
    pixels = view.pixels
    make, evidence = guess_make(view)
    text = f"Kind, as a guess: {make} ({evidence})"
    items = [
        *_head_facts(view.head),
        *colour_facts(pixels),
        *light_facts(pixels),
        tone_fact(pixels),
        *composition_facts(pixels),
        *surface_facts(pixels),
        Fact("make", make, "", text),
        Fact("make_evidence", evidence, "", text),
    ]
    return Facts(tuple(items))


def _head_facts(head: Head) -> Iterator[Fact]:
    width, height = head.width_px, head.height_px
    megapixels = width * height / 1e6
    kind = f", {head.format} file" if head.format else ""
    text = f"Size: {width} x {height} pixels, {megapixels:.{1 if megapixels >= 1 else 2}f} megapixels{kind}"
    yield Fact("width_px", width, "px", text)
    yield Fact("height_px", height, "px", text)
    yield Fact("format", head.format or None, "", text)
    yield Fact("megapixels", round(megapixels, 4), "megapixels", text)
    orientation = _orientation(width, height)
    text = f"Orientation: {orientation}, {_aspect(width, height)}"
    yield Fact("orientation", orientation, "", text)
    yield Fact("aspect", round(width / height, 4), "width over height", text)


def _orientation(width: int, height: int) -> str:
    if max(width, height) < SQUARE * min(width, height):
        return "square"
    return "landscape" if width > height else "portrait"


def _aspect(width: int, height: int) -> str:
    if width >= height:
        return f"{width / height:.2f} times as wide as high"
    return f"{height / width:.2f} times as high as wide"
