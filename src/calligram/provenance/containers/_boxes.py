"""Boxes of ISO media files, and the items in them.

Source: ISO/IEC 14496-12 (``iinf``, ``iloc``, ``iref``, ``pitm``), ISO/IEC 23008-12 (EXIF and XMP as items).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from calligram.provenance.containers.base import broken

MOST_ITEMS = 10_000
FORMAT = "AVIF"


class Box(NamedTuple):
    """One box: its type, where it stands, where its body begins, and where it ends."""

    code: bytes
    start: int
    body: int
    end: int


def boxes(content: bytes, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two places.

    Raises:
        ImageError: a box is cut off.
    """
    while start < end:
        if start + 8 > end:
            raise broken(FORMAT, f"a box is cut off at byte {start}")
        size, kind = struct.unpack_from(">I4s", content, start)
        body = start + 8
        if size == 1 and start + 16 <= end:
            (size,) = struct.unpack_from(">Q", content, body)
            body += 8
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end:
            raise broken(FORMAT, f"its box {kind!r} claims {size} bytes, which are not there")
        yield Box(kind, start, body, start + size)
        start += size


def box(kind: bytes, body: bytes) -> bytes:
    """Return a box."""
    return struct.pack(">I4s", len(body) + 8, kind) + body


@dataclass(frozen=True)
class Item:
    """One item: its number, type, the entry that tells of it, and where it lies.

    Args:
        number: that others name it by.
        code: as ``av01``, ``Exif`` or ``mime``.
        media: of a ``mime`` item, as ``application/rdf+xml``.
        entry: its box ``infe``, whole.
        method: 0 where extents count from the file's beginning, 1 where in ``idat``.
        extents: start and size of each.
    """

    number: int
    code: bytes
    media: str = ""
    entry: bytes = b""
    method: int = 0
    extents: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Items:
    """What the box ``meta`` says: the items, the main one, which refers to which, and the rest of it."""

    start: int
    end: int
    flags: bytes
    main: int
    items: tuple[Item, ...]
    references: tuple[tuple[bytes, int, tuple[int, ...]], ...]
    before: tuple[bytes, ...] = ()
    idat: tuple[int, int] = (0, 0)

    def packed(self, shift: int = 0) -> bytes:
        """Return the box, with places in the file behind it moved on by ``shift``."""
        body = self.flags + b"".join(self.before) + self._located(shift) + self._listed() + self._referred()
        return box(b"meta", body)

    @property
    def _small(self) -> bool:
        """Return whether the short forms fit, which simple readers know alone."""
        ends = (start + size for item in self.items for start, size in item.extents)
        numbers = all(item.number < 1 << 16 and item.method == 0 for item in self.items)
        return numbers and max(ends, default=0) < 1 << 31

    def _listed(self) -> bytes:
        count = struct.pack(">IH", 0, len(self.items))
        return box(b"iinf", count + b"".join(item.entry for item in self.items))

    def _located(self, shift: int) -> bytes:
        there = [item for item in self.items if item.extents]
        head, place = (">HHH", ">II") if self._small else (">IHHH", ">QQ")
        rows = b""
        for item in there:
            method = () if self._small else (item.method,)
            rows += struct.pack(head, item.number, *method, 0, len(item.extents))
            for start, size in item.extents:
                moved = shift if item.method == 0 and start >= self.end else 0
                rows += struct.pack(place, start + moved, size)
        if self._small:
            return box(b"iloc", struct.pack(">IBBH", 0, 0x44, 0, len(there)) + rows)
        return box(b"iloc", struct.pack(">BxxxBBI", 2, 0x88, 0, len(there)) + rows)

    def _referred(self) -> bytes:
        form, rows = "H" if self._small else "I", b""
        for kind, source, targets in self.references:
            rows += box(kind, struct.pack(f">{form}H{len(targets)}{form}", source, len(targets), *targets))
        return box(b"iref", bytes((form == "I", 0, 0, 0)) + rows) if rows else b""

    def without(self, numbers: frozenset[int]) -> "Items":
        """Return what is said when some items are gone."""
        references = []
        for kind, source, targets in self.references:
            left = tuple(target for target in targets if target not in numbers)
            if source not in numbers and left:
                references.append((kind, source, left))
        items = tuple(item for item in self.items if item.number not in numbers)
        return replace(self, items=items, references=tuple(references))


