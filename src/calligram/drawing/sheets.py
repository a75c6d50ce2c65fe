"""Sheets: drawings side by side in one image."""

import io
import math
import os
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from calligram.drawing.making import Drawing
from calligram.errors import OutputError
from calligram.whole_files import write_whole

CELL_WIDTH = 8
MARGIN = 12
CAPTION = 16
PAPER, WORDS = (24, 24, 28), (150, 150, 158)


def save_drawings(drawings: Sequence[Drawing], path: str | os.PathLike[str]) -> None:
    """Write drawings to a file, whole or not at all: one as it is, several as a contact sheet.

    Args:
        drawings: at least one.
        path: for one drawing any ending that a text picture is saved with; for several .png, .jpg, .webp, …,
            or .txt for the text pictures one after another.

    Raises:
        OutputError: the ending is unknown, or the file cannot be written.
    """
    ending = Path(path).suffix.lower()
    if ending == ".txt":
        write_whole(path, "\n".join(drawing.text for drawing in drawings).encode())
    elif len(drawings) == 1:
        drawings[0].picture.save(path)
    else:
        write_whole(path, _encoded(contact_sheet(drawings), ending, path))


def contact_sheet(drawings: Sequence[Drawing]) -> Image.Image:
    """Return the drawings in rows, about twice as wide as high, each above what it is read as and its seed.

    Returns:
        An image in mode ``RGB``.
    """
    tiles = [drawing.picture.image(CELL_WIDTH).convert("RGB") for drawing in drawings]
    width = max(tile.width for tile in tiles) + MARGIN
    height = max(tile.height for tile in tiles) + MARGIN + CAPTION
    across = min(len(tiles), max(1, math.ceil(math.sqrt(2 * len(tiles) * height / width))))
    down = -(-len(tiles) // across)
    sheet = Image.new("RGB", (across * width + MARGIN, down * height + MARGIN), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default()
    for place, (drawing, tile) in enumerate(zip(drawings, tiles, strict=True)):
        left, top = MARGIN + place % across * width, MARGIN + place // across * height
        sheet.paste(tile, (left, top))
        pen.text((left, top + tile.height + 3), caption(drawing), fill=WORDS, font=font)
    return sheet


def caption(drawing: Drawing) -> str:
    """Return what a drawing is read as and its seed, in few words."""
    read = "" if drawing.as_asked is None else f"read as {drawing.read_as or 'nothing it knows'}, "
    return f"{read}seed {drawing.seed}"


def _encoded(sheet: Image.Image, ending: str, path: str | os.PathLike[str]) -> bytes:
    kind = Image.registered_extensions().get(ending)
    if kind is None or kind not in Image.SAVE:
        raise OutputError(
            f"{os.fspath(path)!r} ends in {ending!r}, which is no image for several drawings: "
            "end it in .png, .jpg or .webp, or in .txt for text"
        )
    held = io.BytesIO()
    try:
        sheet.save(held, kind)
    except (OSError, ValueError) as fault:
        raise OutputError(
            f"{os.fspath(path)!r} cannot be written as {kind} ({fault}): end it in .png"
        ) from fault
    return held.getvalue()
