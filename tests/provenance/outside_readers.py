"""What others read in a file: exiv2, pypdf, Pillow, and rdflib behind XMP's own scan for packets."""

import io
import re
from pathlib import Path
from typing import Any

import pyexiv2
import pypdf
import rdflib
from PIL import Image

from calligram.provenance.xmp import NAMESPACES

EXIV2 = (".png", ".jpg", ".webp", ".avif", ".tif")
"""Formats in which exiv2 reads XMP."""
PACKET = re.compile(rb"<\?xpacket begin=.*?<\?xpacket end=", re.DOTALL)
RDF = rdflib.Namespace(NAMESPACES["rdf"])

pyexiv2.set_log_level(4)


def exiv2_of(content: bytes, ending: str, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return XMP and EXIF as exiv2 reads them, and fail where it finds IPTC or a comment."""
    path = folder / f"outside{ending}"
    path.write_bytes(content)
    with pyexiv2.Image(str(path)) as found:
        xmp, exif = found.read_xmp(), found.read_exif()
        assert not found.read_iptc()
        assert not found.read_comment()
    return xmp, exif


def packets_of(content: bytes) -> list[bytes]:
    """Return the XMP packets in a file of any format, found by their marks, as XMP says that readers may."""
    return [found[0] for found in PACKET.finditer(content)]


def graph_of(packet: bytes) -> rdflib.Graph:
    """Return the statements of a packet as rdflib reads RDF."""
    (rdf,) = re.findall(rb"<rdf:RDF.*</rdf:RDF>", packet, re.DOTALL)
    return rdflib.Graph().parse(data=rdf, format="xml")


def statements_of(content: bytes) -> dict[str, Any]:
    """Return each property of the packet in a file: a text, or a list of texts."""
    (packet,) = packets_of(content)
    graph = graph_of(packet)
    told: dict[str, Any] = {}
    for prefix, uri in NAMESPACES.items():
        for _, predicate, value in graph:
            if predicate.startswith(uri) and prefix != "rdf":
                name = f"{prefix}:{predicate.removeprefix(uri)}"
                told[name] = _items(graph, value) if isinstance(value, rdflib.BNode) else str(value)
    return told


def _items(graph: rdflib.Graph, node: rdflib.BNode) -> list[str]:
    numbered = [(str(key), str(value)) for key, value in graph.predicate_objects(node) if key != RDF.type]
    return [words for _, words in sorted(numbered, key=lambda item: int(item[0].rpartition("_")[2]))]


def comment_of(content: bytes) -> str:
    """Return the comment of EXIF as Pillow finds it, its text by what piexif writes."""
    value = Image.open(io.BytesIO(content)).getexif().get_ifd(34665)[37510]
    assert value[:8] == b"UNICODE\0"
    return str(value[8:].decode("utf-16-be"))


def pdf_of(content: bytes) -> pypdf.PdfReader:
    """Return a PDF as pypdf reads it, which complains of what is not as it should be."""
    return pypdf.PdfReader(io.BytesIO(content), strict=True)


def pixels_of(content: bytes) -> list[tuple[str, tuple[int, int], bytes]]:
    """Return every frame of an image as Pillow decodes it."""
    found = Image.open(io.BytesIO(content))
    frames = []
    for number in range(getattr(found, "n_frames", 1)):
        found.seek(number)
        frames.append((found.mode, found.size, found.convert("RGBA").tobytes()))
    return frames
