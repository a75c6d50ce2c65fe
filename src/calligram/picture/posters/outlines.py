"""Outlines: the curves of a font's characters, read by fontTools, or from the file beside a face of ours."""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from calligram.errors import MissingExtraError, OptionError

Path = str
"""``M``, ``L``, ``Q``, ``C`` and ``Z`` with absolute whole numbers in font units, upward, as in SVG."""


@dataclass(frozen=True)
class Outlines:
    """The curves of some characters of one font.

    Args:
        units: to the em.
        glyphs: each character's advance in these units, and its path.
    """

    units: int
    glyphs: Mapping[str, tuple[int, Path]]


def from_json(text: str) -> Outlines:
    """Return the outlines that a face of ours has in the file beside it."""
    told = json.loads(text)
    return Outlines(told["units"], {key: (advance, path) for key, (advance, path) in told["glyphs"].items()})


def read_outlines(content: bytes, name: str, characters: Iterable[str] | None = None) -> Outlines:
    """Return the outlines of a font file's characters.

    Args:
        content: of a TrueType or OpenType file; of a collection the first font counts.
        name: the file's, for messages.
        characters: which; None is all, and those that the font has not are left out.

    Raises:
        MissingExtraError: fontTools is not installed.
        OptionError: the file is damaged.
    """
    try:
        from fontTools.ttLib import TTFont, TTLibError
    except ImportError as fault:
        raise MissingExtraError("fontTools", "posters", "writing a font's outlines") from fault
    try:
        font = TTFont(io.BytesIO(content), fontNumber=0, lazy=True)
        names: dict[int, str] = font.getBestCmap() or {}
        wanted = [chr(code) for code in names] if characters is None else characters
        glyphs = font.getGlyphSet()
        drawn = {key: _draw(glyphs, names[ord(key)]) for key in wanted if ord(key) in names}
        return Outlines(font["head"].unitsPerEm, drawn)
    except (TTLibError, KeyError, ValueError, IndexError, AssertionError, AttributeError) as fault:
        raise OptionError(
            f"the font {name!r} has no outlines that can be read ({fault}): give another font"
        ) from fault


def _draw(glyphs: Any, name: str) -> tuple[int, Path]:
    from fontTools.pens.basePen import BasePen

    steps: list[str] = []

    def step(letter: str, *points: tuple[float, float]) -> None:
        steps.append(letter + " ".join(f"{round(x)} {round(y)}" for x, y in points))

    class Pen(BasePen):  # type: ignore[misc, unused-ignore]
        def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
            step("M", point)

        def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
            step("L", point)

        def _qCurveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
            step("Q", *points)

        def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
            step("C", *points)

        def _closePath(self) -> None:  # noqa: N802
            step("Z")

    glyphs[name].draw(Pen(glyphs))
    return round(glyphs[name].width), "".join(steps)
