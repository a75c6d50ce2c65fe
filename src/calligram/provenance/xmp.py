"""The label as an XMP packet: Dublin Core, the IPTC fields for generative systems, PLUS, and our own few."""

import hashlib
import json
from collections.abc import Iterator
from xml.sax.saxutils import escape

from calligram.provenance.label import Label

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "calligram": "urn:x-calligram:label/1.0/",
}
"""Each prefix and its namespace. The last one is ours: what no standard has a field for."""

OPENING = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
CLOSING = b'<?xpacket end="w"?>'


def packet_of(label: Label, parameters: str = "") -> bytes:
    """Return the XMP packet of a label, in UTF-8; the same label gives the same bytes.

    Texts in languages stand under ``x-default``. ``Iptc4xmpExt:AIPromptInformation`` holds the prompt alone;
    what to avoid, the seed, the painter, the settings (as JSON) and the sources stand in our own namespace.

    Args:
        label: what to say.
        parameters: the text that art tools read, for formats that have no place of their own for it.

    Source: ISO 16684-1 (XMP), IPTC Photo Metadata Standard 2025.1, PLUS License Data Format.
    """
    return OPENING + _packet(list(_properties(label, parameters))) + CLOSING


def packets_of(label: Label, parameters: str, room: int) -> tuple[bytes, bytes, str]:
    """Return a label as a packet of at most so many bytes, and what is too long for it as a second one.

    Args:
        label: what to say.
        parameters: the text that art tools read, or nothing.
        room: bytes that the first packet may have.

    Returns:
        The two packets, the second of them empty where one is enough, and the name that ties them.

    Source: Adobe XMP Specification Part 3, section 1.1.3.1 (extended XMP in JPEG).
    """
    main, extension, name = list(_properties(label, parameters)), [], ""
    while (packet := OPENING + _packet(main) + CLOSING) and len(packet) > room:
        main = [line for line in main if not line.startswith("<xmpNote:")]
        longest = max(main, key=len)
        main.remove(longest)
        extension.append(longest)
        name = hashlib.md5(_packet(extension), usedforsecurity=False).hexdigest().upper()
        main.append(f"<xmpNote:HasExtendedXMP>{name}</xmpNote:HasExtendedXMP>")
    return packet, _packet(extension) if extension else b"", name


def _packet(properties: list[str]) -> bytes:
    spaces = "".join(f'\n    xmlns:{prefix}="{uri}"' for prefix, uri in list(NAMESPACES.items())[1:])
    lines = "\n".join(f"   {line}" for line in properties)
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n <rdf:RDF xmlns:rdf="{NAMESPACES["rdf"]}">\n'
        f'  <rdf:Description rdf:about=""{spaces}>\n{lines}\n'
        f"  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n"
    ).encode()


def _properties(label: Label, parameters: str) -> Iterator[str]:
    yield from _alternatives("dc:title", label.title)
    yield from _alternatives("dc:description", label.description)
    yield from _list("dc:creator", "Seq", (label.creator,) if label.creator else ())
    yield from _list("dc:subject", "Bag", label.subjects)
    yield from _alternatives("dc:rights", label.rights)
    yield from _text("xmp:CreatorTool", label.creator_tool)
    yield from _text("xmp:CreateDate", label.made_at)
    yield from _text("Iptc4xmpExt:DigitalSourceType", label.source_type)
    yield from _text("Iptc4xmpExt:AISystemUsed", label.model)
    yield from _text("Iptc4xmpExt:AISystemVersionUsed", label.model_version)
    yield from _text("Iptc4xmpExt:AIPromptInformation", label.prompt)
    yield from _text("Iptc4xmpExt:AIPromptWriterName", label.prompt_writer)
    yield from _text("plus:DataMining", label.mining_term)
    yield from _text("calligram:Made", label.made)
    yield from _text("calligram:Software", label.software)
    yield from _text("calligram:SoftwareVersion", label.software_version)
    yield from _text("calligram:Avoid", label.avoid)
    yield from _text("calligram:Painter", label.painter)
    yield from _text("calligram:Seed", "" if label.seed is None else str(label.seed))
    if label.settings:
        yield from _text("calligram:Settings", json.dumps(label.settings, ensure_ascii=False))
    yield from _list("calligram:Sources", "Bag", label.sources)
    yield from _text("calligram:Parameters", parameters)


def _text(name: str, text: str) -> Iterator[str]:
    if text:
        yield f"<{name}>{_escaped(text)}</{name}>"


def _alternatives(name: str, text: str) -> Iterator[str]:
    if text:
        item = f'<rdf:li xml:lang="x-default">{_escaped(text)}</rdf:li>'
        yield f"<{name}><rdf:Alt>{item}</rdf:Alt></{name}>"


def _list(name: str, kind: str, texts: tuple[str, ...]) -> Iterator[str]:
    if texts:
        items = "".join(f"<rdf:li>{_escaped(text)}</rdf:li>" for text in texts)
        yield f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def _escaped(text: str) -> str:
    """Return a text as XML holds it; ``?>`` too is spelled so that nobody takes it for the packet's end."""
    return escape(text, {"?>": "?&gt;"})