def items_of(content: bytes) -> Items:
    """Return what the first box ``meta`` of a file says.

    Raises:
        ImageError: there is none, or it is damaged.
    """
    meta = next((found for found in boxes(content, 0, len(content)) if found.code == b"meta"), None)
    if meta is None:
        raise broken(FORMAT, "it has no box 'meta'")
    inner = list(boxes(content, meta.body + 4, meta.end))
    by_type = {found.code: found for found in inner}
    try:
        entries = _entries(content, by_type[b"iinf"])
        places = _places(content, by_type[b"iloc"])
        main = _main(content, by_type[b"pitm"])
        references = _references(content, by_type[b"iref"]) if b"iref" in by_type else []
    except (KeyError, struct.error, IndexError) as fault:
        raise broken(FORMAT, f"its items cannot be read: {fault!r}") from fault
    items = [
        replace(item, method=places[item.number][0], extents=places[item.number][1])
        if item.number in places
        else item
        for item in entries
    ]
    before = [content[one.start : one.end] for one in inner if one.code not in (b"iinf", b"iloc", b"iref")]
    idat = by_type.get(b"idat")
    return Items(
        meta.start,
        meta.end,
        content[meta.body : meta.body + 4],
        main,
        tuple(items),
        tuple(references),
        tuple(before),
        (idat.body, idat.end) if idat else (0, 0),
    )


def _main(content: bytes, found: Box) -> int:
    form = ">H" if content[found.body] == 0 else ">I"
    return int(struct.unpack_from(form, content, found.body + 4)[0])


def _entries(content: bytes, found: Box) -> list[Item]:
    narrow = content[found.body] == 0
    listed = list(boxes(content, found.body + (6 if narrow else 8), found.end))
    if len(listed) > MOST_ITEMS:
        raise broken(FORMAT, f"it claims {len(listed)} items")
    return [_entry(content, one) for one in listed if one.code == b"infe"]


def _entry(content: bytes, found: Box) -> Item:
    version, place = content[found.body], found.body + 4
    if version < 2:
        raise broken(FORMAT, f"an item is told in version {version}, which images have not")
    form = ">HH4s" if version == 2 else ">IH4s"
    number, _, kind = struct.unpack_from(form, content, place)
    texts = content[place + struct.calcsize(form) : found.end].split(b"\0")
    media = texts[1].decode("latin-1") if kind == b"mime" and len(texts) > 1 else ""
    return Item(number, kind, media, content[found.start : found.end])


def _places(content: bytes, found: Box) -> dict[int, tuple[int, tuple[tuple[int, int], ...]]]:
    version, place = content[found.body], found.body + 4
    sizes, more = content[place], content[place + 1]
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
    index_size = more & 15 if version else 0
    place += 2

    def number(size: int) -> int:
        nonlocal place
        if place + size > found.end:
            raise broken(FORMAT, "its list of places is cut off")
        place += size
        return int.from_bytes(content[place - size : place], "big")

    wide = 4 if version == 2 else 2
    told: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {}
    for _ in range(number(wide)):
        item = number(wide)
        method = number(2) & 15 if version else 0
        number(2)
        base, extents = number(base_size), []
        for _ in range(number(2)):
            number(index_size)
            start = base + number(offset_size)
            extents.append((start, number(length_size)))
        told[item] = (method, tuple(extents))
    return told


def _references(content: bytes, found: Box) -> list[tuple[bytes, int, tuple[int, ...]]]:
    form = "H" if content[found.body] == 0 else "I"
    told = []
    for one in boxes(content, found.body + 4, found.end):
        source, count = struct.unpack_from(f">{form}H", content, one.body)
        targets = struct.unpack_from(f">{count}{form}", content, one.body + struct.calcsize(f">{form}H"))
        told.append((one.code, source, targets))
    return told


def entry_of(number: int, kind: bytes, media: str = "") -> bytes:
    """Return the box that tells of an item that nobody looks at."""
    small = number < 1 << 16
    body = (
        struct.pack(">BxBB" + ("H" if small else "I") + "H4s", 2 if small else 3, 0, 1, number, 0, kind)
        + b"\0"
    )
    return box(b"infe", body + (media.encode() + b"\0" if media else b""))
