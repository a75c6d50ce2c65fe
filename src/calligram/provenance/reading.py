"""Reading: what an image file tells of how it was made, whichever tool wrote it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from calligram import registry
from calligram.errors import ImageError
from calligram.picture.opening import is_image
from calligram.provenance import exif
from calligram.provenance.containers.base import Part, container_of
from calligram.provenance.label import Label
from calligram.provenance.layouts.base import Telling, Text, ToolLayout
from calligram.provenance.xmp_reading import label_in, properties_in, properties_of

ORDER = ("xmp", "a1111", "comfyui", "invokeai", "fooocus")
"""The layouts that are looked for first; further ones follow by their names."""

LABELLED_PAGE = "calligram-label"


@dataclass(frozen=True)
class Findings:
    """What a file tells of how it was made.

    Args:
        format: the format's name, as ``"PNG"``.
        parts: everything in it that is not for the pixels.
        tellings: what each layout tells.
    """

    format: str
    parts: tuple[Part, ...]
    tellings: tuple[Telling, ...]


def find(content: bytes) -> Findings:
    """Return what the bytes of an image file tell of how it was made.

    Raises:
        ImageError: it is damaged, or no image whose format is known.
    """
    container = container_of(content)
    if container is None:
        if not is_image(content):
            raise ImageError(
                f"it is no image (it begins with {content[:12]!r}): "
                "give PNG, JPEG, WebP, AVIF, TIFF, GIF, SVG or PDF"
            )
        return Findings("another format", (), ())
    parts = tuple(container.parts(content))
    return Findings(container.NAME, parts, tuple(tellings_of(list(texts_in(parts)))))


def tellings_of(texts: Sequence[Text]) -> Iterator[Telling]:
    """Yield what each layout makes of a file's texts."""
    family = "provenance.layouts"
    names = registry.members(family)
    for name in sorted(names, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)):
        told = cast("ToolLayout", registry.member(family, name)).read(texts)
        if told:
            yield told


def texts_in(parts: Sequence[Part]) -> Iterator[Text]:
    """Yield the texts in the parts of a file."""
    for part in parts:
        if part.kind == "exif":
            yield from (Text(key, words, f"EXIF {key}") for key, words in exif.texts_of(part.content))
        elif part.kind == "iptc":
            yield Text("iptc", part.content.decode("latin-1"), part.name)
        elif part.key == LABELLED_PAGE:
            yield from _page_texts(part)
        elif part.kind in ("xmp", "text", "comment"):
            key = {"xmp": "xmp", "comment": "comment"}.get(part.kind, part.key)
            words = part.content.decode("utf-8", "replace")
            yield Text(key, words, part.name)
            if key == "xmp":
                yield from _parameters_in(part)


def _page_texts(part: Part) -> Iterator[Text]:
    """Yield the XMP that an HTML page of ours holds in its JSON."""
    try:
        packet = json.loads(part.content)["encoding"]["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    if isinstance(packet, str):
        yield Text("xmp", packet, part.name)
        yield from _parameters_in(replace(part, content=packet.encode("utf-8", "replace")))


def _parameters_in(part: Part) -> Iterator[Text]:
    """Yield the text of art tools where it stands in XMP, as in formats with no place of its own for it."""
    if b"calligram:Parameters" in part.content:
        try:
            words = properties_in(part.content).get("calligram:Parameters")
        except ImageError:
            return
        if isinstance(words, str):
            yield Text("calligram:Parameters", words, part.name)


def read_label(content: bytes) -> Label | None:
    """Return the label that a file of ours carries, whole; None where it carries none.

    Args:
        content: the bytes of an image file.

    Raises:
        ImageError: it is damaged, or no image whose format is known.
    """
    container = container_of(content)
    return label_of(texts_in(container.parts(content))) if container else None


def label_of(texts: Iterable[Text]) -> Label | None:
    """Return the label that the texts of a file of ours tell, whole; None where there is none."""
    return label_in(properties_of([text.words for text in texts if text.key == "xmp"]))
