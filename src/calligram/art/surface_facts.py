"""Facts on the surface: edges, complexity, texture and rhythm."""

from collections.abc import Iterator
from math import inf

from calligram.art.colour_facts import grade
from calligram.art.fact import Fact
from calligram.metrics import complexity, edge_density, rhythm, texture
from calligram.metrics.base import Pixels

BUSY, EMPTY = 1.3, 0.9
"""Bounds of complexity, in bits a pixel."""
REGULAR = 0.3
"""From this autocorrelation on something repeats."""

_EDGES = ((0.04, "very few"), (0.12, "few"), (0.3, "some"), (0.45, "many"), (inf, "very many"))
_TEXTURE = ((0.7, "smooth"), (1.6, "fairly smooth"), (3.2, "middling"), (5.5, "rough"), (inf, "very rough"))


def surface_facts(pixels: Pixels) -> Iterator[Fact]:
    """Yield the facts from ``busy_or_empty`` to ``rhythm``."""
    bits = complexity.measure(pixels)["bits"]
    kind = "busy" if bits >= BUSY else "empty" if bits <= EMPTY else "middling"
    text = f"Busy or empty: {kind} (complexity {bits:.1f} bits a pixel)"
    yield Fact("busy_or_empty", kind, "", text)
    yield Fact("complexity", round(bits, 3), "bits a pixel", text)
    density = edge_density.measure(pixels)["density"]
    text = f"Edges: {grade(density, _EDGES)}, {density * 100:.0f} % of the picture"
    yield Fact("edge_density", round(density, 4), "share", text)
    roughness = texture.measure(pixels)["roughness"]
    yield Fact(
        "texture", round(roughness, 3), "L*", f"Texture: {grade(roughness, _TEXTURE)} ({roughness:.1f})"
    )
    strength = rhythm.measure(pixels)["strength"]
    told = "something repeats at even steps" if strength >= REGULAR else "nothing repeats evenly"
    yield Fact("rhythm", round(strength, 4), "correlation", f"Rhythm: {told} ({strength:.2f} of 1)")
