"""AVIF, and HEIF as a whole: boxes; EXIF and XMP are items beside the image, C2PA is a box ``uuid``.

Source: AV1 Image File Format 1.1; ISO/IEC 23008-12; C2PA Technical Specification 2.1, Embedding into BMFF.
"""

import struct
from collections.abc import Iterator
from dataclasses import replace

from calligram.provenance import exif
from calligram.provenance.containers._boxes import Box, Item, Items, box, boxes, entry_of, items_of
from calligram.provenance.containers.base import Carried, Part, broken
from calligram.provenance.directories import blanked

NAME, DECODED = "AVIF", True
ENDINGS = (".avif", ".heic", ".heif")
BRANDS = frozenset((b"avif", b"avis", b"mif1", b"msf1", b"heic", b"heix", b"heim", b"heis"))
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
XMP = "application/rdf+xml"
FOR_PIXELS = frozenset((b"ftyp", b"meta", b"mdat", b"moov"))
FILLING = frozenset((b"free", b"skip"))
PATH = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl"))
TIMED = frozenset((b"mvhd", b"tkhd", b"mdhd"))
TOLD = frozenset((b"udta", b"meta", b"uuid"))


def fits(content: bytes) -> bool:
    """Return whether bytes begin as an AVIF or HEIF file does."""
    if content[4:8] != b"ftyp":
        return False
    size = min(int.from_bytes(content[:4], "big"), 256)
    brands = {content[8:12], *(content[place : place + 4] for place in range(16, size, 4))}
    return bool(brands & BRANDS)


def parts(content: bytes) -> list[Part]:
    """Return the items and boxes that are not for the pixels."""
    told = [_item_part(content, items, item) for items in [items_of(content)] for item in _telling(items)]
    for found in boxes(content, 0, len(content)):
        if found.code in FILLING and not content[found.body : found.end].strip(b"\0"):
            continue
        if found.code not in FOR_PIXELS:
            told.append(_box_part(content, found))
    told += [_box_part(content, found) for found in _inside(content, TOLD) if content[found.body : found.end]]
    return told + [_dated(content, found) for found in _inside(content, TIMED) if any(_dates(content, found))]


def _telling(items: Items) -> list[Item]:
    return [item for item in items.items if item.code in (b"Exif", b"mime", b"uri ")]


def _item_part(content: bytes, items: Items, item: Item) -> Part:
    data = _data(content, items, item)
    size = len(data) + len(item.entry)
    if item.code == b"Exif":
        start = 4 + int.from_bytes(data[:4], "big")
        return Part("exif", "EXIF", size, data[start:])
    kind = "xmp" if item.media == XMP else "other"
    return Part(kind, "XMP" if kind == "xmp" else f"item {item.media or item.code!r}", size, data)


def _data(content: bytes, items: Items, item: Item) -> bytes:
    base = items.idat[0] if item.method == 1 else 0
    pieces = []
    for start, size in item.extents:
        if base + start + size > len(content):
            raise broken("AVIF", "an item lies behind the end")
        pieces.append(content[base + start : base + start + size])
    return b"".join(pieces)


def _box_part(content: bytes, found: Box) -> Part:
    body = content[found.body : found.end]
    if found.code == b"uuid" and body.startswith(C2PA):
        return Part("c2pa", "C2PA manifest", found.end - found.start, body[16:])
    return Part("other", f"box {found.code.decode('latin-1')!r}", found.end - found.start, body)


def _inside(content: bytes, wanted: frozenset[bytes]) -> Iterator[Box]:
    """Yield the boxes of some types within the film of an image sequence."""
    waiting = [found for found in boxes(content, 0, len(content)) if found.code == b"moov"]
    while waiting:
        outer = waiting.pop()
        for found in boxes(content, outer.body, outer.end):
            if found.code in wanted:
                yield found
            elif found.code in PATH:
                waiting.append(found)


def _dated(content: bytes, found: Box) -> Part:
    return Part("other", f"dates in {found.code.decode('latin-1')!r}", _dates_size(content, found))


def _dates_size(content: bytes, found: Box) -> int:
    return 16 if content[found.body] == 1 else 8


def _dates(content: bytes, found: Box) -> bytes:
    return content[found.body + 4 : found.body + 4 + _dates_size(content, found)]


