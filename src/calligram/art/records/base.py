"""What a form of a catalogue is: a function ``build`` that yields the files of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol
from urllib.parse import quote

from calligram.art.record import Record


@dataclass(frozen=True)
class Catalogue:
    """A whole catalogue.

    Args:
        title: of it.
        base_uri: under which it is to be published, ending in ``/``.
        records: in their order.
    """

    title: str
    base_uri: str
    records: tuple[Record, ...]

    def uri(self, *parts: str) -> str:
        """Return an address below the catalogue's own.

        >>> Catalogue("", "https://example.org/", ()).uri("works", "a b")
        'https://example.org/works/a%20b'
        """
        return self.base_uri + "/".join(quote(part) for part in parts)

    def image_uri(self, record: Record) -> str:
        """Return where the image is to be published: in ``images/``, under the record's id."""
        return self.uri("images", record.id + PurePosixPath(record.file).suffix.lower())

    def thumbnail_uri(self, record: Record) -> str:
        """Return where the thumbnail is to be published."""
        return self.uri("thumbnails", f"{record.id}.jpg")


class Form(Protocol):
    """Builds one form."""

    def __call__(self, catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
        """Yield each file: its path below the catalogue's folder, with ``/``, and its content."""


def json_bytes(value: Any) -> bytes:
    """Return JSON as people can read it, in UTF-8."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


FORMATS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
    "AVIF": "image/avif",
    "MPO": "image/jpeg",
    "JPEG2000": "image/jp2",
}
"""Media types by Pillow's names of formats."""


def media_type(record: Record) -> str:
    """Return the media type of a record's image."""
    return FORMATS.get(str(record.facts.get("format")), "application/octet-stream")
