"""EXIF blocks: the comment in which art tools keep their text, and the turn of the image.

Source: CIPA DC-008 (EXIF 2.32); piexif's ``helper.UserComment``, with which AUTOMATIC1111 and others write
the comment as ``UNICODE`` and UTF-16 with the high byte first, whatever the order of the block.
"""

import struct
from collections.abc import Iterator

from calligram.errors import ImageError
from calligram.provenance.directories import (
    SHORT,
    UNDEFINED,
    Directory,
    Entry,
    Head,
    added,
    blanked,
    directory_at,
    head_of,
    numbers_of,
    pointing,
    value_of,
)

LONG = 4
COMMENT, EXIF, GPS, ORIENTATION = 37510, 34665, 34853, 274
UNICODE = b"UNICODE\0"
PREFIX = b"Exif\0\0"
EMPTY = b"MM\0*\0\0\0\x08\0\0\0\0\0\0"
"""A block with nothing in it; high byte first, so that every reader takes the comment for what it is."""

NAMES = {
    270: "ImageDescription",
    271: "Make",
    272: "Model",
    305: "Software",
    306: "DateTime",
    315: "Artist",
    700: "XMP",
    33432: "Copyright",
    36867: "DateTimeOriginal",
    37500: "MakerNote",
    37510: "UserComment",
    40092: "XPComment",
    40094: "XPKeywords",
}
"""What tags of texts are called."""


def with_comment(block: bytes, words: str) -> bytes:
    """Return an EXIF block with a comment in the place of an earlier one; everything else in it stays.

    Args:
        block: without the prefix ``Exif``; an empty or damaged one is replaced.
        words: the comment.
    """
    try:
        head = head_of(block)
        first = directory_at(block, head, head.first)
    except ImageError:
        return _fresh(words)
    inner = _inner(block, head, first, EXIF)
    held = {entry.tag for entry in (*first.entries, *(inner.entries if inner else ()))}
    return _fresh(words) if held <= {EXIF, COMMENT} else commented(block, head, first, words)


def _fresh(words: str) -> bytes:
    """Return a block with a comment alone, or nothing where there are no words."""
    head = head_of(EMPTY)
    return commented(EMPTY[:8], head, Directory(8, 0, (), 0), words) if words else b""


def commented(
    content: bytes, head: Head, first: Directory, words: str, new: tuple[tuple[int, int, bytes], ...] = ()
) -> bytes:
    """Return content whose first directory has the comment, and what else is new in it.

    Args:
        content: an EXIF block or a whole TIFF file.
        head: how it counts.
        first: its first directory.
        words: the comment.
        new: tag, type and value of further entries of the first directory, in the place of earlier ones.
    """
    inner = _inner(content, head, first, EXIF)
    old = [entry for entry in first.entries if entry.tag in {tag for tag, _, _ in new}]
    old += [entry for entry in inner.entries if entry.tag == COMMENT] if inner else []
    gone = [(entry.start, entry.size) for entry in old if entry.size > head.inline]
    gone += [(each.start, each.size) for each in (first, inner) if each]
    content = blanked(content, gone)
    kept = [entry for entry in inner.entries if entry.tag != COMMENT] if inner else []
    # readers that go by the block's order find the mark, those that do not find the high byte first
    mark = "" if head.order == ">" else "\ufeff"
    comment = [(COMMENT, UNDEFINED, UNICODE + (mark + words).encode("utf-16-be"))] if words else []
    entries = [entry for entry in first.entries if entry.tag != EXIF]
    further = list(new)
    if kept or comment:
        content, place = added(content, head, kept, comment)
        further.append((EXIF, LONG, struct.pack(f"{head.order}I", place)))
    content, start = added(content, head, entries, further, first.next)
    return pointing(content, head, start)


def without_comment(block: bytes) -> bytes:
    """Return an EXIF block without its comment, or nothing where nothing else is in it."""
    return with_comment(block, "") if block else block


def comment_of(value: bytes) -> str:
    """Return the text of a ``UserComment``, whichever way it was spelled.

    >>> comment_of(b"UNICODE\\0" + "a cat".encode("utf-16-le"))
    'a cat'
    """
    mark, data = value[:8], value[8:]
    if mark == UNICODE:
        return _utf16(data).rstrip("\0")
    if mark.rstrip(b"\0 ") in (b"ASCII", b"JIS", b""):
        return data.decode("utf-8", "replace").strip("\0")
    return value.decode("utf-8", "replace").rstrip("\0")


def _utf16(data: bytes) -> str:
    """Return UTF-16 text, or UTF-8 where it is that; which byte is the high one is seen from the zeros."""
    data = data[: len(data) // 2 * 2] if len(data) % 2 and b"\0" in data else data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    high, low = data[0::2], data[1::2]
    if b"\0" not in data and _is_utf8(data):
        return data.decode()
    guess = "utf-16-be" if _plain(high) >= _plain(low) else "utf-16-le"
    return data.decode(guess, "replace")


def _plain(highs: bytes) -> int:
    """Return how far bytes look like the high ones of everyday texts."""
    return 2 * highs.count(0) + sum(byte < 32 for byte in highs)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def texts_of(block: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and text of each entry of a block that holds one, without end zeros.

    Args:
        block: without the prefix ``Exif``, or a whole TIFF file; a damaged one yields what can be read.
    """
    try:
        head = head_of(block)
        first = directory_at(block, head, head.first)
    except ImageError:
        return
    inner = _inner(block, head, first, EXIF)
    for entry in (*first.entries, *(inner.entries if inner else ())):
        if entry.tag == COMMENT:
            yield NAMES[COMMENT], comment_of(value_of(block, entry))
        elif entry.code == 2 and entry.count:
            text = value_of(block, entry).decode("utf-8", "replace").rstrip("\0")
            yield NAMES.get(entry.tag, f"tag {entry.tag}"), text


def _inner(content: bytes, head: Head, directory: Directory, tag: int) -> Directory | None:
    pointer = directory.find(tag)
    places = numbers_of(content, head, pointer) if pointer else []
    try:
        return directory_at(content, head, places[0]) if places else None
    except ImageError:
        return None


def orientation_of(block: bytes) -> int:
    """Return how an EXIF block says the image is turned, 1 where it says nothing that can be read."""
    try:
        head = head_of(block)
        entry = directory_at(block, head, head.first).find(ORIENTATION)
    except ImageError:
        return 1
    turned = numbers_of(block, head, entry) if entry else []
    return turned[0] if turned and 1 <= turned[0] <= 8 else 1


def turned(orientation: int) -> bytes:
    """Return a block that says how the image is turned and nothing else; empty where it is upright.

    >>> turned(1), len(turned(6))
    (b'', 26)
    """
    if orientation == 1:
        return b""
    head = head_of(EMPTY)
    entry = Entry(ORIENTATION, SHORT, 1, struct.pack(">H", orientation), 0, 2)
    table, _ = added(EMPTY[:8], head, [entry], [])
    return table


def is_only_turn(block: bytes) -> bool:
    """Return whether a block says how the image is turned and nothing else."""
    return block == turned(orientation_of(block))
