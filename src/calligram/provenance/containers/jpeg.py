"""JPEG: segments; EXIF and XMP in ``APP1``, IPTC-IIM in ``APP13``, C2PA in ``APP11``, words in ``COM``.

Source: ITU-T T.81; Adobe XMP Specification Part 3 (``APP1``, extended XMP); C2PA Technical Specification 2.1.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from calligram.provenance import exif
from calligram.provenance.containers.base import Carried, Part, broken
from calligram.provenance.xmp import packets_of

NAME, DECODED = "JPEG", True
ENDINGS = (".jpg", ".jpeg", ".jpe", ".jfif")
APP0, APP1, APP2, APP11, APP13, APP14, COMMENT = 0xE0, 0xE1, 0xE2, 0xEB, 0xED, 0xEE, 0xFE
START, SCAN, END = 0xD8, 0xDA, 0xD9
BARE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""

XMP_NAME = b"http://ns.adobe.com/xap/1.0/\0"
LONG_XMP_NAME = b"http://ns.adobe.com/xmp/extension/\0"
PROFILE_NAME = b"ICC_PROFILE\0"
MOST = 65533
"""Bytes that a segment holds at most."""

JFIF_SIZE = 14


class Segment(NamedTuple):
    """One segment: its marker, and what it holds; of a scan, its coded pixels too."""

    marker: int
    data: bytes
    coded: bytes = b""

    def packed(self) -> bytes:
        """Return it as it stands in a file."""
        head = bytes((0xFF, self.marker))
        if self.marker in BARE or self.marker == END:
            return head + self.coded
        return head + struct.pack(">H", len(self.data) + 2) + self.data + self.coded


def fits(content: bytes) -> bool:
    """Return whether bytes begin as a JPEG file does."""
    return content.startswith(b"\xff\xd8\xff")


def segments(content: bytes) -> tuple[list[Segment], bytes]:
    """Return the segments of a file after its start, and what stands behind its end.

    Raises:
        ImageError: a segment is cut off.
    """
    found: list[Segment] = []
    place = 2
    while place < len(content):
        if content[place] != 0xFF:
            raise broken("JPEG", f"byte {place} begins no segment")
        while place < len(content) and content[place] == 0xFF:
            place += 1
        marker = content[place] if place < len(content) else END
        place += 1
        if marker == END:
            return [*found, Segment(END, b"")], content[place:]
        data = b"" if marker in BARE else _data(content, place)
        place += 0 if marker in BARE else 2 + len(data)
        coded_end = _coded_end(content, place) if marker == SCAN or marker in BARE else place
        found.append(Segment(marker, data, content[place:coded_end]))
        place = coded_end
    if any(segment.marker == SCAN for segment in found):
        return found, b""
    raise broken("JPEG", "it has no pixels")


def _data(content: bytes, place: int) -> bytes:
    size = int.from_bytes(content[place : place + 2], "big")
    if size < 2 or place + size > len(content):
        raise broken("JPEG", f"a segment claims {size} bytes, which are not there")
    return content[place + 2 : place + size]


def _coded_end(content: bytes, place: int) -> int:
    """Return where coded pixels end: at the first marker that is no mere filling and no restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            return len(content)
        if content[place + 1] != 0 and not 0xD0 <= content[place + 1] <= 0xD7:
            return place
        place += 2


def parts(content: bytes) -> list[Part]:
    """Return the segments that are not for the pixels, and what stands behind the end."""
    found, rest = segments(content)
    told = [part for segment in found for part in _told(segment)]
    joined = _long_xmp(found)
    told += [Part("xmp", "extended XMP", 0, text) for text in joined]
    return told + ([Part("trailing", "data behind the end", len(rest), rest)] if rest else [])


def _told(segment: Segment) -> Iterator[Part]:
    marker, data, size = segment.marker, segment.data, len(segment.data) + 4
    if marker == APP1 and data.startswith(exif.PREFIX):
        if not exif.is_only_turn(data[6:]):
            yield Part("exif", "EXIF", size, data[6:])
    elif marker == APP1 and data.startswith(XMP_NAME):
        yield Part("xmp", "XMP", size, data[len(XMP_NAME) :])
    elif marker == APP0 and data.startswith(b"JFIF\0"):
        if len(data) > JFIF_SIZE:
            yield Part("thumbnail", "thumbnail in JFIF", len(data) - JFIF_SIZE, data[JFIF_SIZE:])
    elif marker == COMMENT:
        yield Part("comment", "comment", size, data)
    elif not _is_for_pixels(segment):
        yield Part(*_named(segment), size, data)


