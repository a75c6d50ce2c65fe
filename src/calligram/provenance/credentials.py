"""Whether a file carries C2PA content credentials: looked up in its frame alone, without any library.

A file that is signed must not be edited, since its signature covers every byte of it. So this is asked before
each edit, is quick, and never fails: a damaged file is followed as far as it can be.

Source: C2PA Technical Specification 2.4, appendix A, "Embedding manifests into various file formats".
"""

import re
import struct

MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "heif": "image/heif",
    "tiff": "image/tiff",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
"""The formats that can hold content credentials, by the names of this module."""

BOX_OF_CREDENTIALS = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
TAG_OF_CREDENTIALS = 0xCD41
MOST_DIRECTORIES = 16
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
AVIF_BRANDS = {b"avif", b"avis"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
SVG_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?svg[\s/>]")
SVG_CREDENTIALS = re.compile(rb"<(\w+:)?manifest[\s>]")


def format_of(content: bytes) -> str:
    """Return the name of a file's format by how its bytes begin, one of ``MEDIA_TYPES``, or nothing."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if content.startswith((b"II*\0", b"MM\0*")):
        return "tiff"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content[4:8] == b"ftyp":
        return _format_of_boxes(content)
    return "svg" if SVG_ROOT.match(content, _root_place(content[:65536])) else ""


def is_signed(content: bytes) -> bool:
    """Return whether a file carries C2PA content credentials, valid or not.

    Args:
        content: the whole file.

    Returns:
        True where there is the box, chunk, segment, tag or element that holds a manifest. A manifest that
        lies beside the file is not seen.
    """
    looks = {
        "jpeg": _in_jpeg,
        "png": _in_png,
        "webp": _in_webp,
        "avif": _in_boxes,
        "heif": _in_boxes,
        "tiff": _in_tiff,
        "gif": _in_gif,
        "svg": _in_svg,
        "pdf": _in_pdf,
    }
    look = looks.get(format_of(content))
    return look is not None and look(content)


def _root_place(start: bytes) -> int:
    """Return where the root element of XML begins, behind what may stand before it."""
    place = 3 if start.startswith(b"\xef\xbb\xbf") else 0
    while True:
        while start[place : place + 1].isspace():
            place += 1
        end = _end_of_prologue(start, place)
        if end < 0:
            return place
        place = end


def _end_of_prologue(start: bytes, place: int) -> int:
    """Return where a declaration, comment or document type that begins at a place ends, or -1."""
    if start.startswith(b"<!DOCTYPE", place):
        end = start.find(b">", place)
        if b"[" in start[place : max(end, place)]:
            inner = start.find(b"]", place)
            end = start.find(b">", inner) if inner >= 0 else -1
        return end + 1 if end >= 0 else -1
    for mark, closing in ((b"<?", b"?>"), (b"<!--", b"-->")):
        if start.startswith(mark, place):
            end = start.find(closing, place + len(mark))
            return end + len(closing) if end >= 0 else -1
    return -1


def _format_of_boxes(content: bytes) -> str:
    size = min(int.from_bytes(content[:4], "big"), 4096)
    brands = {content[8:12], *(content[place : place + 4] for place in range(16, size, 4))}
    if brands & AVIF_BRANDS:
        return "avif"
    return "heif" if brands & HEIF_BRANDS else ""


def _in_jpeg(content: bytes) -> bool:
    """Look for a segment APP11 that holds a JUMBF box, before the pixels begin."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xDA:
            return False
        if marker == 0xFF or marker in WITHOUT_LENGTH:
            place += 1 if marker == 0xFF else 2
            continue
        size = int.from_bytes(content[place + 2 : place + 4], "big")
        if (
            marker == 0xEB
            and content[place + 4 : place + 6] == b"JP"
            and b"c2pa" in content[place : place + 2 + size]
        ):
            return True
        place += 2 + max(size, 2)
    return False


def _in_png(content: bytes) -> bool:
    place = 8
    while place + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, place)
        if kind == b"caBX":
            return True
        place += 12 + size
    return False


def _in_webp(content: bytes) -> bool:
    place = 12
    while place + 8 <= len(content):
        kind, size = struct.unpack_from("<4sI", content, place)
        if kind == b"C2PA":
            return True
        place += 8 + size + size % 2
    return False


def _in_boxes(content: bytes) -> bool:
    """Look for a ``uuid`` box of C2PA at the top of a file of ISO boxes."""
    place = 0
    while place + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, place)
        if kind == b"uuid" and BOX_OF_CREDENTIALS in content[place + 8 : place + 32]:
            return True
        if size == 1 and place + 16 <= len(content):
            (size,) = struct.unpack_from(">Q", content, place + 8)
        if size < 8:
            return False
        place += size
    return False


def _in_tiff(content: bytes) -> bool:
    """Look for the tag of C2PA in the first directories; it belongs into the very first."""
    order = "<" if content.startswith(b"II") else ">"
    (place,) = struct.unpack_from(order + "I", content.ljust(8, b"\0"), 4)
    seen: set[int] = set()
    while place and place not in seen and place + 2 <= len(content) and len(seen) < MOST_DIRECTORIES:
        seen.add(place)
        (count,) = struct.unpack_from(order + "H", content, place)
        entries = content[place + 2 : place + 2 + 12 * count]
        tags = {struct.unpack_from(order + "H", entries, at)[0] for at in range(0, len(entries) - 11, 12)}
        if TAG_OF_CREDENTIALS in tags:
            return True
        place = int.from_bytes(
            content[place + 2 + 12 * count : place + 6 + 12 * count], "little" if order == "<" else "big"
        )
    return False


def _in_gif(content: bytes) -> bool:
    """Look for the application extension of C2PA among the blocks."""
    flags = content[10:11] or b"\0"
    place = 13 + _table_size(flags[0])
    while place + 2 <= len(content) and content[place] in b"!,":
        if content[place] == 0x2C:
            place += 10 + _table_size(content[place + 9] if place + 9 < len(content) else 0) + 1
        elif content[place + 1] == 0xFF and content[place + 3 : place + 11] == b"C2PA_GIF":
            return True
        else:
            place += 2
        while place < len(content) and content[place]:
            place += 1 + content[place]
        place += 1
    return False


def _table_size(flags: int) -> int:
    """Return the bytes of a table of colours, told by the flags before it."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _in_svg(content: bytes) -> bool:
    return b"c2pa.org/manifest" in content and bool(SVG_CREDENTIALS.search(content))


def _in_pdf(content: bytes) -> bool:
    """Look for the attached file of credentials, or for how its content begins where its entry is packed."""
    return bool(re.search(rb"/AFRelationship\s*/C2PA_Manifest\b|jumdc2pa", content))
