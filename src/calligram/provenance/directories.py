"""Directories of TIFF, in which TIFF files and EXIF blocks keep everything: read, and written anew behind.

Source: TIFF Revision 6.0 (Adobe, 1992); BigTIFF; CIPA DC-008 (EXIF 2.32).
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from calligram.provenance.containers.base import broken

SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
"""Bytes of one value by its type."""

BYTE, ASCII, SHORT, LONG, UNDEFINED = 1, 2, 3, 4, 7
MOST_ENTRIES = 4096
MOST_DIRECTORIES = 1000


@dataclass(frozen=True)
class Head:
    """How a file counts: byte order (``<`` or ``>``), whether it is a BigTIFF, and where it begins."""

    order: str
    big: bool
    first: int

    @property
    def word(self) -> str:
        """Return the struct format of an offset."""
        return f"{self.order}{'Q' if self.big else 'I'}"

    @property
    def first_at(self) -> int:
        """Return where the offset of the first directory stands."""
        return 8 if self.big else 4

    @property
    def inline(self) -> int:
        """Return how many bytes of a value stand in its entry."""
        return 8 if self.big else 4


@dataclass(frozen=True)
class Entry:
    """One entry: its tag, type, count, the bytes of its field, and where its value lies."""

    tag: int
    code: int
    count: int
    field: bytes
    start: int
    size: int


@dataclass(frozen=True)
class Directory:
    """One directory: where it stands, how long it is, its entries, and where the next one stands or 0."""

    start: int
    size: int
    entries: tuple[Entry, ...]
    next: int

    def find(self, tag: int) -> Entry | None:
        """Return the entry of a tag, or None."""
        return next((entry for entry in self.entries if entry.tag == tag), None)


def head_of(content: bytes) -> Head:
    """Return how a TIFF file or an EXIF block counts.

    Raises:
        ImageError: it does not begin as one.
    """
    order = {b"II": "<", b"MM": ">"}.get(content[:2])
    if order is None or len(content) < 8:
        raise broken("TIFF", f"it begins with {content[:4]!r}")
    (magic,) = struct.unpack_from(f"{order}H", content, 2)
    if magic == 42:
        return Head(order, False, *struct.unpack_from(f"{order}I", content, 4))
    if magic == 43 and len(content) >= 16:
        return Head(order, True, *struct.unpack_from(f"{order}Q", content, 8))
    raise broken("TIFF", f"it begins with {content[:4]!r}")


def directory_at(content: bytes, head: Head, start: int) -> Directory:
    """Return the directory at a place.

    Raises:
        ImageError: it is not there, or has too many entries.
    """
    counted, each = (8, 20) if head.big else (2, 12)
    if not 0 < start <= len(content) - counted:
        raise broken("TIFF", f"a directory is claimed at byte {start} of {len(content)}")
    (count,) = struct.unpack_from(f"{head.order}{'Q' if head.big else 'H'}", content, start)
    end = start + counted + count * each
    if count > MOST_ENTRIES or end > len(content):
        raise broken("TIFF", f"a directory claims {count} entries, which are not there")
    entries = tuple(_entry(content, head, start + counted + number * each) for number in range(count))
    last = end + head.inline <= len(content)
    (following,) = struct.unpack_from(head.word, content, end) if last else (0,)
    return Directory(start, end - start + (head.inline if last else 0), entries, following)


def _entry(content: bytes, head: Head, place: int) -> Entry:
    form = f"{head.order}HH{'Q' if head.big else 'I'}"
    tag, kind, count = struct.unpack_from(form, content, place)
    field_at = place + struct.calcsize(form)
    field = content[field_at : field_at + head.inline]
    size = SIZES.get(kind, 1) * count
    start = field_at if size <= head.inline else struct.unpack(head.word, field)[0]
    return Entry(tag, kind, count, field, start, size)


def chain(content: bytes, head: Head, start: int) -> Iterator[Directory]:
    """Yield a directory and those that follow it; a ring of them ends where it began.

    Raises:
        ImageError: one is not there.
    """
    seen: set[int] = set()
    while start and start not in seen and len(seen) < MOST_DIRECTORIES:
        seen.add(start)
        found = directory_at(content, head, start)
        yield found
        start = found.next


def value_of(content: bytes, entry: Entry) -> bytes:
    """Return the bytes of an entry's value; nothing where they are not there."""
    end = entry.start + entry.size
    return content[entry.start : end] if end <= len(content) else b""


def numbers_of(content: bytes, head: Head, entry: Entry) -> list[int]:
    """Return the whole numbers of an entry; nothing where it holds none."""
    form = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}.get(entry.code)
    data = value_of(content, entry)
    if form is None or not data:
        return []
    return [number for (number,) in struct.iter_unpack(head.order + form, data)]


def added(
    content: bytes,
    head: Head,
    entries: Iterable[Entry],
    new: Iterable[tuple[int, int, bytes]],
    following: int = 0,
) -> tuple[bytes, int]:
    """Return content with a directory behind it, and where that stands.

    Args:
        content: of the file; no offset in it changes.
        head: how it counts.
        entries: that are taken over, their values where they are.
        new: tag, type and value of further ones.
        following: where the next directory stands, or 0.
    """
    rows, behind = (
        {entry.tag: _row(head, entry.tag, entry.code, entry.count, entry.field) for entry in entries},
        b"",
    )
    content += b"\0" * (len(content) % 2)
    for tag, kind, data in new:
        field = data
        if len(data) > head.inline:
            field = struct.pack(head.word, len(content) + len(behind))
            behind += data + b"\0" * (len(data) % 2)
        rows[tag] = _row(head, tag, kind, len(data) // SIZES[kind], field)
    count = struct.pack(f"{head.order}{'Q' if head.big else 'H'}", len(rows))
    table = count + b"".join(rows[tag] for tag in sorted(rows)) + struct.pack(head.word, following)
    return content + behind + table, len(content) + len(behind)


def _row(head: Head, tag: int, kind: int, count: int, field: bytes) -> bytes:
    form = f"{head.order}HH{'Q' if head.big else 'I'}"
    return struct.pack(form, tag, kind, count) + field.ljust(head.inline, b"\0")


def pointing(content: bytes, head: Head, first: int) -> bytes:
    """Return content whose head names another first directory."""
    return content[: head.first_at] + struct.pack(head.word, first) + content[head.first_at + head.inline :]


def blanked(content: bytes, ranges: Iterable[tuple[int, int]]) -> bytes:
    """Return content with zeros over some ranges, each a start and a size."""
    changed = bytearray(content)
    for start, size in ranges:
        end = min(start + size, len(changed))
        changed[start:end] = bytes(max(0, end - start))
    return bytes(changed)
