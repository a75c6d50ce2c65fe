"""Showing to people: text pictures as bare rows, beside each other or shaded, and readings in words."""

import os
import shutil
import sys
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.console import Console

    from calligram.models.base import Reading
    from calligram.picture import Layout, TextPicture

SHADES = " .:-=+*#%@"
"""Characters for how much a cell carried, least first."""

LEAST_SHADE = 0.06
"""Cells that carried less are left unshaded."""

COLD, WARM = (70, 40, 90), (255, 150, 20)


def bare_rows(picture: "TextPicture") -> list[str]:
    """Return the rows of a text picture without any markup."""
    symbols = picture.layout.symbols
    return ["".join(symbols[level] for level in row) for row in picture.levels]


def beside(blocks: Sequence[Sequence[str]], gap: int = 3) -> list[str]:
    """Return blocks of lines beside each other.

    >>> beside([["ab", "cd"], ["e"]])
    ['ab   e', 'cd']
    """
    widths = [max(map(len, block), default=0) for block in blocks]
    lines = zip_longest(*blocks, fillvalue="")
    return [
        (" " * gap).join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def shade_map(carried: "NDArray[np.float64]") -> list[str]:
    """Return one character for how much each cell carried, 0 to 1."""
    return ["".join(SHADES[min(9, int(share * 10))] for share in row) for row in carried]


def wants_colour() -> bool:
    """Return whether standard output is a terminal that shows colour, and NO_COLOR is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def colour_console() -> "Console | None":
    """Return what prints colour to standard output, or None where no colour is wanted."""
    if not wants_colour():
        return None
    from rich.console import Console

    return Console(highlight=False, markup=False)


def print_why(picture: "TextPicture", carried: "NDArray[np.float64]") -> None:
    """Print a picture, shaded where it carried the answer; without colour a second map beside it."""
    console = colour_console()
    if console is None:
        print("\n".join(beside([bare_rows(picture), shade_map(carried)])))
        return
    from rich.text import Text

    for row, shares in zip(bare_rows(picture), carried, strict=True):
        line = Text()
        for symbol, share in zip(row, shares, strict=True):
            line.append(symbol, style=_shade_style(float(share)))
        console.print(line, no_wrap=True, crop=False)


def _shade_style(share: float) -> str:
    if share < LEAST_SHADE:
        return "white on grey7"
    red, green, blue = (round(cold + share * (warm - cold)) for cold, warm in zip(COLD, WARM, strict=True))
    return f"bold white on rgb({red},{green},{blue})"


def describe_reading(reading: "Reading") -> str:
    """Return a reading in one line.

    >>> from calligram.models.base import Reading
    >>> describe_reading(Reading("7", 0.98, [("7", 0.98), ("1", 0.015)], 0.5, False))
    '7, 98 % sure (else 1 2 %), familiarity 0.50'
    """
    first, *others = reading.candidates or [("", 0.0)]
    usual = "" if reading.familiarity is None else f", familiarity {reading.familiarity:.2f}"
    if reading.abstained:
        guess = f", at best {first[0]} ({percent(first[1])})" if first[0] else ""
        return f"not sure{guess}{usual}"
    if not reading.weighed:
        return f"{reading.answer} (the model tells no confidence)"
    rest = [f"{answer} {percent(share)}" for answer, share in others[:2] if share >= 0.01]
    besides = f" (else {', '.join(rest)})" if rest else ""
    return f"{reading.answer}, {percent(reading.confidence)} sure{besides}{usual}"


def percent(share: float) -> str:
    """Return a share in whole hundredths, above 99 with a decimal, so that it is never rounded up to 100.

    >>> percent(0.5), percent(0.9999)
    ('50 %', '99.9 %')
    """
    if share > 0.99:
        return f"{int(share * 1000) / 10:.1f} %" if share < 1 else "100 %"
    return f"{share * 100:.0f} %"


class Strip:
    """Prints drawings beside each other, each line as soon as all in it stand.

    Args:
        count: how many drawings there will be.
        layout: of all of them.
        indent: blanks before each line.
        gap: blanks between drawings.
    """

    def __init__(self, count: int, layout: "Layout", indent: int = 0, gap: int = 3) -> None:
        self._symbols, self._margin, self._gap = layout.symbols, " " * indent, " " * gap
        self._height, columns = layout.grid()
        across = max(1, (shutil.get_terminal_size().columns - indent + gap) // (columns + gap))
        self._bands = [range(first, min(first + across, count)) for first in range(0, count, across)]
        self._rows: dict[tuple[int, int], str] = {}
        self._printed = 0

    def __call__(self, number: int, row: int, levels: "NDArray[np.uint8]") -> None:
        """Take one row of one drawing, and print every line that now stands."""
        self._rows[number, row] = "".join(self._symbols[level] for level in levels)
        while self._printed < len(self._bands) * self._height:
            band, row = divmod(self._printed, self._height)
            line = [self._rows.get((place, row)) for place in self._bands[band]]
            if None in line:
                return
            if band and not row:
                print(flush=True)
            print((self._margin + self._gap.join(part or "" for part in line)).rstrip(), flush=True)
            self._printed += 1
