"""XMP with the fields of Dublin Core, IPTC and PLUS, whoever wrote it; ours is told from others'.

Source: ISO 16684-1 (XMP), IPTC Photo Metadata Standard 2025.1, PLUS License Data Format.
"""

from collections.abc import Sequence

from calligram.errors import ImageError
from calligram.provenance.layouts.base import Telling, Text, known, number
from calligram.provenance.xmp_reading import Value, properties_in

NAME = "XMP"
PROPERTIES = {
    "source_type": "Iptc4xmpExt:DigitalSourceType",
    "title": "dc:title",
    "description": "dc:description",
    "creator": "dc:creator",
    "rights": "dc:rights",
    "subjects": "dc:subject",
    "prompt": "Iptc4xmpExt:AIPromptInformation",
    "avoid": "calligram:Avoid",
    "prompt_writer": "Iptc4xmpExt:AIPromptWriterName",
    "software": "xmp:CreatorTool",
    "painter": "calligram:Painter",
    "model": "Iptc4xmpExt:AISystemUsed",
    "model_version": "Iptc4xmpExt:AISystemVersionUsed",
    "seed": "calligram:Seed",
    "made_at": "xmp:CreateDate",
    "mining": "plus:DataMining",
    "sources": "calligram:Sources",
}
LISTED = ("dc:subject", "calligram:Sources")
INNER = ("calligram:Made", "calligram:Software", "calligram:SoftwareVersion", "xmpNote:HasExtendedXMP")


def read(texts: Sequence[Text]) -> Telling | None:
    """Return what all XMP of a file tells together, or None where there is none."""
    packets = [text for text in texts if text.key == "xmp"]
    properties: dict[str, Value] = {}
    remarks = []
    for packet in packets:
        try:
            properties |= properties_in(packet.words.encode("utf-8", "surrogatepass"))
        except ImageError as fault:
            remarks.append(f"its XMP cannot be read: {fault}")
    if not packets or not (properties or remarks):
        return None
    fields = {name: _told(properties, key) for name, key in PROPERTIES.items()}
    fields["seed"] = number(fields["seed"])
    others = {key: _told(properties, key) for key in properties if key not in (*PROPERTIES.values(), *INNER)}
    name = f"{NAME} of Calligram" if "calligram:Made" in properties else NAME
    return Telling(name, packets[0].where, known(**fields), known(**others), tuple(remarks))


def _told(properties: dict[str, Value], key: str) -> object:
    value = properties.get(key)
    if isinstance(value, tuple) and key not in LISTED:
        return value[0] if len(value) == 1 else ", ".join(value)
    return (value,) if isinstance(value, str) and key in LISTED else value
