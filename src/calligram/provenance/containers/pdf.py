"""PDF: objects; words in the information dictionary, XMP in a stream of type ``Metadata``.

A label is added as an incremental update. Stripping overwrites in place, so that no place in the file moves.

Source: ISO 32000-1 (PDF 1.7), sections 7.5 (file structure) and 14.3 (metadata); C2PA Technical
Specification 2.1, Embedding into PDF.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from calligram.errors import ImageError
from calligram.provenance.containers.base import Carried, Part, broken, unpacked
from calligram.provenance.label import Label

NAME, DECODED = "PDF", False
ENDINGS = (".pdf",)
LATEST = b"startxref"
_OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})\s+(\d{1,5})\s+obj\b")
_INFO = re.compile(rb"/Info\s+(\d+)\s+(\d+)\s+R")
_METADATA = re.compile(rb"/Metadata\s+(\d+)\s+(\d+)\s+R")
_FILE = re.compile(rb"/(?:F|UF)\s+(\d+)\s+(\d+)\s+R")
_FILTER = re.compile(rb"/(?:Filter|DecodeParms)\s*(?:/\w+|\[[^\]]*\]|<<.*?>>)", re.DOTALL)
_DELIMITERS = re.compile(rb"<<|>>|[()<>%]|\\.", re.DOTALL)


@dataclass(frozen=True)
class Object:
    """One object that is a dictionary: its number, the dictionary's place, and that of its stream."""

    number: int
    start: int
    end: int
    stream: tuple[int, int] | None


def fits(content: bytes) -> bool:
    """Return whether bytes begin as a PDF file does."""
    return content.startswith(b"%PDF-")


def objects(content: bytes) -> list[Object]:
    """Return every object of a file that is a dictionary, earlier versions too.

    Raises:
        ImageError: a dictionary is cut off.
    """
    found, place = [], 0
    while match := _OBJECT.search(content, place):
        start = match.end()
        start += len(content[start : start + 100]) - len(content[start : start + 100].lstrip())
        place = match.end()
        if content[start : start + 2] != b"<<":
            continue
        end = dictionary_end(content, start)
        stream = _stream(content, end)
        found.append(Object(int(match[1]), start, end, stream))
        place = stream[1] if stream else end
    return found


def dictionary_end(content: bytes, start: int) -> int:
    """Return where a dictionary ends, past the strings and dictionaries in it."""
    depth, place = 0, start
    while match := _DELIMITERS.search(content, place):
        token, place = match[0], match.end()
        if token == b"<<":
            depth += 1
        elif token == b">>":
            depth -= 1
            if not depth:
                return place
        elif token == b"(":
            place = _string_end(content, place)
        elif token == b"<":
            place = max(content.find(b">", place) + 1, place)
        elif token == b"%":
            place = next((at for at in range(place, len(content)) if content[at] in b"\r\n"), len(content))
    raise broken("PDF", f"the dictionary at byte {start} is cut off")


def _string_end(content: bytes, place: int) -> int:
    depth = 1
    for match in re.compile(rb"\\.|[()]", re.DOTALL).finditer(content, place):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if not depth:
            return match.end()
    raise broken("PDF", f"the string at byte {place} is cut off")


def _stream(content: bytes, end: int) -> tuple[int, int] | None:
    begin = re.compile(rb"\s*stream\r?\n").match(content, end)
    stop = content.find(b"endstream", begin.end()) if begin else -1
    return (begin.end(), stop) if begin and stop >= 0 else None


def parts(content: bytes) -> list[Part]:
    """Return information dictionaries, XMP and C2PA manifests, of earlier versions too, and what follows.

    Raises:
        ImageError: it is encrypted, or its information lies in packed objects.
    """
    told = [_part(content, one, kind) for one, kind in _telling(content)]
    end = content.rfind(b"%%EOF")
    rest = content[end + 5 :].strip() if end >= 0 else b""
    return told + ([Part("trailing", "data behind the end", len(rest), rest)] if rest else [])


def _telling(content: bytes) -> Iterator[tuple[Object, str]]:
    """Yield the objects that tell of the making, with their kinds."""
    if re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", content):
        raise ImageError("the PDF file is encrypted: save it without a password first")
    found = objects(content)
    informing = {int(match[1]) for match in _INFO.finditer(content)}
    held = {
        int(match[1])
        for one in found
        if _is_manifest(content, one)
        for match in _FILE.finditer(content, one.start, one.end)
    }
    if informing - {one.number for one in found}:
        raise ImageError(
            "the PDF file keeps its information in packed objects: run qpdf --object-streams=disable"
        )
    for one in found:
        words = content[one.start : one.end]
        if one.number in informing and words[2:-2].strip():
            yield one, "text"
        elif re.search(rb"/Type\s*/Metadata\b", words) and one.stream and content[slice(*one.stream)].strip():
            yield one, "xmp"
        elif _is_manifest(content, one) or (
            one.number in held and one.stream and content[slice(*one.stream)].strip()
        ):
            yield one, "c2pa"


def _is_manifest(content: bytes, one: Object) -> bool:
    return re.search(rb"/AFRelationship\s*/C2PA_Manifest\b", content[one.start : one.end]) is not None


def _part(content: bytes, one: Object, kind: str) -> Part:
    words = content[one.start : one.end]
    body = content[slice(*one.stream)] if one.stream else words
    if one.stream and b"/FlateDecode" in words:
        body = unpacked(body)
    name = {"text": "information", "xmp": "XMP", "c2pa": "C2PA manifest"}[kind]
    return Part(kind, name, len(words) + (len(body) if one.stream else 0), body)