def labelled(content: bytes, carried: Carried) -> bytes:
    """Return the file with the label in two items, which lie behind everything else."""
    items = items_of(content)
    old = [item for item in items.items if item.code == b"Exif" or item.media == XMP]
    blocks = [_item_part(content, items, item).content for item in old if item.code == b"Exif"]
    content = blanked(content, (extent for item in old if item.method == 0 for extent in item.extents))
    items = items.without(frozenset(item.number for item in old))
    block = exif.with_comment(blocks[0] if blocks else b"", carried.parameters)
    return _appended(content, items, [(b"Exif", "", b"\0\0\0\0" + block), (b"mime", XMP, carried.xmp)])


def _appended(content: bytes, items: Items, new: list[tuple[bytes, str, bytes]]) -> bytes:
    """Return content with further items that tell of the main one."""
    content = _closed(_cut(content))
    number = max((item.number for item in items.items), default=0)
    place, added, references = len(content) + 8, [], []
    for count, (kind, media, data) in enumerate(new, number + 1):
        added.append(Item(count, kind, media, entry_of(count, kind, media), 0, ((place, len(data)),)))
        references.append((b"cdsc", count, (items.main,)))
        place += len(data)
    told = replace(items, items=(*items.items, *added), references=(*items.references, *references))
    shift = len(told.packed()) - (items.end - items.start)
    behind = box(b"mdat", b"".join(data for _, _, data in new))
    moved = _moved(content, items.end, shift)
    return moved[: items.start] + told.packed(shift) + moved[items.end :] + behind


def _closed(content: bytes) -> bytes:
    """Return content whose last box says how long it is, so that another can follow."""
    *_, last = boxes(content, 0, len(content))
    if content[last.start : last.start + 4] != b"\0\0\0\0":
        return content
    return content[: last.start] + struct.pack(">I", last.end - last.start) + content[last.start + 4 :]


def _moved(content: bytes, behind: int, shift: int) -> bytes:
    """Return content where the film of an image sequence names places that are moved on by ``shift``."""
    changed = bytearray(content)
    for found in _inside(content, frozenset((b"stco", b"co64"))):
        form, each = (">I", 4) if found.code == b"stco" else (">Q", 8)
        (count,) = struct.unpack_from(">I", content, found.body + 4)
        if found.body + 8 + count * each > found.end:
            raise broken("AVIF", "its list of places is cut off")
        for place in range(found.body + 8, found.body + 8 + count * each, each):
            (start,) = struct.unpack_from(form, content, place)
            struct.pack_into(form, changed, place, start + (shift if start >= behind else 0))
    return bytes(changed)


def stripped(content: bytes) -> bytes:
    """Return the file with zeros where told what was no pixel; nothing in it moves."""
    items = items_of(content)
    gone = _telling(items)
    left = items.without(frozenset(item.number for item in gone))
    ranges = []
    for item in gone:
        base = items.idat[0] if item.method == 1 else 0
        ranges += [(base + start, size) for start, size in item.extents]
    ranges += [(found.body + 4, _dates_size(content, found)) for found in _inside(content, TIMED)]
    content = blanked(content, ranges)
    content = _freed(content, list(_inside(content, TOLD)))
    if gone:
        content = _fitted(content, items, left)
    strange = [one for one in boxes(content, 0, len(content)) if one.code not in FOR_PIXELS]
    return _cut(_freed(content, strange))


def _fitted(content: bytes, items: Items, left: Items) -> bytes:
    """Return content with a box ``meta`` of fewer items in the place of the old one, then filling."""
    room = items.end - items.start
    meta = left.packed()
    if len(meta) + 8 <= room or len(meta) == room:
        filling = box(b"free", bytes(room - len(meta) - 8)) if len(meta) < room else b""
        return content[: items.start] + meta + filling + content[items.end :]
    shift = len(meta) - room
    content = _moved(content, items.end, shift)
    return content[: items.start] + left.packed(shift) + content[items.end :]


def _freed(content: bytes, found: list[Box]) -> bytes:
    """Return content where some boxes are filling."""
    changed = bytearray(content)
    for one in found:
        changed[one.start + 4 : one.start + 8] = b"free"
        changed[one.body : one.end] = bytes(one.end - one.body)
    return bytes(changed)


def _cut(content: bytes) -> bytes:
    """Return content without boxes at its end that hold nothing but zeros."""
    found = list(boxes(content, 0, len(content)))
    while (
        found
        and found[-1].code in FILLING | {b"mdat"}
        and not content[found[-1].body : found[-1].end].strip(b"\0")
    ):
        content = content[: found.pop().start]
    return content
