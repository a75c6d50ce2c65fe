"""What a container is: a module that knows where one file format keeps what is no pixel.

A member has a few constants and four functions. None of them decodes a pixel, and none trusts what it reads.
"""

import zlib
from dataclasses import dataclass
from typing import Protocol, cast

from calligram import registry
from calligram.errors import ImageError
from calligram.provenance.label import Label
from calligram.provenance.parameters import parameters_of
from calligram.provenance.xmp import packet_of

LARGEST_TEXT = 16 << 20
"""Bytes to which the text of one part is unpacked at most."""


@dataclass(frozen=True)
class Part:
    """A part of a file that tells of its making.

    Args:
        kind: ``xmp``, ``exif``, ``iptc``, ``text``, ``comment``, ``c2pa``, ``thumbnail``, ``trailing`` or
            ``other``.
        name: as a person meets it, as ``"text 'parameters'"``.
        size_bytes: that it takes in the file.
        content: what it holds, unpacked; empty where it is too large or damaged.
        key: of a text, as ``"parameters"``, else empty.
    """

    kind: str
    name: str
    size_bytes: int
    content: bytes = b""
    key: str = ""


@dataclass(frozen=True)
class Carried:
    """What goes into a file.

    Args:
        label: what is said of it.
        size: width and height in pixels, where there are pixels.
    """

    label: Label
    size: tuple[int, int] | None = None

    @property
    def parameters(self) -> str:
        """Return the text that art tools read."""
        return parameters_of(self.label, self.size)

    @property
    def xmp(self) -> bytes:
        """Return the packet for formats with a place of their own for that text."""
        return packet_of(self.label)

    @property
    def whole_xmp(self) -> bytes:
        """Return the packet for formats without one, with that text in it."""
        return packet_of(self.label, self.parameters)


class Container(Protocol):
    """One file format.

    Attributes:
        NAME: as people call it.
        DECODED: whether it holds pixels that Pillow decodes, and not a drawing.
        ENDINGS: of its files' names, in small letters.
    """

    NAME: str
    DECODED: bool
    ENDINGS: tuple[str, ...]

    def fits(self, content: bytes) -> bool:
        """Return whether a file's bytes begin as those of the format do."""

    def parts(self, content: bytes) -> list[Part]:
        """Return what tells of the making, in the order of the file."""

    def labelled(self, content: bytes, carried: Carried) -> bytes:
        """Return the bytes with a label in the place of an earlier one; everything else stays as it is."""

    def stripped(self, content: bytes) -> bytes:
        """Return the bytes without what :func:`parts` finds."""


def container_of(content: bytes) -> Container | None:
    """Return the format that a file's bytes begin as, or None."""
    family = "provenance.containers"
    for name in registry.members(family):
        container = cast("Container", registry.member(family, name))
        if container.fits(content):
            return container
    return None


def broken(format_name: str, what: str) -> ImageError:
    """Return the error for a file that breaks its format."""
    return ImageError(f"the {format_name} file is damaged ({what}): fetch or save it again")


def unpacked(packed: bytes) -> bytes:
    """Return what zlib packed, or nothing where it is damaged or over ``LARGEST_TEXT``."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(packed, LARGEST_TEXT)
    except zlib.error:
        return b""
    return text if unpacking.eof else b""
