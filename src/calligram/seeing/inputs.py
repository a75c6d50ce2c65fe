"""Inputs: what a picture to be seen may be, and whether it is an image or the text of a text picture."""

import os
from dataclasses import replace
from typing import TypeAlias

from calligram.errors import ImageError, InputError, LayoutError, PictureError
from calligram.picture import LAYOUTS, Layout, Limits, TextPicture, decode
from calligram.picture.opening import ImageInput, describe, is_image, read_bytes

SeeInput: TypeAlias = "ImageInput | TextPicture"

TEXT_STARTS = (b"<row", b"<picture:", b" <row")
"""What begins so is meant to be a text picture, and its faults are told as such."""

WANTED = "an image or a text picture"


def settle(image: SeeInput, limits: Limits) -> SeeInput:
    """Return the text picture that an input is, spells, or holds as a file; an image comes back as it is.

    A file is read once, so that it may be a pipe.

    Args:
        image: a path, ``-``, bytes, a Pillow image, an array, a text picture or the text of one.
        limits: how much is taken in.

    Returns:
        A text picture, or what can be opened as an image; the bytes of a file in place of its path.

    Raises:
        ImageError: the file cannot be read, or holds neither.
        PictureError: the text begins as a text picture and is none.
        LimitError: it is over a limit.
    """
    if isinstance(image, str) and ("\n" in image or image.startswith("<row")):
        return read_picture(image, limits)
    if isinstance(image, str | os.PathLike):
        content: SeeInput = read_bytes(image, limits, WANTED)
    else:
        content = image
    if isinstance(content, bytes):
        return _decoded(content, describe(image), limits)
    return content


def _decoded(content: bytes, name: str, limits: Limits) -> "TextPicture | bytes":
    """Return the text picture that some bytes spell; other bytes come back as they are."""
    if content.startswith(TEXT_STARTS):
        return read_picture(content.decode("utf-8", errors="replace"), limits)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    if not text or is_image(content):
        return content
    try:
        return read_picture(text, limits)
    except (LayoutError, PictureError) as fault:
        raise ImageError(
            f"{name} is no image that can be opened (it begins with {content[:12]!r}), "
            f"and no text picture ({fault})"
        ) from fault


def read_picture(text: str, limits: Limits) -> TextPicture:
    """Return the text picture that a text in any markup spells, in the named layout whose grid it has.

    Raises:
        PictureError: the text is no text picture.
        LayoutError: its symbols are of no ramp that has a name.
        LimitError: it has too many cells.

    >>> read_picture(14 * (28 * " a" + "\\n"), Limits()).layout.name
    'fine'
    """
    picture = decode(text, limits=limits)
    if picture.layout in LAYOUTS.values():
        return picture
    for layout in LAYOUTS.values():
        if layout.grid() == picture.levels.shape:
            return _spelled_as(text, layout, picture, limits) or picture
    return picture


def _spelled_as(text: str, layout: Layout, guess: TextPicture, limits: Limits) -> TextPicture | None:
    """Return the picture with the levels of a layout, where its text has that layout's symbols."""
    try:
        again = decode(text, replace(layout, markup=guess.layout.markup), limits=limits)
    except InputError:
        return None
    same = again.layout.symbols == layout.symbols
    return TextPicture(again.levels, layout) if same else None
