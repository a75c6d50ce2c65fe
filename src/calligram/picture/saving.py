"""Saving: a file appears whole or not at all."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

from calligram import registry
from calligram.errors import OutputError
from calligram.whole_files import write_whole

if TYPE_CHECKING:
    from calligram.picture.renderers.base import Renderer
    from calligram.picture.text_picture import TextPicture


@dataclass(frozen=True)
class Origin:
    """What a room tells of an image that it made, for whoever writes the image's label.

    Args:
        source: the file that the image was made from, empty where it was made from none.
        model: the model that drew it, empty where a plain algorithm made it.
        words: that the model was asked to draw.
        generated: whether the file itself says that a model took part in making it.
    """

    source: str = ""
    model: str = ""
    words: str = ""
    generated: bool = False


Finish: TypeAlias = Callable[[bytes, Origin], bytes]
"""Makes of an image file's bytes those that are written, with the same pixels and what is to be said."""


def as_it_is(content: bytes, origin: Origin) -> bytes:
    """Return an image file's bytes with nothing said of them."""
    return content


def save(picture: "TextPicture", path: str | os.PathLike[str]) -> None:
    """Write a text picture; the ending says how.

    Args:
        picture: what to write.
        path: ends in .png, .svg, .html, .ans or .txt, or in what another package adds.

    Raises:
        OutputError: the ending is unknown, or the file cannot be written.
    """
    write_whole(path, render_for(picture, path))


def render_for(picture: "TextPicture", path: str | os.PathLike[str]) -> bytes:
    """Return what a file of that name holds.

    Raises:
        OutputError: its ending is unknown.
    """
    return render(picture, Path(path).suffix.removeprefix(".").lower() or "txt", path)


def render(picture: "TextPicture", ending: str, path: str | os.PathLike[str] = "") -> bytes:
    """Return what a file with that ending holds."""
    known = registry.members("picture.renderers")
    if ending not in known:
        raise OutputError(
            f"{os.fspath(path)!r} ends in {'.' + ending!r}, which is no known kind of file: "
            f"choose one of {', '.join('.' + name for name in known)}"
        )
    return cast("Renderer", registry.member("picture.renderers", ending)).render(picture)
