"""Spelling: from levels to marked-up text, one picture or many."""

from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from calligram import registry
from calligram.errors import LayoutError
from calligram.picture.layout import Layout, get_layout
from calligram.picture.markups.base import Markup


def get_markup(name: str) -> Markup:
    """Return the markup of that name."""
    return cast(Markup, registry.member("picture.markups", name))


def header_line(layout: Layout, rows: int, columns: int) -> str:
    """Return the first line that tells shape and ramp, or nothing where the layout has no header.

    >>> header_line(Layout("mine", header=True), 11, 20)
    '<picture:20x11:classic>\\n'
    """
    return f"<picture:{columns}x{rows}:{layout.ramp}>\n" if layout.header else ""


def spell(levels: NDArray[np.uint8], layout: str | Layout = "classic") -> str:
    """Return the marked-up text of one grid.

    Args:
        levels: ``(rows, columns)``, bytes from 0 to ``level_count - 1``.
        layout: a layout or its name.

    Raises:
        LayoutError: a level is beyond the ramp.

    >>> spell(np.array([[0, 1, 2]], np.uint8))
    '<row:1> ▓█</row:1>\\n'
    """
    return spell_batch(levels[None], layout)[0]


def spell_batch(levels: NDArray[np.uint8], layout: str | Layout = "classic") -> list[str]:
    """Return the marked-up texts of many grids.

    Args:
        levels: ``(N, rows, columns)``, bytes from 0 to ``level_count - 1``.
        layout: a layout or its name.

    Raises:
        LayoutError: a level is beyond the ramp.
    """
    layout = get_layout(layout)
    if levels.size and int(levels.max()) >= layout.level_count:
        raise LayoutError(
            f"level {levels.max()} cannot be spelled: "
            f"the ramp {layout.ramp!r} has levels 0 to {layout.level_count - 1}"
        )
    count, rows, columns = levels.shape
    template, starts, cells, coding = _template(layout, rows, columns)
    texts = np.empty((count, len(template)), template.dtype)
    texts[:] = template
    width = columns * cells.shape[1]
    spelled = cells.take(levels, axis=0).reshape(count, rows, width)
    for row, start in enumerate(starts):
        texts[:, start : start + width] = spelled[:, row]
    whole, length = texts.tobytes().decode(coding), len(template)
    return [whole[start : start + length] for start in range(0, count * length, length)]


@lru_cache(maxsize=64)
def _template(layout: Layout, rows: int, columns: int) -> tuple[NDArray[Any], list[int], NDArray[Any], str]:
    """Return an empty grid as code points, where its rows begin, its cells' code points, and the coding."""
    markup = get_markup(layout.markup)
    spelled = markup.cells(layout.symbols)
    text = header_line(layout, rows, columns)
    starts: list[int] = []
    for row in range(1, rows + 1):
        text += markup.before(row, rows)
        starts.append(len(text))
        text += spelled[0] * columns + markup.after(row, rows)
    kind, coding = _narrowest(max(map(ord, text + "".join(spelled))))
    cells = np.array([[ord(character) for character in cell] for cell in spelled], kind)
    return np.array([ord(character) for character in text], kind), starts, cells, coding


def _narrowest(point: int) -> tuple[type[np.unsignedinteger[Any]], str]:
    """Return the narrowest kind of number, and its coding, that holds all code points up to one."""
    if point < 256:
        return np.uint8, "latin-1"
    return (np.uint16, "utf-16-le") if point < 0xD800 else (np.uint32, "utf-32-le")
