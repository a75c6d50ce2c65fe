"""What an image's own file says, written by Pillow and read back."""

import io
import zlib
from typing import Any

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from calligram.art.record_packet import read_embedded, read_packet

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">At Rest</rdf:li><rdf:li xml:lang="de">In Ruhe</rdf:li>
</rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Ann Example</rdf:li><rdf:li>Bo Example</rdf:li></rdf:Seq></dc:creator>
<dc:subject><rdf:Bag><rdf:li>boats</rdf:li><rdf:li>sea</rdf:li></rdf:Bag></dc:subject>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">CC BY 4.0</rdf:li></rdf:Alt></dc:rights>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def saved(kind: str, **told: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 6), "navy").save(stream, kind, **told)
    return stream.getvalue()


def with_iptc(*datasets: tuple[int, bytes]) -> bytes:
    """Return a JPEG with datasets of the application record, packed as IPTC-IIM and Photoshop describe."""
    record = b"".join(
        b"\x1c\x02" + bytes([number]) + len(text).to_bytes(2, "big") + text for number, text in datasets
    )
    record += b"\0" * (len(record) % 2)
    block = b"8BIM\x04\x04\0\0" + len(record).to_bytes(4, "big") + record
    content = b"Photoshop 3.0\0" + block
    plain = saved("JPEG")
    return plain[:2] + b"\xff\xed" + (len(content) + 2).to_bytes(2, "big") + content + plain[2:]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_xmp_is_read_from_every_format_that_carries_it(kind: str) -> None:
    if kind == "PNG":
        chunks = PngImagePlugin.PngInfo()
        chunks.add_itxt("XML:com.adobe.xmp", XMP.decode())
        content = saved("PNG", pnginfo=chunks)
    elif kind == "TIFF":
        content = saved("TIFF", tiffinfo={700: XMP})
    else:
        content = saved(kind, xmp=XMP)
    found = dict(read_embedded(content))["XMP"]
    assert found["title"] == "At Rest"
    assert found["creator"] == "Ann Example; Bo Example"
    assert found["tags"] == ["boats", "sea"]
    assert found["rights"] == "CC BY 4.0"
    assert found["digital_source"] == "trainedAlgorithmicMedia"


def test_exif_is_read_and_windows_own_tags_too() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Ann Example"
    exif[ExifTags.Base.Copyright] = "Ann Example, 2024"
    exif[ExifTags.Base.XPTitle] = "At Rest, Ночь".encode("utf-16-le") + b"\0\0"
    found = dict(read_embedded(saved("JPEG", exif=exif)))["EXIF"]
    assert found == {"creator": "Ann Example", "rights": "Ann Example, 2024", "title": "At Rest, Ночь"}


def test_iptc_is_read() -> None:
    content = with_iptc((5, b"At Rest"), (80, b"Ann Example"), (25, b"boats"), (25, b"sea"), (116, b"hers"))
    found = dict(read_embedded(content))["IPTC"]
    assert found == {
        "title": "At Rest",
        "creator": "Ann Example",
        "rights": "hers",
        "tags": ["boats", "sea"],
    }


def test_text_chunks_of_a_png_are_read() -> None:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Title", "At Rest")
    chunks.add_text("Author", "Ann Example")
    found = dict(read_embedded(saved("PNG", pnginfo=chunks)))["text"]
    assert found == {"title": "At Rest", "creator": "Ann Example"}


def test_a_file_that_says_nothing_gives_nothing() -> None:
    assert list(read_embedded(saved("JPEG"))) == []
    assert list(read_embedded(b"no image at all")) == []


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"<x",
        b"not xml",
        XMP.replace(b"</dc:title>", b""),
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
    ],
)
def test_a_damaged_or_dangerous_packet_gives_nothing(packet: bytes) -> None:
    assert read_packet(packet) == {}


def test_a_damaged_text_chunk_hides_nothing_else() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Ann Example"
    plain = saved("PNG", exif=exif)
    body = b"iTXtXML:com.adobe.xmp\0\0\0\0\0<broken"
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    end = plain.rindex(b"IEND") - 4
    found = dict(read_embedded(plain[:end] + chunk + plain[end:]))
    assert found["EXIF"]["creator"] == "Ann Example"
    assert "XMP" not in found
