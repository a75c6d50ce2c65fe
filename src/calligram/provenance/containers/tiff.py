"""TIFF: directories of tags; XMP in 700, IPTC-IIM in 33723, Photoshop's block in 34377, EXIF in 34665.

Source: TIFF Revision 6.0; Adobe XMP Specification Part 3 (TIFF); C2PA Technical Specification 2.1 (its tag).
"""

import struct
from collections.abc import Iterator

from calligram.errors import ImageError
from calligram.provenance import exif
from calligram.provenance.containers.base import Carried, Part, broken
from calligram.provenance.directories import (
    BYTE,
    Directory,
    Entry,
    Head,
    blanked,
    chain,
    head_of,
    numbers_of,
    value_of,
)

NAME, DECODED = "TIFF", True
ENDINGS = (".tif", ".tiff")
XMP, IPTC, PHOTOSHOP, C2PA, SUB = 700, 33723, 34377, 52545, 330
KINDS = {XMP: "xmp", IPTC: "iptc", PHOTOSHOP: "iptc", C2PA: "c2pa", exif.EXIF: "exif", exif.GPS: "exif"}
NAMES = {
    **exif.NAMES,
    IPTC: "IPTC block",
    PHOTOSHOP: "Photoshop block",
    C2PA: "C2PA manifest",
    exif.EXIF: "EXIF",
    exif.GPS: "GPS",
}
PIXELS = frozenset(
    (*range(254, 260), *range(262, 267), 273, 274, *range(277, 285), *range(290, 294), 296, 301)
) | frozenset((*range(317, 326), SUB, 332, 334, 336, *range(338, 344), 346, 347, *range(512, 516), 517, 518))
PIXELS |= {*range(529, 533), 559, 32996, 32997, 32998, 34675}
"""Tags that decide how the pixels look; everything else tells of something else."""

DATA = {273: 279, 324: 325, 513: 514}
"""Tags that tell where pixels lie, and those that tell how many bytes they take."""

OLD_JPEG = 6


def fits(content: bytes) -> bool:
    """Return whether bytes begin as a TIFF file does."""
    return content[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def parts(content: bytes) -> list[Part]:
    """Return the tags that are not for the pixels, of all pages, and bytes that belong to nothing."""
    head = head_of(content)
    told = []
    for page in _pages(content, head):
        told += [_part(content, entry) for entry in page.entries if entry.tag not in PIXELS]
    stray = _stray(content, head)
    return told + (
        [Part("trailing", "bytes that belong to nothing", len(stray), stray)] if stray.strip(b"\0") else []
    )


def _part(content: bytes, entry: Entry) -> Part:
    kind = KINDS.get(entry.tag, "text" if entry.code == 2 else "other")
    name = NAMES.get(entry.tag, f"tag {entry.tag}")
    value = content if entry.tag == exif.EXIF else value_of(content, entry)
    return Part(kind, name, entry.size, value, name if kind == "text" else "")


def _pages(content: bytes, head: Head, start: int | None = None, depth: int = 0) -> Iterator[Directory]:
    """Yield the pages of a file, and those that hang below them."""
    for page in chain(content, head, head.first if start is None else start):
        yield page
        below = page.find(SUB)
        for place in numbers_of(content, head, below) if below and depth < 4 else []:
            yield from _pages(content, head, place, depth + 1)


def labelled(content: bytes, carried: Carried) -> bytes:
    """Return the file with the label in tags of its first page, whose directory moves to the end."""
    head = head_of(content)
    first = next(chain(content, head, head.first), None)
    if first is None:
        raise broken("TIFF", "it has no pages")
    return exif.commented(content, head, first, carried.parameters, ((XMP, BYTE, carried.xmp),))


def stripped(content: bytes) -> bytes:
    """Return the file with the tags for its pixels alone; what belonged to the others is zeros or cut off."""
    head = head_of(content)
    kept = _kept(content, head)
    changed = bytearray(blanked(content, _gaps(kept, len(content))))
    for page in _pages(content, head):
        entries = [entry for entry in page.entries if entry.tag in PIXELS]
        each, counted = (20, 8) if head.big else (12, 2)
        rows = b"".join(content[(at := _row_at(page, entry, head)) : at + each] for entry in entries)
        count = len(entries).to_bytes(counted, "little" if head.order == "<" else "big")
        table = count + rows + struct.pack(head.word, page.next)
        changed[page.start : page.start + page.size] = table.ljust(page.size, b"\0")
    bare = bytes(changed)
    return bare[: max(start + size for start, size in _kept(bare, head))]


def _row_at(page: Directory, entry: Entry, head: Head) -> int:
    each, counted = (20, 8) if head.big else (12, 2)
    return page.start + counted + page.entries.index(entry) * each


def _stray(content: bytes, head: Head) -> bytes:
    """Return the bytes that neither head, directories, tags nor pixels use."""
    used = _kept(content, head)
    for page in _pages(content, head):
        used += [(entry.start, entry.size) for entry in page.entries]
        for tag in (exif.EXIF, exif.GPS):
            used += _below(content, head, page.find(tag))
    return b"".join(content[start : start + size] for start, size in _gaps(used, len(content)))


def _below(content: bytes, head: Head, pointer: Entry | None, depth: int = 0) -> list[tuple[int, int]]:
    """Return what an EXIF directory and those in it use."""
    used: list[tuple[int, int]] = []
    for place in numbers_of(content, head, pointer) if pointer and depth < 3 else []:
        try:
            found = next(chain(content, head, place))
        except (ImageError, StopIteration):
            continue
        used += [(found.start, found.size), *((entry.start, entry.size) for entry in found.entries)]
        used += _below(content, head, found.find(40965), depth + 1)
    return used


def _kept(content: bytes, head: Head) -> list[tuple[int, int]]:
    """Return the ranges that pixels need: head, directories, values of their tags, and the pixels."""
    ranges = [(0, 16 if head.big else 8)]
    for page in _pages(content, head):
        ranges.append((page.start, page.size))
        ranges += [(entry.start, entry.size) for entry in page.entries if entry.tag in PIXELS]
        ranges += _pixels(content, head, page)
    return ranges


def _pixels(content: bytes, head: Head, page: Directory) -> Iterator[tuple[int, int]]:
    """Yield where the pixels of a page lie.

    Raises:
        ImageError: that cannot be told, as in JPEG of the oldest kind.
    """
    compression = page.find(259)
    if compression and numbers_of(content, head, compression) == [OLD_JPEG] and page.find(519):
        raise broken("TIFF", "its pixels are JPEG of the oldest kind, whose parts lie anywhere")
    for where, how_many in DATA.items():
        at, sizes = page.find(where), page.find(how_many)
        if at is None:
            continue
        places = numbers_of(content, head, at)
        lengths = numbers_of(content, head, sizes) if sizes else [len(content)] * len(places)
        if len(places) != len(lengths):
            raise broken("TIFF", f"tags {where} and {how_many} differ in number")
        yield from zip(places, lengths, strict=True)


def _gaps(ranges: list[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    """Yield what lies between ranges, and behind them to the end."""
    place = 0
    for start, length in sorted(ranges):
        if start > place:
            yield place, min(start, size) - place
        place = max(place, start + length)
        if place >= size:
            return
    yield place, size - place
