"""Stripping: an image without anything that tells of its making, its pixels unchanged."""

import os
from dataclasses import dataclass

from calligram.errors import ImageError, OutputError
from calligram.provenance.containers.base import Part, container_of
from calligram.provenance.sidecar import digest_of

MOST_ROUNDS = 3


@dataclass(frozen=True)
class Stripped:
    """An image without what told of its making.

    Args:
        content: the file's bytes.
        gone: what went, in the order of the file.
        compared: whether the pixels were decoded before and after, and found the same.
    """

    content: bytes
    gone: tuple[Part, ...]
    compared: bool


def strip(content: bytes, told: str = "the image") -> Stripped:
    """Return an image without what tells of its making: labels, EXIF, comments, thumbnails, credentials, …

    What pixels need stays: colour profile, gamma, how the image is turned, timing of frames. Nothing is
    encoded again. Colour profiles are kept whole, with the words in them.

    Args:
        content: the bytes of a file.
        told: what it is called in messages.

    Raises:
        ImageError: it is damaged, or of a format that is not known through and through.
        OutputError: something stayed, or a pixel changed; that would be a fault of Calligram.
    """
    container = container_of(content)
    if container is None:
        raise ImageError(
            f"{told} is of a format that is not known well enough to strip it "
            f"(it begins with {content[:12]!r}): give PNG, JPEG, WebP, AVIF, TIFF, GIF, SVG, PDF or HTML"
        )
    gone = tuple(container.parts(content))
    bare = container.stripped(content)
    for _ in range(MOST_ROUNDS):
        if not container.parts(bare):
            break
        bare = container.stripped(bare)
    if left := container.parts(bare):
        raise OutputError(
            f"{told} still tells of its making after it was stripped ({left[0].name}): report it"
        )
    return Stripped(bare, gone, _compared(content, bare, told))


def _compared(before: bytes, after: bytes, told: str) -> bool:
    """Return whether pixels could be compared.

    Raises:
        OutputError: they differ.
    """
    container = container_of(before)
    if container is None or not container.DECODED:
        return False
    try:
        first, second = digest_of(before), digest_of(after)
    except ImageError:
        return False
    if first.of == second.of == "pixels" and first != second:
        raise OutputError(f"{told} would look different once it is stripped: nothing was written")
    return first.of == "pixels"


def told_sizes(gone: tuple[Part, ...]) -> list[str]:
    """Return what went, a line each, as ``"XMP (1,846 bytes)"``; parts of one name are counted together."""
    sizes: dict[str, list[int]] = {}
    for part in gone:
        sizes.setdefault(part.name, []).append(part.size_bytes)
    return [
        f"{name}{f' × {len(found)}' if len(found) > 1 else ''} ({sum(found):,} bytes)"
        for name, found in sizes.items()
    ]


def stripped_path(path: str | os.PathLike[str]) -> str:
    """Return where a stripped image goes where no place is named.

    >>> stripped_path("works/cat.png")
    'works/cat.stripped.png'
    """
    root, ending = os.path.splitext(os.fspath(path))  # noqa: PTH122
    return f"{root}.stripped{ending}"