def _named(segment: Segment) -> tuple[str, str]:
    marker, data = segment.marker, segment.data
    if marker == APP1 and data.startswith(LONG_XMP_NAME):
        return "other", "part of extended XMP"
    if marker == APP11 and data.startswith(b"JP"):
        return "c2pa", "C2PA manifest (JUMBF)"
    if marker == APP13:
        return "iptc", "IPTC and Photoshop block"
    name = data.partition(b"\0")[0][:20].decode("latin-1")
    return "other", f"segment APP{marker - APP0} {name!r}"


def _is_for_pixels(segment: Segment) -> bool:
    """Return whether decoders need a segment: all but those of applications, and of these two."""
    marker, data = segment.marker, segment.data
    if marker == APP2:
        return data.startswith(PROFILE_NAME)
    if marker == APP14:
        return data.startswith(b"Adobe")
    return not (APP0 <= marker <= APP0 + 15 or marker == COMMENT or 0xF0 <= marker <= 0xFD)


def _long_xmp(found: list[Segment]) -> list[bytes]:
    """Return extended XMP put together from its segments."""
    joined: dict[bytes, list[tuple[int, bytes]]] = {}
    for segment in found:
        if segment.marker == APP1 and segment.data.startswith(LONG_XMP_NAME):
            rest = segment.data[len(LONG_XMP_NAME) :]
            joined.setdefault(rest[:32], []).append((int.from_bytes(rest[36:40], "big"), rest[40:]))
    return [b"".join(piece for _, piece in sorted(pieces)) for pieces in joined.values()]


def labelled(content: bytes, carried: Carried) -> bytes:
    """Return the file with the label in ``APP1`` segments, before everything but the JFIF head.

    A ``parameters`` text that is too long for one segment stands in extended XMP instead.
    """
    found, rest = segments(content)
    block = next((s.data[6:] for s in found if s.marker == APP1 and s.data.startswith(exif.PREFIX)), b"")
    own = (exif.PREFIX, XMP_NAME, LONG_XMP_NAME)
    kept = [segment for segment in found if not (segment.marker == APP1 and segment.data.startswith(own))]
    place = 1 if kept and kept[0].marker == APP0 else 0
    return _whole([*kept[:place], *_label(block, carried), *kept[place:]]) + rest


def _label(block: bytes, carried: Carried) -> Iterator[Segment]:
    data = exif.PREFIX + exif.with_comment(block, carried.parameters)
    is_long = len(data) > MOST
    if is_long:
        data = exif.PREFIX + exif.without_comment(block)
    if data != exif.PREFIX:
        yield Segment(APP1, data)
    told = carried.parameters if is_long else ""
    packet, extension, name = packets_of(carried.label, told, MOST - len(XMP_NAME))
    yield Segment(APP1, XMP_NAME + packet)
    for start in range(0, len(extension), 65400):
        head = LONG_XMP_NAME + name.encode() + struct.pack(">II", len(extension), start)
        yield Segment(APP1, head + extension[start : start + 65400])


def stripped(content: bytes) -> bytes:
    """Return the file with what its pixels need alone: tables, scans, colour profile, how it is turned."""
    kept: list[Segment] = []
    for segment in segments(content)[0]:
        if segment.marker == APP0 and segment.data.startswith(b"JFIF\0"):
            bare = segment.data[: JFIF_SIZE - 2].ljust(JFIF_SIZE - 2, b"\0")
            kept.append(Segment(APP0, bare + b"\0\0"))
        elif segment.marker == APP1 and segment.data.startswith(exif.PREFIX):
            turned = exif.turned(exif.orientation_of(segment.data[6:]))
            kept += [Segment(APP1, exif.PREFIX + turned)] if turned else []
        elif _is_for_pixels(segment):
            kept.append(segment)
    return _whole(kept)


def _whole(kept: list[Segment]) -> bytes:
    return b"\xff\xd8" + b"".join(segment.packed() for segment in kept)
