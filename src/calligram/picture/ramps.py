"""Ramps: the characters of a text picture, one for each level, emptiest first.

A new ramp is one entry in :data:`RAMPS`. A tone ramp stands for grey values; a form ramp's characters are
small drawings (:mod:`calligram.picture.forms`), and its levels number those drawings.
"""

from calligram.errors import LayoutError

MAXIMUM_LEVELS = 256
"""Levels are kept as one byte each."""

ASCII_70 = " .'`^\",:;Il!i><~+_-?][}{1)(|\\/tfjrxnuvczXYUJCLQ0OZmwqpdbkhao*#MW&8%B@$"

_SEXTANTS = "".join(chr(0x1FB00 + code) for code in range(60))
"""Patterns 1 to 62 without 21 and 42, which Unicode has as the half blocks ▌ and ▐."""


def _by_ink(symbols: str) -> str:
    """Return symbols that stand for the bit patterns 0, 1, 2, …, sorted by how many bits are set."""
    order = sorted(range(len(symbols)), key=lambda code: (code.bit_count(), code))
    return "".join(symbols[code] for code in order)


QUADRANT_PATTERNS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""Bit 0 is the upper left part, bit 1 the upper right, bit 2 the lower left, bit 3 the lower right."""

SEXTANT_PATTERNS = " " + _SEXTANTS[:20] + "▌" + _SEXTANTS[20:40] + "▐" + _SEXTANTS[40:] + "█"
"""Bit 0 is the upper left of three rows of two, bit 5 the lower right. Source: Unicode 13, U+1FB00."""

_SHAPE = " `.-',:_~\"^;!*/r\\()+><|l=?ci[]tvzjf7Lx}{sTY1JunCyIFo2%eVwhka3ZX45S$PmbpqAdUGEK&96HgO#D0RQ8WN@MB"
"""All printing ASCII, sorted by the ink of :mod:`calligram.picture.glyphs`."""

RAMPS: dict[str, str] = {
    "classic": " ▓█",
    "grey8": " .:-=+*#",
    "ascii10": " .:-=+*#%@",
    "ascii70": ASCII_70,
    "blocks": " ░▒▓█",
    "digits": "0123456789",
    "letters": "abcdefghijklmnopqrstuvwxyz",
    "half": " ▀▄█",
    "quadrant": _by_ink(QUADRANT_PATTERNS),
    "sextant": _by_ink(SEXTANT_PATTERNS),
    "braille": _by_ink("".join(chr(0x2800 + code) for code in range(256))),
    "shape": _SHAPE,
}
"""Every named ramp."""


def get_ramp(name: str) -> str:
    """Return the symbols of a named ramp, or ``name`` itself where it is a custom ramp.

    Args:
        name: a key of :data:`RAMPS`, or the symbols themselves, emptiest first.

    Returns:
        Between 2 and 256 distinct characters.

    Raises:
        LayoutError: the custom ramp has too few or too many symbols, one twice, or one that is no print.

    >>> get_ramp("classic")
    ' ▓█'
    >>> get_ramp(" ox")
    ' ox'
    """
    if name in RAMPS:
        return RAMPS[name]
    if not 2 <= len(name) <= MAXIMUM_LEVELS:
        raise LayoutError(
            f"the ramp {name!r} has {len(name)} symbols, but a ramp has 2 to {MAXIMUM_LEVELS}: "
            f"give that many or name one of {', '.join(RAMPS)}"
        )
    for place, symbol in enumerate(name):
        if symbol in name[:place]:
            raise LayoutError(
                f"the ramp {name!r} has {symbol!r} twice, but its symbols must be distinct: "
                f"leave one out or name one of {', '.join(RAMPS)}"
            )
        if not symbol.isprintable():
            raise LayoutError(
                f"the ramp {name!r} holds {symbol!r}, which does not print: "
                f"leave it out or name one of {', '.join(RAMPS)}"
            )
    return name
