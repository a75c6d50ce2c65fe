"""Writing: images with their label inside, and a sidecar beside them where one is wanted or needed."""

import io
import os
from pathlib import Path

from PIL import Image

from calligram.errors import ImageError
from calligram.picture.opening import without_pillow_limit
from calligram.provenance.containers.base import Carried, container_of
from calligram.provenance.encoding import encoded
from calligram.provenance.label import Label
from calligram.whole_files import write_whole


def write_image(
    path: str | os.PathLike[str],
    image: Image.Image | bytes,
    label: Label | None,
    *,
    sidecar: bool = False,
) -> None:
    """Write an image with its label, whole or not at all.

    Args:
        path: its ending names the format.
        image: a Pillow image, which is encoded, or the bytes of a file, whose pixels stay as they are.
        label: how it was made; None writes no word of it.
        sidecar: write ``PATH.json`` too; where the format can carry no label that is done anyway.

    Raises:
        OutputError: the ending is unknown, or the file cannot be written.
        ImageError: the bytes are damaged.
    """
    ending = Path(path).suffix.lower()
    content = image if isinstance(image, bytes) else encoded(image, ending, path)
    write_whole(path, content if label is None else labelled(content, ending, label))


def labelled(content: bytes, ending: str, label: Label) -> bytes:
    """Return the bytes of an image file with a label in the place of an earlier one; no pixel changes.

    The same bytes and label give the same result.

    Args:
        content: a whole file.
        ending: of its name, as ``".png"``; what the bytes begin as counts where they differ.
        label: how it was made.

    Raises:
        ImageError: the file is damaged, or of a format that carries no label.
    """
    container = container_of(content)
    if container is None:
        raise ImageError(f"a file ending in {ending!r} carries no label: write a sidecar")
    return container.labelled(content, Carried(label, _size(content)))


def _size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels as the head of a file tells them."""
    with without_pillow_limit():
        try:
            return Image.open(io.BytesIO(content)).size
        except Exception:
            return None
