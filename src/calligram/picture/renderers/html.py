"""A self-contained HTML page with the picture as preformatted text, in colour where it has colours."""

from html import escape
from itertools import groupby

from calligram.picture.colours import limited, vivid
from calligram.picture.text_picture import TextPicture

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>text picture, {columns} x {rows} cells</title>
<style>
body {{ margin: 0; background: #000; color: #fff; }}
pre {{ margin: 1em; font: {size}px/{line}px "DejaVu Sans Mono", Menlo, Consolas, monospace; }}
</style>
</head>
<body>
<pre role="img" aria-label="text picture, {columns} x {rows} cells">{text}</pre>
</body>
</html>
"""


def render(picture: TextPicture) -> bytes:
    """Return the page's bytes."""
    symbols = picture.layout.symbols
    lines = ["".join(symbols[level] for level in row) for row in picture.levels.tolist()]
    colours = None if picture.colours is None else limited(vivid(picture.colours), picture.colour_kind)
    if colours is None:
        text = "\n".join(escape(line) for line in lines)
    else:
        text = "\n".join(_coloured(*pair) for pair in zip(lines, colours.tolist(), strict=True))
    size = 14
    # a monospaced letter is 0.602 of its size wide
    line = round(0.602 * size / picture.layout.font_ratio, 2)
    page = _PAGE.format(columns=picture.columns, rows=picture.rows, size=size, line=line, text=text)
    return page.encode()


def _coloured(line: str, colours: list[list[int]]) -> str:
    written = []
    for colour, run in groupby(zip(line, map(tuple, colours), strict=True), key=lambda cell: cell[1]):
        symbols = escape("".join(symbol for symbol, _ in run))
        written.append(f'<span style="color:#{"".join(f"{part:02x}" for part in colour)}">{symbols}</span>')
    return "".join(written)
