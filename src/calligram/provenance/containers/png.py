"""PNG: chunks; texts in ``tEXt``, ``zTXt``, ``iTXt`` (and ``comf``), EXIF in ``eXIf``, C2PA in ``caBX``.

Source: W3C Portable Network Graphics, third edition; C2PA Technical Specification 2.1, Embedding into PNG.
"""

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from calligram.provenance import exif
from calligram.provenance.containers.base import Carried, Part, broken, unpacked

NAME, DECODED = "PNG", True
ENDINGS = (".png", ".apng")
SIGNATURE = b"\x89PNG\r\n\x1a\n"
XMP_KEY = "XML:com.adobe.xmp"
PARAMETERS_KEY = "parameters"

PIXELS = frozenset(
    (
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"cICP",
        b"mDCV",
    )
)
PIXELS |= {b"cLLI", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT"}
"""Chunks that decide how the pixels look; everything else tells of something else."""

KINDS = {b"tEXt": "text", b"zTXt": "text", b"iTXt": "text", b"comf": "text", b"eXIf": "exif", b"caBX": "c2pa"}
NAMES = {"exif": "EXIF", "c2pa": "C2PA manifest"}


class Chunk(NamedTuple):
    """One chunk: its type and data."""

    code: bytes
    data: bytes

    def packed(self) -> bytes:
        """Return it as it stands in a file."""
        body = self.code + self.data
        return struct.pack(">I", len(self.data)) + body + struct.pack(">I", zlib.crc32(body))


def fits(content: bytes) -> bool:
    """Return whether bytes begin as a PNG file does."""
    return content.startswith(SIGNATURE)


def chunks(content: bytes) -> tuple[list[Chunk], bytes]:
    """Return the chunks of a file, and what stands behind its end.

    Raises:
        ImageError: a chunk is cut off, or there is no end.
    """
    found, place = [], len(SIGNATURE)
    while place < len(content):
        if place + 12 > len(content):
            raise broken("PNG", "its last chunk is cut off")
        size, kind = struct.unpack_from(">I4s", content, place)
        if place + 12 + size > len(content):
            raise broken("PNG", f"its chunk {kind!r} claims {size} bytes, which are not there")
        found.append(Chunk(kind, content[place + 8 : place + 8 + size]))
        place += 12 + size
        if kind == b"IEND":
            return found, content[place:]
    raise broken("PNG", "it has no end")


def parts(content: bytes) -> list[Part]:
    """Return the chunks that are not for the pixels, and what stands behind the end."""
    found, rest = chunks(content)
    told = [_part(chunk) for chunk in found if chunk.code not in PIXELS and not _is_turn(chunk)]
    return told + ([Part("trailing", "data behind the end", len(rest), rest)] if rest else [])


def labelled(content: bytes, carried: Carried) -> bytes:
    """Return the file with the label in text chunks before its pixels."""
    found, rest = chunks(content)
    kept = [chunk for chunk in found if _key(chunk) not in (XMP_KEY, PARAMETERS_KEY)]
    place = next((number for number, chunk in enumerate(kept) if chunk.code == b"IDAT"), len(kept) - 1)
    label = [international(XMP_KEY, carried.xmp.decode()), text(PARAMETERS_KEY, carried.parameters)]
    return _whole([*kept[:place], *label, *kept[place:]]) + rest


def stripped(content: bytes) -> bytes:
    """Return the file with what its pixels need alone: pixels, colours, and how it is turned."""
    kept: list[Chunk] = []
    for chunk in chunks(content)[0]:
        if chunk.code == b"eXIf":
            turned = exif.turned(exif.orientation_of(chunk.data))
            kept += [Chunk(b"eXIf", turned)] if turned else []
        elif chunk.code in PIXELS:
            kept.append(chunk)
    return _whole(kept)


def _is_turn(chunk: Chunk) -> bool:
    return chunk.code == b"eXIf" and exif.is_only_turn(chunk.data)


def text(key: str, words: str) -> Chunk:
    """Return the chunk of a text: ``tEXt`` where Latin-1 has its characters, else ``iTXt``."""
    try:
        return Chunk(b"tEXt", key.encode("latin-1") + b"\0" + words.encode("latin-1"))
    except UnicodeEncodeError:
        return international(key, words)


def international(key: str, words: str) -> Chunk:
    """Return the chunk of a text in UTF-8, not packed."""
    return Chunk(b"iTXt", key.encode("latin-1") + b"\0" + b"\0\0" + b"\0\0" + words.encode())


def _whole(kept: Iterable[Chunk]) -> bytes:
    return SIGNATURE + b"".join(chunk.packed() for chunk in kept)


def _key(chunk: Chunk) -> str:
    return chunk.data.partition(b"\0")[0].decode("latin-1") if KINDS.get(chunk.code) == "text" else ""


def _part(chunk: Chunk) -> Part:
    size, kind = len(chunk.data) + 12, KINDS.get(chunk.code, "other")
    if kind != "text":
        name = NAMES.get(kind, f"chunk {chunk.code.decode('latin-1')!r}")
        return Part(kind, name, size, chunk.data)
    key, words = _key(chunk), _words(chunk)
    kind = "xmp" if key == XMP_KEY else "text"
    return Part(kind, "XMP" if kind == "xmp" else f"text {key!r}", size, words, key)


def _words(chunk: Chunk) -> bytes:
    """Return the text of a text chunk in UTF-8."""
    data = chunk.data.partition(b"\0")[2]
    if chunk.code in (b"tEXt", b"comf"):
        return data.decode("latin-1").encode()
    if chunk.code == b"zTXt":
        return unpacked(data[1:]).decode("latin-1").encode()
    is_packed, words = data[:1] == b"\1", data[2:].partition(b"\0")[2].partition(b"\0")[2]
    return unpacked(words) if is_packed else words
