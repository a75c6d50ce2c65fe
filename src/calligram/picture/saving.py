"""Saving: a file appears whole or not at all."""

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, cast

from calligram import registry
from calligram.errors import OutputError

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


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file beside its place and move it there, so that it is whole or not there at all.

    Raises:
        OutputError: it cannot be written; what was there before is untouched.
    """
    path = Path(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            beside.write_bytes(content)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as fault:
        raise OutputError(
            f"{os.fspath(path)!r} cannot be written ({fault.strerror}): choose another place"
        ) from fault


def make_folder(path: str | os.PathLike[str]) -> None:
    """Make a folder, and those above it, where there is none.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutputError(
            f"the folder {os.fspath(path)!r} cannot be made ({fault.strerror}): choose another place"
        ) from fault
