"""GIF: blocks; XMP in the application extension ``XMP DataXMP``, words in comments, C2PA in ``C2PA_GIF``.

Source: GIF89a Specification (CompuServe, 1990); Adobe XMP Specification Part 3, section 1.1.2 (GIF).
"""

from typing import NamedTuple

from calligram.provenance.containers.base import Carried, Part, broken

NAME, DECODED = "GIF", True
ENDINGS = (".gif",)
IMAGE, EXTENSION, END = 0x2C, 0x21, 0x3B
CONTROL, COMMENT, APPLICATION = 0xF9, 0xFE, 0xFF
XMP_NAME, C2PA_NAME = b"XMP DataXMP", b"C2PA_GIF"
TRAILER = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
"""What follows XMP, so that readers that do not know it find the end of its block. 258 bytes."""

FOR_PIXELS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""Applications' extensions that decide how it looks: how often it is shown again, and its colour profile."""


class Block(NamedTuple):
    """One block: its kind, the label of an extension, the application's name, and all its bytes."""

    kind: int
    label: int
    name: bytes
    whole: bytes


def fits(content: bytes) -> bool:
    """Return whether bytes begin as a GIF file does."""
    return content[:6] in (b"GIF87a", b"GIF89a")


def blocks(content: bytes) -> tuple[bytes, list[Block], bytes]:
    """Return the head of a file, its blocks without the end, and what stands behind the end.

    Raises:
        ImageError: a block is cut off.
    """
    if len(content) < 13:
        raise broken("GIF", "its head is cut off")
    place = 13 + _table(content[10])
    head, found = content[:place], []
    while place < len(content) and content[place] != END:
        block = _block(content, place)
        found.append(block)
        place += len(block.whole)
    if place >= len(content) and not any(block.kind == IMAGE for block in found):
        raise broken("GIF", "it has no pixels")
    return head, found, content[place + 1 :]


def _table(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _block(content: bytes, place: int) -> Block:
    kind = content[place]
    if kind == IMAGE and place + 10 < len(content):
        end = _chain_end(content, place + 11 + _table(content[place + 9]))
        return Block(IMAGE, 0, b"", content[place:end])
    if kind != EXTENSION or place + 2 >= len(content):
        raise broken("GIF", f"byte {place} begins no block")
    label, size = content[place + 1], content[place + 2]
    name = content[place + 3 : place + 3 + size] if label == APPLICATION else b""
    return Block(EXTENSION, label, name, content[place : _chain_end(content, place + 2)])


def _chain_end(content: bytes, place: int) -> int:
    """Return where a chain of sub-blocks ends."""
    while place < len(content):
        size = content[place]
        place += 1 + size
        if not size:
            return place
    raise broken("GIF", "a block is cut off")


def parts(content: bytes) -> list[Part]:
    """Return the extensions that are not for the pixels, and what stands behind the end."""
    _, found, rest = blocks(content)
    told = [_part(block) for block in found if not _is_for_pixels(block)]
    return told + ([Part("trailing", "data behind the end", len(rest), rest)] if rest else [])


def _is_for_pixels(block: Block) -> bool:
    return block.kind == IMAGE or block.label == CONTROL or block.name in FOR_PIXELS


def _part(block: Block) -> Part:
    size = len(block.whole)
    if block.name == XMP_NAME:
        body = block.whole[3 + len(XMP_NAME) :]
        return Part("xmp", "XMP", size, body.removesuffix(TRAILER))
    if block.label == COMMENT:
        return Part("comment", "comment", size, _joined(block.whole[2:]))
    if block.name.startswith(C2PA_NAME):
        return Part("c2pa", "C2PA manifest", size, _joined(block.whole[14:]))
    told = f"extension of {block.name.decode('latin-1')!r}" if block.name else f"extension {block.label:#x}"
    return Part("other", told, size, _joined(block.whole[2:]))


def _joined(chain: bytes) -> bytes:
    """Return what a chain of sub-blocks holds."""
    pieces, place = [], 0
    while place < len(chain) and chain[place]:
        pieces.append(chain[place + 1 : place + 1 + chain[place]])
        place += 1 + chain[place]
    return b"".join(pieces)


def labelled(content: bytes, carried: Carried) -> bytes:
    """Return the file with the label as XMP before its end; the text of art tools stands in it."""
    head, found, rest = blocks(content)
    kept = b"".join(block.whole for block in found if block.name != XMP_NAME)
    label = b"\x21\xff\x0b" + XMP_NAME + carried.whole_xmp + TRAILER
    return b"GIF89a" + head[6:] + kept + label + b"\x3b" + rest


def stripped(content: bytes) -> bytes:
    """Return the file with its images, their timing, how often they are shown, and the colour profile."""
    head, found, _ = blocks(content)
    return head + b"".join(block.whole for block in found if _is_for_pixels(block)) + b"\x3b"
