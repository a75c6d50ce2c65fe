"""Drafts of a work: images and texts by their content, with what later looks need of them."""

import base64
import hashlib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from calligram.art.record_packet import MADE_BY_MODEL, read_embedded
from calligram.errors import InputError, LimitError
from calligram.picture.opening import is_image, open_pixels, read_bytes
from calligram.picture.options import EncodeOptions

SIDE_PX = 320
"""The longest side of the small picture that is kept of an image."""
QUALITY = 82
MOST_CHARACTERS = 200_000
MAIN = "main"
"""The name of the piece that drafts are of, where none is given."""


@dataclass(frozen=True)
class Thing:
    """What a draft is, by its content.

    Args:
        sha256: of the file's bytes, or of the text as UTF-8.
        kept: what the work keeps of it.
    """

    sha256: str
    kept: Mapping[str, Any]


def read_draft(source: str | os.PathLike[str]) -> Thing:
    """Return the draft in a file, an image or a text; ``-`` is standard input.

    Raises:
        InputError: it cannot be read, or is neither.
        LimitError: it is too large.
    """
    content = read_bytes(source, EncodeOptions(), "an image or a text")
    name = "standard input" if os.fspath(source) == "-" else Path(source).name
    if is_image(content):
        return image_draft(content, name)
    try:
        return text_draft(content.decode("utf-8"), name)
    except UnicodeDecodeError as fault:
        raise InputError(f"{name!r} is neither an image nor a text in UTF-8: give one of them") from fault


def text_draft(text: str, name: str = "") -> Thing:
    """Return a text as a draft, kept whole.

    Raises:
        InputError: it is empty.
        LimitError: it has over 200,000 characters.
    """
    if not text.strip():
        raise InputError(f"the draft {name!r} is empty: give a text with words")
    if len(text) > MOST_CHARACTERS:
        raise LimitError(
            f"the draft has {len(text):,} characters, but a work keeps at most {MOST_CHARACTERS:,} of one: "
            "keep it beside the work, and add a part"
        )
    kept = {"form": "text", "name": name, "text": text.rstrip("\n"), "words": len(text.split())}
    return Thing(hashlib.sha256(text.encode()).hexdigest(), kept)


def image_draft(content: bytes, name: str = "") -> Thing:
    """Return an image as a draft, kept as a small picture, its facts and a text picture.

    Args:
        content: the whole file.
        name: what it is called.

    Raises:
        ImageError: it is damaged.
        LimitError: it is over a limit.
    """
    from calligram.art.eyes import eyes_of

    eyes = eyes_of(content)
    symbols = eyes.picture.layout.symbols
    kept = {
        "form": "image",
        "name": name,
        "bytes": len(content),
        "facts": eyes.facts.to_json(),
        "lines": list(eyes.facts.lines()),
        "text_picture": ["".join(symbols[level] for level in row) for row in eyes.picture.levels.tolist()],
        "generated": any(told.get("digital_source") in MADE_BY_MODEL for _, told in read_embedded(content)),
        "thumbnail": base64.b64encode(_small(content)).decode("ascii"),
    }
    return Thing(hashlib.sha256(content).hexdigest(), kept)


def _small(content: bytes) -> bytes:
    image = Image.fromarray(open_pixels(content, EncodeOptions(), (SIDE_PX, SIDE_PX), colour=True))
    image.thumbnail((SIDE_PX, SIDE_PX))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=QUALITY, optimize=True)
    return stream.getvalue()
