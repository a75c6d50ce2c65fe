"""XMP read back: its properties, whoever wrote them, and the label where it is ours."""

import json
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from calligram.errors import CalligramError, ImageError
from calligram.provenance.label import MINING_TERMS, SOURCE_TYPES, Label
from calligram.provenance.markup import hardened, parse
from calligram.provenance.xmp import NAMESPACES

Value: TypeAlias = str | tuple[str, ...]

RDF = NAMESPACES["rdf"]
LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"
LISTS = frozenset(f"{RDF} {kind}" for kind in ("Alt", "Seq", "Bag"))
PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()} | {
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://creativecommons.org/ns#": "cc",
}
"""What namespaces are called here, whatever a file calls them; others are spelled out in braces."""

MOST_PROPERTIES = 10_000


class _Reader:
    """Gathers properties while a parser runs: a property is what stands right below a description in RDF."""

    def __init__(self) -> None:
        self.found: dict[str, Value] = {}
        self._path: list[str] = []
        self._items: list[tuple[str, str]] = []
        self._text: list[str] = []
        self._language = ""
        self._is_list = False
        self._property = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        depth = self._path.index(f"{RDF} RDF") if f"{RDF} RDF" in self._path else len(self._path)
        below = len(self._path) - depth - 1
        if below == 1:
            for key, value in attributes.items():
                self._keep(key, value)
        elif below == 2:
            self._items, self._text, self._is_list, self._property = [], [], False, len(self._path)
            self._text += [attributes[key] for key in (f"{RDF} resource",) if key in attributes]
        elif below > 2:
            self._is_list = self._is_list or name in LISTS
            self._language = attributes.get(LANGUAGE, "")
            self._text = []

    def text(self, text: str) -> None:
        if self._property:
            self._text.append(text)

    def end(self, name: str) -> None:
        if self._property and len(self._path) > self._property and name not in LISTS:
            words = "".join(self._text)
            if words.strip() or name == f"{RDF} li":
                self._items.append((self._language, words))
            self._text, self._language = [], ""
        elif self._property and len(self._path) == self._property:
            self._close(name)
        self._path.pop()

    def _close(self, name: str) -> None:
        if not self._items:
            self._keep(name, "".join(self._text))
        else:
            usual = [words for language, words in self._items if language == "x-default"]
            words = tuple(words for _, words in self._items)
            self._keep(name, (usual[0] if usual else words) if self._is_list else "; ".join(words))
        self._property = 0

    def _keep(self, name: str, value: Value) -> None:
        uri, _, local = name.rpartition(" ")
        if uri in (RDF, "") or uri == "http://www.w3.org/XML/1998/namespace":
            return
        if len(self.found) < MOST_PROPERTIES:
            self.found[f"{PREFIXES.get(uri, '{' + uri + '}')}:{local}"] = value


def properties_in(packet: bytes) -> dict[str, Value]:
    """Return the properties of XMP, or of a document that it stands in, by names as ``dc:title``.

    Texts in languages give the one under ``x-default``, else all; structures are told as their texts.

    Raises:
        ImageError: it is no XML, or XML that is refused.
    """
    reader = _Reader()
    parse(packet.strip(b"\0 \r\n\t"), hardened(reader.start, reader.end, reader.text))
    return reader.found


def properties_of(packets: Iterable[str]) -> dict[str, Value]:
    """Return the properties of several packets together; one that cannot be read is passed over."""
    together: dict[str, Value] = {}
    for packet in packets:
        try:
            together |= properties_in(packet.encode("utf-8", "replace"))
        except ImageError:
            continue
    return together


def label_in(properties: Mapping[str, Value]) -> Label | None:
    """Return the label that XMP of ours tells, whole; None where it is somebody else's, or was changed."""
    if "calligram:Made" not in properties:
        return None
    try:
        settings = json.loads(_one(properties, "calligram:Settings") or "{}")
        seed = _one(properties, "calligram:Seed")
        return Label(
            made=_one(properties, "calligram:Made"),  # type: ignore[arg-type]
            software=_one(properties, "calligram:Software"),
            software_version=_one(properties, "calligram:SoftwareVersion"),
            prompt=_one(properties, "Iptc4xmpExt:AIPromptInformation"),
            avoid=_one(properties, "calligram:Avoid"),
            prompt_writer=_one(properties, "Iptc4xmpExt:AIPromptWriterName"),
            painter=_one(properties, "calligram:Painter"),
            model=_one(properties, "Iptc4xmpExt:AISystemUsed"),
            model_version=_one(properties, "Iptc4xmpExt:AISystemVersionUsed"),
            seed=int(seed) if seed else None,
            settings=settings,
            title=_one(properties, "dc:title"),
            description=_one(properties, "dc:description"),
            creator=_one(properties, "dc:creator"),
            rights=_one(properties, "dc:rights"),
            subjects=_many(properties, "dc:subject"),
            mining=_one(properties, "plus:DataMining").removeprefix(MINING_TERMS),
            made_at=_one(properties, "xmp:CreateDate"),
            sources=_many(properties, "calligram:Sources"),
        )
    except (ValueError, TypeError, AttributeError, RecursionError, CalligramError):
        return None


def _one(properties: Mapping[str, Value], name: str) -> str:
    value = properties.get(name, "")
    return value if isinstance(value, str) else value[0] if value else ""


def _many(properties: Mapping[str, Value], name: str) -> tuple[str, ...]:
    value = properties.get(name, ())
    return (value,) if isinstance(value, str) else value


def source_term(address: str) -> str:
    """Return the last part of a digital source type's address.

    >>> source_term("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture")
    'digitalCapture'
    """
    return address.removeprefix(SOURCE_TYPES).removeprefix(SOURCE_TYPES.replace("http:", "https:"))
