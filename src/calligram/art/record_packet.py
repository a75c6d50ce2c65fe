"""What an image's own file says of the work: EXIF, IPTC, XMP and text chunks, read and never written."""

import io
import struct
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin, UnidentifiedImageError

from calligram.picture.opening import without_pillow_limit

DC = "{http://purl.org/dc/elements/1.1/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XMP_SOURCE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
PHOTOSHOP_CREDIT = "{http://ns.adobe.com/photoshop/1.0/}Credit"
MADE_BY_MODEL = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic")
"""Values of the IPTC's digital source type that say a model took part. Source: IPTC NewsCodes, 2025."""

_EXIF = {
    ExifTags.Base.ImageDescription: "description",
    ExifTags.Base.Artist: "creator",
    ExifTags.Base.Copyright: "rights",
    ExifTags.Base.XPTitle: "title",
    ExifTags.Base.XPAuthor: "creator",
    ExifTags.Base.XPKeywords: "tags",
}
_IPTC = {
    (2, 5): "title",
    (2, 80): "creator",
    (2, 110): "credit",
    (2, 116): "rights",
    (2, 120): "description",
    (2, 25): "tags",
}
"""Datasets of the application record. Source: IPTC-IIM 4.2."""
_CHUNKS = {"Title": "title", "Author": "creator", "Description": "description", "Copyright": "rights"}
"""Source: PNG specification, third edition, 11.3.3.1."""
_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    IndexError,
    struct.error,
    Image.DecompressionBombError,
)


def read_embedded(content: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each kind of data that a file carries, as ``("XMP", {"title": …})``; damaged ones are left out.

    Args:
        content: the whole file, of an image whose size was checked against ``max_pixels``.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with without_pillow_limit():
                image = Image.open(io.BytesIO(content))
        except (*_FAULTS, UnidentifiedImageError):
            return
        for kind, read in (("XMP", _xmp), ("IPTC", _iptc), ("EXIF", _exif), ("text", _chunks)):
            try:
                found = read(image)
            except _FAULTS:
                continue
            if found:
                yield kind, found


def read_packet(content: bytes) -> dict[str, Any]:
    """Return the fields of an XMP packet, without those that are empty; an unreadable one has none.

    Args:
        content: the packet, RDF in XML. One with a document type is not read, for entities can be a trap.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return {}
    start, end = content.find(b"<"), content.rfind(b">")
    try:
        root = ElementTree.fromstring(content[start : end + 1])
    except (ElementTree.ParseError, ValueError):
        return {}
    found: dict[str, Any] = {
        name: "; ".join(_items(root, DC + name)) for name in ("title", "creator", "description", "rights")
    }
    found["date"] = "; ".join(_items(root, DC + "date"))
    found["tags"] = _items(root, DC + "subject")
    found["credit"] = _value(root, PHOTOSHOP_CREDIT)
    found["digital_source"] = _value(root, XMP_SOURCE).rpartition("/")[2]
    return {name: value for name, value in found.items() if value}


def _xmp(image: Image.Image) -> dict[str, Any]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return read_packet(packet.encode() if isinstance(packet, str) else packet)


def _items(root: ElementTree.Element, name: str) -> list[str]:
    """Return the items of a list such as ``dc:creator``; of alternatives by language the default one."""
    found = root.find(f".//{name}")
    if found is None:
        return [text] if (text := _value(root, name)) else []
    items = found.findall(f".//{RDF}li")
    if found.find(f"{RDF}Alt") is not None:
        items = items[:1]
    texts = [(item.text or "").strip() for item in items] or [(found.text or "").strip()]
    return [text for text in texts if text]


def _value(root: ElementTree.Element, name: str) -> str:
    """Return a simple property, which XMP writes as an element or as an attribute."""
    for element in root.iter():
        if name in element.attrib:
            return element.attrib[name].strip()
        if element.tag == name:
            return (element.text or element.attrib.get(f"{RDF}resource", "")).strip()
    return ""


def _iptc(image: Image.Image) -> dict[str, Any]:
    told = (IptcImagePlugin.getiptcinfo(image) if isinstance(image, ImageFile.ImageFile) else None) or {}
    found: dict[str, Any] = {}
    for key, name in _IPTC.items():
        values = told.get(key, [])
        texts = [_text(value) for value in (values if isinstance(values, list) else [values])]
        if any(texts):
            found[name] = texts if name == "tags" else "; ".join(filter(None, texts))
    return found


def _exif(image: Image.Image) -> dict[str, Any]:
    exif = image.getexif()
    found: dict[str, Any] = {}
    for tag, name in _EXIF.items():
        value = exif.get(tag)
        if value is not None and (text := _text(value, wide=tag >= ExifTags.Base.XPTitle)):
            found.setdefault(name, text)
    return found


def _chunks(image: Image.Image) -> dict[str, Any]:
    if image.format != "PNG":
        return {}
    texts: dict[str, Any] = getattr(image, "text", {})
    return {name: str(texts[key]).strip() for key, name in _CHUNKS.items() if str(texts.get(key, "")).strip()}


def _text(value: object, wide: bool = False) -> str:
    """Return what a tag holds as text; Windows writes its own tags as UTF-16."""
    if isinstance(value, tuple):
        value = bytes(value)
    if isinstance(value, bytes):
        value = value.decode("utf-16-le" if wide else "utf-8", "replace")
    return str(value).strip(" \0\n\r\t")
