"""IPTC-IIM, the older block: in Photoshop's resources of JPEG and TIFF, or bare in TIFF.

Source: IPTC-NAA Information Interchange Model 4.2, record 2; Adobe Photoshop File Formats, image resources.
"""

import struct
from collections.abc import Iterator, Sequence

from calligram.provenance.layouts.base import Telling, Text, known

NAME = "IPTC-IIM"
SETS = {5: "title", 25: "subjects", 80: "creator", 116: "rights", 120: "description", 65: "software"}
RESOURCE, HEAD = 0x0404, b"Photoshop 3.0\0"


def read(texts: Sequence[Text]) -> Telling | None:
    """Return what the older block tells, or None where there is none."""
    for text in texts:
        if text.key != "iptc":
            continue
        told: dict[str, list[str]] = {}
        for number, words in _sets(_block(text.words.encode("latin-1", "replace"))):
            told.setdefault(SETS.get(number, ""), []).append(words)
        fields = {
            name: tuple(words) if name == "subjects" else ", ".join(words)
            for name, words in told.items()
            if name
        }
        if fields:
            return Telling(NAME, text.where, known(**fields))
    return None


def _block(data: bytes) -> bytes:
    """Return the IPTC block within Photoshop's resources, or the data where it is that already."""
    data = data.removeprefix(HEAD)
    place = 0
    while data[place : place + 4] == b"8BIM" and place + 12 <= len(data):
        (kind,) = struct.unpack_from(">H", data, place + 4)
        named = data[place + 6] + 1
        start = place + 6 + named + named % 2
        if start + 4 > len(data):
            return b""
        (size,) = struct.unpack_from(">I", data, start)
        if kind == RESOURCE:
            return data[start + 4 : start + 4 + size]
        place = start + 4 + size + size % 2
    return data if data[:1] == b"\x1c" else b""


def _sets(data: bytes) -> Iterator[tuple[int, str]]:
    place = 0
    while place + 5 <= len(data) and data[place] == 0x1C:
        record, number, size = struct.unpack_from(">BBH", data, place + 1)
        if size & 0x8000:
            return
        words = data[place + 5 : place + 5 + size]
        if record == 2:
            yield number, words.decode("utf-8", "replace")
        place += 5 + size
