"""Draws token boundaries: tiles of text as a PNG, or as a page that needs nothing else."""

import io
from collections.abc import Sequence
from html import escape

from PIL import Image, ImageDraw, ImageFont

from calligram.evaluation.tokens.boundaries import BREAK, LEGEND, TINTS, Panel, Piece, Tint
from calligram.picture.forms import DOT_FORMS, dot_pictures
from calligram.picture.ramps import RAMPS

PAPER, INK, FAINT = "#101217", "#f2efe6", "#9aa3ad"

CELL_WIDTH, CELL_HEIGHT = 17, 31
"""Pixels of one character in the PNG."""

MARGIN = 34
LINE = CELL_HEIGHT + 3
TITLE_HEIGHT, FOOT_HEIGHT = 46, 74

DENSITY = {"░": 0.25, "▒": 0.45, "▓": 0.65, "█": 1.0}
"""How much ink a shaded block has."""

STYLE = (
    "body{{margin:2em;background:{paper};color:{ink};font-family:system-ui,sans-serif}}"
    "main{{display:flex;flex-wrap:wrap;gap:2.5em}}figure{{margin:0}}"
    "figcaption{{font-size:1.15em;margin-bottom:.8em}}"
    'pre{{font:17px/1.6 "DejaVu Sans Mono",Menlo,Consolas,monospace;margin:0}}'
    "i{{font-style:normal;border-radius:3px;box-shadow:inset 0 0 0 1px {paper}99}}"
    "b{{font-weight:normal}}b,p{{color:{faint}}}"
)


def paint_png(panels: Sequence[Panel], caption: str) -> bytes:
    """Return the panels beside each other as a PNG.

    Args:
        panels: one or more.
        caption: a line below all of them.
    """
    title, small = ImageFont.load_default(25), ImageFont.load_default(18)
    widths = [max(panel.columns * CELL_WIDTH, int(title.getlength(panel.title))) for panel in panels]
    foot = max(int(small.getlength(line)) for line in (caption, LEGEND)) + 90
    width = max(sum(widths) + MARGIN * (len(panels) + 1), foot + 2 * MARGIN)
    bottom = MARGIN + TITLE_HEIGHT + LINE * max(len(panel.lines) for panel in panels)
    image = Image.new("RGB", (width, bottom + FOOT_HEIGHT + MARGIN), PAPER)
    drawing = ImageDraw.Draw(image)
    left = MARGIN
    for panel, across in zip(panels, widths, strict=True):
        drawing.text((left, MARGIN), panel.title, INK, title)
        _paint_panel(drawing, panel, left, MARGIN + TITLE_HEIGHT)
        left += across + MARGIN
    for place, tint in enumerate(TINTS):
        x = MARGIN + place * 24
        drawing.rounded_rectangle((x, bottom + 22, x + 18, bottom + 40), 4, tint.paper)
    drawing.text((MARGIN + 84, bottom + 37), LEGEND, FAINT, small, anchor="ls")
    drawing.text((MARGIN, bottom + FOOT_HEIGHT), caption, FAINT, small, anchor="ls")
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()


def _paint_panel(drawing: ImageDraw.ImageDraw, panel: Panel, left: int, top: int) -> None:
    for row, line in enumerate(panel.lines):
        x, y = left, top + row * LINE
        for piece in line:
            _paint_piece(drawing, piece, x, y)
            x += CELL_WIDTH * len(piece.text)


def _paint_piece(drawing: ImageDraw.ImageDraw, piece: Piece, x: int, y: int) -> None:
    """Paint one tile, with a line in it wherever a character is cut."""
    tint, end = TINTS[piece.tint], x + CELL_WIDTH * len(piece.text)
    drawing.rounded_rectangle((x + 1, y, end - 2, y + CELL_HEIGHT - 1), 4, tint.paper)
    for place, character in enumerate(piece.text):
        _paint_character(drawing, character, x + place * CELL_WIDTH, y, tint)
    for part in range(1, piece.parts):
        cut = x + part * CELL_WIDTH / piece.parts
        drawing.line((cut, y, cut, y + CELL_HEIGHT - 1), PAPER, 2)


def _paint_character(drawing: ImageDraw.ImageDraw, character: str, x: int, y: int, tint: Tint) -> None:
    """Paint one character; blocks and dots, which the font has not, leave a rim of the paper."""
    box = (x + 3, y + 3, x + CELL_WIDTH - 4, y + CELL_HEIGHT - 4)
    if character == BREAK:
        _paint_break(drawing, x, y)
    elif character in DENSITY:
        drawing.rectangle(box, _mixed(tint, DENSITY[character]))
    elif dots := _dots(character):
        _paint_dots(drawing, dots, box, tint.ink)
    elif character != " ":
        font = ImageFont.load_default(19)
        drawing.text((x + CELL_WIDTH / 2, y + 22), character, tint.ink, font, anchor="ms")


def _paint_break(drawing: ImageDraw.ImageDraw, x: int, y: int) -> None:
    middle = y + 18
    drawing.line([(x + 12, y + 11), (x + 12, middle), (x + 4, middle)], FAINT, 1)
    drawing.line([(x + 7, middle - 3), (x + 4, middle), (x + 7, middle + 3)], FAINT, 1)


def _dots(character: str) -> list[list[int]]:
    """Return the dots of a character of a dot form, or nothing."""
    for ramp in DOT_FORMS:
        if character != " " and character in RAMPS[ramp]:
            dots: list[list[int]] = dot_pictures(ramp)[RAMPS[ramp].index(character)].tolist()
            return dots
    return []


def _paint_dots(
    drawing: ImageDraw.ImageDraw, dots: list[list[int]], box: tuple[int, int, int, int], ink: str
) -> None:
    left, top, right, bottom = box
    high, wide = (bottom + 1 - top) / len(dots), (right + 1 - left) / len(dots[0])
    for row, line in enumerate(dots):
        for column, on in enumerate(line):
            if on:
                x, y = left + column * wide, top + row * high
                drawing.rectangle((x, y, x + wide - 1, y + high - 1), ink)


def _mixed(tint: Tint, share: float) -> tuple[int, int, int]:
    """Return ink laid over paper."""
    under, over = (bytes.fromhex(colour[1:]) for colour in (tint.paper, tint.ink))
    red, green, blue = (round(low + share * (high - low)) for low, high in zip(under, over, strict=True))
    return red, green, blue


def write_html(panels: Sequence[Panel], caption: str) -> str:
    """Return the panels as a page.

    Args:
        panels: one or more.
        caption: a line below all of them.
    """
    tints = "".join(
        f".t{place}{{background:{tint.paper};color:{tint.ink}}}" for place, tint in enumerate(TINTS)
    )
    figures = "\n".join(
        f"<figure><figcaption>{escape(panel.title)}</figcaption><pre>{_html_lines(panel)}</pre></figure>"
        for panel in panels
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Token boundaries</title>\n'
        f"<style>{STYLE.format(paper=PAPER, ink=INK, faint=FAINT)}{tints}</style>\n</head>\n"
        f"<body>\n<main>\n{figures}\n</main>\n<p>{escape(LEGEND)}</p>\n<p>{escape(caption)}</p>\n</body>\n</html>\n"
    )


def _html_lines(panel: Panel) -> str:
    return "\n".join("".join(_html_piece(piece) for piece in line) for line in panel.lines)


def _html_piece(piece: Piece) -> str:
    shown = escape(piece.text).replace(BREAK, f"<b>{BREAK}</b>")
    told = f' title="{piece.parts} tokens"' if piece.parts > 1 else ""
    return f'<i class="t{piece.tint}"{told}>{shown}</i>'
