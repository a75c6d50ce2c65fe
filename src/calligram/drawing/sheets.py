"""Sheets: drawings side by side in one image."""

import io
import os
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from calligram.drawing.making import Drawing
from calligram.errors import OutputError
from calligram.picture.saving import render_for
from calligram.picture.sheets import lay_out
from calligram.whole_files import write_whole

CELL_WIDTH = 8


def save_drawings(drawings: Sequence[Drawing], path: str | os.PathLike[str]) -> None:
    """Write drawings to a file, whole or not at all: one as it is, several as a contact sheet.

    Args:
        drawings: at least one.
        path: for one drawing any ending that a text picture is saved with; for several .png, .jpg, .webp, …,
            or .txt for the text pictures one after another.

    Raises:
        OutputError: the ending is unknown, or the file cannot be written.
    """
    write_whole(path, render_drawings(drawings, path))


def render_drawings(drawings: Sequence[Drawing], path: str | os.PathLike[str]) -> bytes:
    """Return what a file of that name holds; see :func:`save_drawings`.

    Raises:
        OutputError: the ending is unknown, or its format cannot hold the drawings.
    """
    ending = Path(path).suffix.lower()
    if ending == ".txt":
        return "\n".join(drawing.text for drawing in drawings).encode()
    if len(drawings) == 1:
        return render_for(drawings[0].picture, path)
    return _encoded(contact_sheet(drawings), ending, path)


def contact_sheet(drawings: Sequence[Drawing]) -> Image.Image:
    """Return the drawings in rows, about twice as wide as high, each above what it is read as and its seed.

    Returns:
        An image in mode ``RGB``.
    """
    tiles = [drawing.picture.image(CELL_WIDTH) for drawing in drawings]
    return lay_out(tiles, [caption(drawing) for drawing in drawings])


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