def stripped(content: bytes) -> bytes:
    """Return the file with blanks where it told of its making; nothing in it moves."""
    changed = bytearray(content)
    gone = list(_telling(content))
    for one, kind in gone:
        inner = changed[one.start + 2 : one.end - 2]
        if kind == "text" or not one.stream:
            changed[one.start + 2 : one.end - 2] = b" " * len(inner)
        else:
            changed[one.start + 2 : one.end - 2] = _FILTER.sub(
                lambda found: b" " * len(found[0]), bytes(inner)
            )
            start, end = one.stream
            changed[start:end] = b" " * (end - start - 1) + b"\n" if end > start else b""
    numbers = {one.number for one, kind in gone if kind == "xmp"}
    bare = _METADATA.sub(
        lambda found: b" " * len(found[0]) if int(found[1]) in numbers else found[0], bytes(changed)
    )
    end = bare.rfind(b"%%EOF")
    return bare[: end + 5] + b"\n" if end >= 0 and bare[end + 5 :].strip() else bare


def labelled(content: bytes, carried: Carried) -> bytes:
    """Return the file with the label behind it: a catalogue that names XMP, and an information dictionary.

    Raises:
        ImageError: the file is damaged, encrypted, or its catalogue lies in packed objects.
    """
    old = [one for one, kind in _telling(content) if kind in ("xmp", "text")]
    content = stripped(content) if old else content
    trailer, is_table = _trailer(content)
    root, size = _reference(trailer, b"Root"), re.search(rb"/Size\s+(\d+)", trailer)
    catalogue = next((one for one in reversed(objects(content)) if one.number == root), None)
    if not root or not size or catalogue is None:
        raise ImageError(
            "the PDF file keeps its catalogue in packed objects: run qpdf --object-streams=disable"
        )
    number = int(size[1])
    words = re.sub(_METADATA, b"", content[catalogue.start : catalogue.end])[:-2].rstrip()
    packet = carried.whole_xmp
    written = {
        root: words + b" /Metadata %d 0 R >>" % number,
        number: b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%b\nendstream"
        % (len(packet), packet),
        number + 1: _information(carried.label),
    }
    return _updated(content, trailer, is_table, written)


def _trailer(content: bytes) -> tuple[bytes, bool]:
    """Return the dictionary that ends a file, and whether a plain table of places precedes it."""
    at = content.rfind(LATEST)
    place = re.compile(rb"startxref\s+(\d+)").match(content, at) if at >= 0 else None
    if not place or int(place[1]) >= len(content):
        raise broken("PDF", "it does not say where its objects lie")
    start = int(place[1])
    is_table = content[start : start + 4] == b"xref"
    begin = content.find(b"<<", content.find(b"trailer", start) if is_table else start)
    if begin < 0:
        raise broken("PDF", "it has no trailer")
    return content[begin : dictionary_end(content, begin)], is_table


def _reference(trailer: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb"\s+(\d+)\s+\d+\s+R", trailer)
    return int(found[1]) if found else 0


def _updated(content: bytes, trailer: bytes, is_table: bool, written: dict[int, bytes]) -> bytes:
    """Return content with new versions of objects behind it, and where they lie."""
    content = content.rstrip(b"\r\n") + b"\n"
    previous = int(content[content.rfind(LATEST) + len(LATEST) :].split()[0])
    places = {}
    for number, body in written.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    root, *_, last = written
    keys = b"/Root %d 0 R /Info %d 0 R /Prev %d" % (root, last, previous)
    if identity := re.search(rb"/ID\s*\[.*?\]", trailer, re.DOTALL):
        keys += b" " + identity[0]
    start = len(content)
    if is_table:
        lines = b"".join(b"%d 1\n%010d 00000 n \n" % (number, places[number]) for number in sorted(places))
        tail = b"xref\n%btrailer\n<< /Size %d %b >>\n" % (lines, last + 1, keys)
    else:
        places[last + 1] = start
        rows = b"".join(struct.pack(">BQH", 1, places[number], 0) for number in sorted(places))
        index = b" ".join(b"%d 1" % number for number in sorted(places))
        told = b"/Type /XRef /Size %d /W [1 8 2] /Index [%b] /Length %d %b" % (
            last + 2,
            index,
            len(rows),
            keys,
        )
        tail = b"%d 0 obj\n<< %b >>\nstream\n%b\nendstream\nendobj\n" % (last + 1, told, rows)
    return content + tail + b"startxref\n%d\n%%%%EOF\n" % start


def _information(label: Label) -> bytes:
    """Return the information dictionary of a label."""
    told = {
        "Title": label.title,
        "Author": label.creator,
        "Subject": label.description,
        "Keywords": ", ".join(label.subjects),
        "Creator": label.creator_tool,
        "CreationDate": _date(label.made_at),
    }
    return b"<< %b >>" % b" ".join(
        b"/%b %b" % (name.encode(), _spelled(text)) for name, text in told.items() if text
    )


def _spelled(text: str) -> bytes:
    """Return a text as a string of PDF: in UTF-16 with its mark, as hexadecimal digits."""
    if text.isascii():
        return b"(" + re.sub(rb"([\\()])", rb"\\\1", text.encode()) + b")"
    return b"<" + (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper().encode() + b">"


def _date(moment: str) -> str:
    """Return an ISO 8601 moment as PDF spells it.

    >>> _date("2026-11-27T10:00:00+01:00")
    "D:20261127100000+01'00'"
    """
    if not moment:
        return ""
    found = re.fullmatch(r"([^Z+]*?)(Z|[+-]\d\d:\d\d)?", moment[10:])
    clock, zone = (found[1], found[2] or "") if found else ("", "")
    digits = re.sub(r"\D", "", moment[:10] + clock.partition(".")[0])
    return f"D:{digits}{zone.replace(':', chr(39)) + chr(39) if ':' in zone else zone}"
