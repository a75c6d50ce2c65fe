"""WebP: a RIFF file of chunks; EXIF in ``EXIF``, XMP in ``XMP ``, C2PA in ``C2PA``.

Source: RFC 9649 (WebP Image Format); C2PA Technical Specification 2.1, Embedding into RIFF.
"""

import struct
from typing import NamedTuple

from calligram.provenance import exif
from calligram.provenance.containers.base import Carried, Part, broken

NAME, DECODED = "WebP", True
ENDINGS = (".webp",)
PIXELS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
KINDS = {b"EXIF": ("exif", "EXIF"), b"XMP ": ("xmp", "XMP"), b"C2PA": ("c2pa", "C2PA manifest")}
EXIF_FLAG, XMP_FLAG, ALPHA_FLAG = 0x08, 0x04, 0x10


class Chunk(NamedTuple):
    """One chunk: its type and data."""

    code: bytes
    data: bytes

    def packed(self) -> bytes:
        """Return it as it stands in a file, padded to an even length."""
        return self.code + struct.pack("<I", len(self.data)) + self.data + b"\0" * (len(self.data) % 2)


def fits(content: bytes) -> bool:
    """Return whether bytes begin as a WebP file does."""
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def chunks(content: bytes) -> tuple[list[Chunk], bytes]:
    """Return the chunks of a file, and what stands behind its end.

    Raises:
        ImageError: a chunk is cut off.
    """
    end = 8 + struct.unpack_from("<I", content, 4)[0]
    if end > len(content) + 1:
        raise broken("WebP", f"it claims {end} bytes, but has {len(content)}")
    found, place = [], 12
    while place + 8 <= end:
        kind, size = content[place : place + 4], struct.unpack_from("<I", content, place + 4)[0]
        if place + 8 + size > min(end, len(content)):
            raise broken("WebP", f"its chunk {kind!r} claims {size} bytes, which are not there")
        found.append(Chunk(kind, content[place + 8 : place + 8 + size]))
        place += 8 + size + size % 2
    if not any(chunk.code in (b"VP8 ", b"VP8L", b"ANMF") for chunk in found):
        raise broken("WebP", "it has no pixels")
    return found, content[max(place, end) :]


def parts(content: bytes) -> list[Part]:
    """Return the chunks that are not for the pixels, and what stands behind the end."""
    found, rest = chunks(content)
    told = [_part(chunk) for chunk in found if chunk.code not in PIXELS and not _is_turn(chunk)]
    return told + ([Part("trailing", "data behind the end", len(rest), rest)] if rest else [])


def _part(chunk: Chunk) -> Part:
    kind, name = KINDS.get(chunk.code, ("other", f"chunk {chunk.code.decode('latin-1')!r}"))
    return Part(kind, name, len(chunk.packed()), _block(chunk) if kind == "exif" else chunk.data)


def _block(chunk: Chunk) -> bytes:
    """Return the EXIF block of a chunk; some writers put the prefix of JPEG before it."""
    return chunk.data.removeprefix(exif.PREFIX)


def _is_turn(chunk: Chunk) -> bool:
    return chunk.code == b"EXIF" and exif.is_only_turn(chunk.data)


def labelled(content: bytes, carried: Carried) -> bytes:
    """Return the file with the label in chunks behind its pixels, as the format wants it."""
    found, rest = chunks(content)
    block = next((_block(chunk) for chunk in found if chunk.code == b"EXIF"), b"")
    kept = [chunk for chunk in found if chunk.code not in (b"EXIF", b"XMP ")]
    label = [Chunk(b"EXIF", exif.with_comment(block, carried.parameters)), Chunk(b"XMP ", carried.xmp)]
    return _whole([*kept, *label]) + rest


def stripped(content: bytes) -> bytes:
    """Return the file with what its pixels need alone: coded pixels, colour profile, and how it is turned."""
    found = chunks(content)[0]
    block = next((_block(chunk) for chunk in found if chunk.code == b"EXIF"), b"")
    turned = exif.turned(exif.orientation_of(block)) if block else b""
    kept = [chunk for chunk in found if chunk.code in PIXELS]
    return _whole([*kept, *([Chunk(b"EXIF", turned)] if turned else [])])


def _whole(kept: list[Chunk]) -> bytes:
    """Return a file of chunks, with a head that says which of them there are."""
    types = {chunk.code for chunk in kept}
    if types & {b"EXIF", b"XMP "} and b"VP8X" not in types:
        kept = [_head(kept), *kept]
    flags = (EXIF_FLAG if b"EXIF" in types else 0) | (XMP_FLAG if b"XMP " in types else 0)
    body = b"WEBP" + b"".join(_flagged(chunk, flags).packed() for chunk in kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _flagged(chunk: Chunk, flags: int) -> Chunk:
    if chunk.code != b"VP8X":
        return chunk
    first = chunk.data[0] & ~(EXIF_FLAG | XMP_FLAG) | flags
    return Chunk(chunk.code, bytes((first,)) + chunk.data[1:])


def _head(kept: list[Chunk]) -> Chunk:
    """Return the extended head of a simple file, whose size stands in its coded pixels."""
    pixels = next(chunk for chunk in kept if chunk.code in (b"VP8 ", b"VP8L"))
    if len(pixels.data) < 10:
        raise broken("WebP", "its pixels are cut off")
    if pixels.code == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", pixels.data, 6))
        alpha = 0
    else:
        bits = int.from_bytes(pixels.data[1:5], "little")
        width, height, alpha = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bits >> 28 & 1
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return Chunk(b"VP8X", bytes((ALPHA_FLAG * alpha, 0, 0, 0)) + sides)
