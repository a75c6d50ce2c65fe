"""HTML: the label is JSON in an element ``script``, in schema.org's words and in ours.

Source: WHATWG HTML, section 4.12.1 (data blocks); schema.org ``VisualArtwork`` and ``digitalSourceType``.
"""

import json
import re

from calligram.provenance.containers.base import Carried, Part

NAME, DECODED = "HTML", False
ENDINGS = (".html", ".htm")
MARK = "calligram-label"
_BEGINS = re.compile(rb"\s*(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE | re.DOTALL)
FRONTS = [
    re.compile(rb"<" + name + rb"(?:\s[^>]*)?>", re.IGNORECASE) for name in (b"head", b"html", b"!doctype")
]
"""What a label stands behind, the first of them that is there."""

_LABEL = re.compile(
    rb'<script type="application/ld\+json" id="calligram-label">\n(.*?)\n</script>\n', re.DOTALL
)
_TOLD = re.compile(
    rb"<!--.*?-->|<script\s[^>]*application/ld\+json[^>]*>.*?</script\s*>\n?"
    rb"|<meta\s[^>]*\bname\s*=\s*[\"']?(?:generator|author|description|keywords|copyright|parameters)\b[^>]*>\n?",
    re.IGNORECASE | re.DOTALL,
)


def fits(content: bytes) -> bool:
    """Return whether bytes begin as an HTML file does."""
    return _BEGINS.match(content[:4096].removeprefix(b"\xef\xbb\xbf")) is not None


def parts(content: bytes) -> list[Part]:
    """Return comments, JSON-LD, and the elements ``meta`` that tell of the making."""
    return [_part(found[0]) for found in _TOLD.finditer(content)]


def _part(piece: bytes) -> Part:
    if piece.startswith(b"<!--"):
        return Part("comment", "comment", len(piece), piece)
    if piece.lower().startswith(b"<meta"):
        return Part("text", "element 'meta'", len(piece), piece)
    own = _LABEL.match(piece)
    return Part("text", "JSON-LD", len(piece), own[1] if own else piece, MARK if own else "")


def labelled(content: bytes, carried: Carried) -> bytes:
    """Return the page with the label at the beginning of its head; it shows the same."""
    bare = _LABEL.sub(b"", content)
    fronts = (front.search(bare) for front in FRONTS)
    place = next((found.end() for found in fronts if found), 0)
    script = f'<script type="application/ld+json" id="{MARK}">\n{_json(carried)}\n</script>\n'
    return bare[:place] + script.encode() + bare[place:]


def _json(carried: Carried) -> str:
    label = carried.label
    told = {
        "@context": "https://schema.org",
        "@type": "VisualArtwork",
        "name": label.title,
        "description": label.description,
        "creator": label.creator,
        "copyrightNotice": label.rights,
        "keywords": list(label.subjects),
        "dateCreated": label.made_at,
        "digitalSourceType": label.source_type,
    }
    known = {name: value for name, value in told.items() if value}
    packet = carried.whole_xmp.decode()
    whole = json.dumps({**known, "encoding": {"@type": "MediaObject", "text": packet}}, ensure_ascii=False)
    return whole.replace("<", "\\u003c")


def stripped(content: bytes) -> bytes:
    """Return the page without what tells of its making."""
    return _TOLD.sub(b"", content)
