"""What a container is: a module that knows where one file format keeps what is no pixel.

A member has ``ENDINGS``, ``TAKES_PARAMETERS`` and four functions. None of them decodes a pixel, and none
trusts what it reads.
"""

import zlib
from dataclasses import dataclass
from typing import Protocol

from calligram.errors import ImageError

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
        xmp: the packet.
        parameters: the text that art tools read.
    """

    xmp: bytes
    parameters: str


class Container(Protocol):
    """One file format.

    Attributes:
        ENDINGS: of its files' names, in small letters.
        TAKES_PARAMETERS: whether it has a place where art tools look for their text.
    """

    ENDINGS: tuple[str, ...]
    TAKES_PARAMETERS: bool

    def fits(self, content: bytes) -> bool:
        """Return whether a file's bytes begin as those of the format do."""

    def parts(self, content: bytes) -> list[Part]:
        """Return what tells of the making, in the order of the file."""

    def labelled(self, content: bytes, carried: Carried) -> bytes:
        """Return the bytes with a label in the place of an earlier one; everything else stays as it is."""

    def stripped(self, content: bytes) -> bytes:
        """Return the bytes without what :func:`parts` finds."""


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
