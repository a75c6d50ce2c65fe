"""Saving: a file appears whole or not at all."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from calligram import registry
from calligram.errors import OutputError
from calligram.whole_files import write_whole

if TYPE_CHECKING:
    from calligram.picture.renderers.base import Renderer
    from calligram.picture.text_picture import TextPicture


def save(picture: "TextPicture", path: str | os.PathLike[str]) -> None:
    """Write a text picture; the ending says how.

    Args:
        picture: what to write.
        path: ends in .png, .svg, .html, .ans or .txt, or in what another package adds.

    Raises:
        OutputError: the ending is unknown, or the file cannot be written.
    """
    write_whole(path, render(picture, Path(path).suffix.removeprefix(".").lower() or "txt", path))


def render(picture: "TextPicture", ending: str, path: str | os.PathLike[str] = "") -> bytes:
    """Return what a file with that ending holds."""
    known = registry.members("picture.renderers")
    if ending not in known:
        raise OutputError(
            f"{os.fspath(path)!r} ends in {'.' + ending!r}, which is no known kind of file: "
            f"choose one of {', '.join('.' + name for name in known)}"
        )
    return cast("Renderer", registry.member("picture.renderers", ending)).render(picture)
