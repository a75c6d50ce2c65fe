"""Text for a terminal: the ramp's characters without markup, coloured for people where asked."""

from calligram.picture.colours import nearest, vivid
from calligram.picture.text_picture import TextPicture


def terminal_text(picture: TextPicture, kind: str) -> str:
    """Return the lines for a terminal.

    Args:
        picture: colours are taken from it where it has some.
        kind: ``16``, ``256``, ``full``, or ``none`` for no colour.
    """
    symbols = picture.layout.symbols
    lines = ["".join(symbols[level] for level in row) for row in picture.levels.tolist()]
    if picture.colours is None or kind == "none":
        return "".join(f"{line}\n" for line in lines)
    codes = _codes(picture, kind)
    return "".join(_coloured(line, row) for line, row in zip(lines, codes, strict=True))


def _codes(picture: TextPicture, kind: str) -> list[list[str]]:
    """Return the colour code of each cell."""
    assert picture.colours is not None
    colours = vivid(picture.colours)
    if kind == "full":
        return [[f"38;2;{red};{green};{blue}" for red, green, blue in row] for row in colours.tolist()]
    numbers = nearest(colours, int(kind)).tolist()
    if kind == "256":
        return [[f"38;5;{number}" for number in row] for row in numbers]
    return [[str(30 + number if number < 8 else 82 + number) for number in row] for row in numbers]


def _coloured(line: str, codes: list[str]) -> str:
    """Return a line with a code wherever the colour changes under ink; blank cells need none."""
    written, current = [], ""
    for symbol, code in zip(line, codes, strict=True):
        if symbol != " " and code != current:
            written.append(f"\x1b[{code}m")
            current = code
        written.append(symbol)
    return "".join(written) + ("\x1b[0m\n" if current else "\n")
