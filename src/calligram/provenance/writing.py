"""Writing: images with their label inside, and a sidecar beside them where one is wanted or needed."""

import os
from pathlib import Path

from PIL import Image

from calligram.errors import ImageError
from calligram.provenance.containers.base import Carried, container_of
from calligram.provenance.credentials import is_signed
from calligram.provenance.encoding import encoded
from calligram.provenance.label import Label
from calligram.provenance.sidecar import sidecar_of, sidecar_path
from calligram.provenance.sizes import size_in_pixels
from calligram.whole_files import write_whole, writing_whole

TEXTS = frozenset((".txt", ".ans", ".md", ".json", ".jsonl", ".csv"))
"""Endings of files that are no images, to which a sidecar is written where one is asked for alone."""


def write_image(
    path: str | os.PathLike[str],
    image: Image.Image | bytes,
    label: Label | None,
    *,
    sidecar: bool = False,
) -> tuple[str, ...]:
    """Write an image with its label, whole or not at all.

    An image that carries content credentials already is written as it is, since any change would break them.
    Then the label stands in the sidecar alone, as it does where the format carries none.

    Args:
        path: its ending names the format.
        image: a Pillow image, which is encoded, or the bytes of a file, whose pixels stay as they are.
        label: how it was made; None writes no word of it.
        sidecar: write ``PATH.json`` too.

    Returns:
        What a person should be told of it, a sentence each.

    Raises:
        OutputError: the ending is unknown, or the file cannot be written.
        ImageError: the bytes are damaged.
    """
    ending = Path(path).suffix.lower()
    content = image if isinstance(image, bytes) else encoded(image, ending, path)
    if label is None:
        write_whole(path, content)
        return ()
    remarks: tuple[str, ...] = ()
    if is_signed(content):
        sidecar = True
        remarks = (f"{Path(path).name} carries content credentials, which a label inside would break",)
    elif container_of(content) is None:
        sidecar = sidecar or ending not in TEXTS
    else:
        content = labelled(content, ending, label)
    if not sidecar:
        write_whole(path, content)
        return ()
    beside = sidecar_of(content, label, Path(path).name)
    with writing_whole(path) as stream, writing_whole(sidecar_path(path)) as second:
        stream.write(content)
        second.write(beside)
    return (*remarks, f"the label of {Path(path).name} is in {sidecar_path(path).name}")


def labelled(content: bytes, ending: str, label: Label) -> bytes:
    """Return the bytes of an image file with a label in the place of an earlier one; no pixel changes.

    The same bytes and label give the same result.

    Args:
        content: a whole file.
        ending: of its name, as ``".png"``; what the bytes begin as counts where they differ.
        label: how it was made.

    Raises:
        ImageError: the file is damaged, of a format that carries no label, or carries content credentials.
    """
    if is_signed(content):
        raise ImageError(
            "the file carries content credentials, which a label inside would break: "
            "write a sidecar, or sign a new version of it"
        )
    container = container_of(content)
    if container is None:
        raise ImageError(f"a file ending in {ending!r} carries no label: write a sidecar")
    return container.labelled(content, Carried(label, size_in_pixels(content)))
