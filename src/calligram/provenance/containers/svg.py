"""SVG: XML; the label is XMP in the element ``metadata``.

Source: SVG 2 (W3C), section Metadata; Adobe XMP Specification Part 3 (SVG); C2PA Technical Specification 2.1.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace

from calligram.provenance.containers.base import Carried, Part, broken, container_of
from calligram.provenance.markup import Token, hardened, parse, text_of, tokens

NAME, DECODED = "SVG", False
ENDINGS = (".svg",)
MARK = "calligram-label"
GENERAL = frozenset(("xml", "xmlns", "xlink", "svg", ""))
"""Prefixes that belong to the drawing; elements and attributes under any other are an editor's."""

TELLING = frozenset(("metadata", "title", "desc"))
_ATTRIBUTE = re.compile(r"""\s+([^\s=/>"']+)\s*=\s*("[^"]*"|'[^']*')""")
_DATA = re.compile(r"data:image/[\w.+-]+;base64,([A-Za-z0-9+/=\s]+)")
_START = re.compile(rb"\s*(?:<\?xml|<!--|<!DOCTYPE\s+svg|<(?:\w+:)?svg[\s>])")


def fits(content: bytes) -> bool:
    """Return whether bytes begin as an SVG file does."""
    head = content[:4096].removeprefix(b"\xef\xbb\xbf")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode()
    return bool(_START.match(head)) and re.search(rb"<(?:\w+:)?svg[\s>]|<!DOCTYPE\s+svg", head) is not None


def _checked(content: bytes) -> str:
    """Return the text of a file that is well-formed, declares no entities, and is SVG.

    Raises:
        ImageError: it is not.
    """
    names: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        if not names:
            names.append(name)

    parse(content, hardened(start, lambda _: None, lambda _: None))
    if names[0].rpartition(" ")[2] != "svg":
        raise broken("SVG", f"its outermost element is {names[0]!r}")
    return text_of(content)


def parts(content: bytes) -> list[Part]:
    """Return metadata, titles and descriptions, comments, and what editors left behind."""
    return [part for _, part in _sorted_out(_checked(content)) if part]


def labelled(content: bytes, carried: Carried) -> bytes:
    """Return the file with the label in an element ``metadata`` at its beginning, in UTF-8."""
    kept: list[str] = []
    for outermost, token in _without_mark(_checked(content)):
        if token.kind == "instruction" and token.name == "xml":
            kept.append(re.sub(r"""encoding\s*=\s*["'][^"']*["']""", 'encoding="UTF-8"', token.text))
        elif outermost:
            kept += [token.text[:-2] + ">" if token.kind == "empty" else token.text, _metadata(carried)]
            kept += [f"</{token.name}>"] if token.kind == "empty" else []
        else:
            kept.append(token.text)
    return "".join(kept).encode()


def _metadata(carried: Carried) -> str:
    """Return the element; its own declaration of SVG's namespace makes it that under any prefix."""
    packet = carried.whole_xmp.decode().replace("\ufeff", "")
    return f'<metadata xmlns="http://www.w3.org/2000/svg" id="{MARK}">\n{packet}\n</metadata>'


def _without_mark(text: str) -> Iterator[tuple[bool, Token]]:
    """Yield the tokens of a text without an earlier label, and whether each begins the outermost element."""
    begun, inside = False, 0
    for token in tokens(text):
        if inside or (token.kind == "open" and token.name == "metadata" and f'id="{MARK}"' in token.text):
            inside += {"open": 1, "close": -1}.get(token.kind, 0)
            continue
        outermost = not begun and token.kind in ("open", "empty")
        begun = begun or outermost
        yield outermost, token


def stripped(content: bytes) -> bytes:
    """Return the drawing alone, in UTF-8; images inside it are stripped too."""
    text = "".join(text for text, _ in _sorted_out(_checked(content)))
    return re.sub(r"""^(<\?xml[^>]*?encoding\s*=\s*["'])[^"']*""", r"\1UTF-8", text).encode()


def _sorted_out(text: str) -> Iterator[tuple[str, Part | None]]:
    """Yield what stays of a text, piece by piece, and what goes with each."""
    gone: list[str] = []
    inside, kind, name = 0, "", ""
    for token in tokens(text):
        if inside:
            gone.append(token.text)
            inside += {"open": 1, "close": -1}.get(token.kind, 0)
            if not inside:
                yield "", _element(kind, name, "".join(gone), text)
        elif token.kind in ("open", "empty") and _is_telling(token.name):
            kind, name, gone, inside = *_called(token), [token.text], int(token.kind == "open")
            if not inside:
                yield "", _element(kind, name, token.text, text)
        elif token.kind == "comment":
            yield "", _part("comment", "comment", token.text)
        elif token.kind == "doctype" and "[" in token.text:
            yield "", _part("other", "declarations", token.text)
        elif token.kind == "instruction" and token.name not in ("xml", "xml-stylesheet"):
            yield "", _part("other", f"instruction {token.name!r}", token.text)
        elif token.kind in ("open", "empty"):
            yield from _tidied(token)
        else:
            yield token.text, None


def _is_telling(name: str) -> bool:
    prefix, _, local = name.rpartition(":")
    return prefix not in GENERAL or local in TELLING


def _called(token: Token) -> tuple[str, str]:
    local = token.name.rpartition(":")[2]
    return (
        "xmp" if local == "metadata" else "text" if local in TELLING else "other"
    ), f"element {token.name!r}"


def _part(kind: str, name: str, text: str) -> Part:
    return Part(kind, name, len(text.encode()), text.encode())


def _element(kind: str, name: str, words: str, text: str) -> Part:
    """Return the part of an element; of metadata, with the whole text, which declares its names."""
    part = _part(kind, name, words)
    return replace(part, content=re.sub(r"^<\?xml.*?\?>", "", text).encode()) if kind == "xmp" else part


def _tidied(token: Token) -> Iterator[tuple[str, Part | None]]:
    """Yield a tag without editors' attributes, and with what is inside its images' data stripped."""
    gone: list[Part] = []

    def attribute(found: re.Match[str]) -> str:
        prefix, _, local = found[1].rpartition(":")
        foreign = local not in GENERAL if prefix == "xmlns" else prefix not in GENERAL
        if foreign:
            gone.append(_part("other", f"attribute {found[1]!r}", found[0]))
            return ""
        return _DATA.sub(lambda data: _bare(data, gone), found[0])

    text = _ATTRIBUTE.sub(attribute, token.text)
    yield text, None
    yield from (("", part) for part in gone)


def _bare(found: re.Match[str], gone: list[Part]) -> str:
    """Return an image within an address without what tells of its making."""
    try:
        data = base64.b64decode(found[1])
    except binascii.Error:
        return found[0]
    member = container_of(data)
    inner = member.parts(data) if member else []
    if not member or not inner:
        return found[0]
    gone += [replace(part, name=f"{part.name} of an image inside") for part in inner]
    return found[0].replace(found[1], base64.b64encode(member.stripped(data)).decode())
