"""The sidecar: a JSON file beside an image, with the whole label and a digest of the pixels.

::

    {"calligram_label": 1,
     "file": "cat.png",
     "digest": {"of": "pixels", "sha256": "…"},
     "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
     "label": {"made": "drawn", "prompt": "a red cat", "seed": 7, …}}

``digest.of`` is ``pixels`` where they can be decoded (every frame's size, mode and bytes), else ``file``: the
file without what tells of its making. So a changed image is noticed, and a mere new label is not; in a PDF,
to which a label is added as a new version of it, that counts as a change too.
"""

import dataclasses
import hashlib
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from calligram.errors import CalligramError, ImageError
from calligram.picture.opening import check_shape, read_bytes, without_pillow_limit
from calligram.picture.options import Limits
from calligram.provenance.containers.base import container_of
from calligram.provenance.label import Label

VERSION = 1
ENDING = ".json"
LARGEST = 16 << 20
MOST_PIXELS = 1 << 30
"""So many pixels of all frames together are decoded; a longer animation is told by its file."""


@dataclass(frozen=True)
class Digest:
    """What an image is known by again: what was digested, ``pixels`` or ``file``, and the SHA-256 of it."""

    of: str
    sha256: str


@dataclass(frozen=True)
class Sidecar:
    """What a sidecar says: the label, and the digest of the image that it was written for."""

    label: Label
    digest: Digest


def sidecar_path(path: str | os.PathLike[str]) -> Path:
    """Return where an image's sidecar lies: beside it, with ``.json`` behind the whole name."""
    return Path(path).with_name(Path(path).name + ENDING)


def sidecar_of(content: bytes, label: Label, name: str) -> bytes:
    """Return the sidecar of an image; the same image and label give the same bytes.

    Args:
        content: the image's file.
        label: how it was made.
        name: the file's name.

    Raises:
        ImageError: the image is damaged.
        LimitError: it is over a limit.
    """
    fields = {field.name: getattr(label, field.name) for field in dataclasses.fields(label)}
    told = {
        "calligram_label": VERSION,
        "file": name,
        "digest": dataclasses.asdict(digest_of(content)),
        "digital_source_type": label.source_type,
        "label": {name: value for name, value in fields.items() if value not in ("", (), {}, None)},
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def digest_of(content: bytes) -> Digest:
    """Return what an image is known by again.

    Raises:
        ImageError: it is damaged.
        LimitError: it is over a limit.
    """
    container = container_of(content)
    if container and not container.DECODED:
        return Digest("file", hashlib.sha256(container.stripped(content)).hexdigest())
    digest = _pixels(content)
    return Digest("pixels", digest) if digest else Digest("file", hashlib.sha256(content).hexdigest())


def _pixels(content: bytes) -> str:
    """Return the digest of all frames, or nothing where they are too many or no image at all."""
    digest = hashlib.sha256()
    try:
        with without_pillow_limit():
            image = Image.open(io.BytesIO(content))
            check_shape(image, "the image", Limits())
            # further images of a JPEG file lie behind its end, and are no frames of it
            frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
            if image.width * image.height * frames > MOST_PIXELS:
                return ""
            for frame in range(frames):
                image.seek(frame)
                plain = _plain(image)
                digest.update(f"{plain.mode} {plain.width}x{plain.height}\n".encode())
                digest.update(plain.tobytes())
    except CalligramError:
        raise
    except UnidentifiedImageError:
        return ""
    except Exception as fault:  # Pillow's readers raise much
        raise ImageError(f"the image is damaged ({fault}): fetch or save it again") from fault
    return digest.hexdigest()


def _plain(image: Image.Image) -> Image.Image:
    """Return a frame in a mode in which equal pixels are equal bytes: palettes are resolved."""
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def read_sidecar(path: str | os.PathLike[str]) -> Sidecar | None:
    """Return what the sidecar of an image says, or None where there is none.

    Args:
        path: the image, or its sidecar.

    Raises:
        ImageError: it is no sidecar of Calligram, or a damaged one.
    """
    place = Path(path) if Path(path).suffix == ENDING else sidecar_path(path)
    if not place.is_file():
        return None
    content = read_bytes(place, Limits(max_file_bytes=LARGEST), "a sidecar")
    return parse_sidecar(content, os.fspath(place))


def parse_sidecar(content: bytes, told: str) -> Sidecar:
    """Return what a sidecar's bytes say.

    Args:
        content: the file.
        told: what it is called in messages.

    Raises:
        ImageError: it is no sidecar of Calligram, or a damaged one.
    """
    try:
        said: dict[str, Any] = json.loads(content)
        if said["calligram_label"] != VERSION:
            raise ValueError(f"its version is {said['calligram_label']!r}, but must be {VERSION}")
        digest = Digest(str(said["digest"]["of"]), str(said["digest"]["sha256"]))
        return Sidecar(_label(said["label"]), digest)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, CalligramError) as fault:
        raise ImageError(
            f"{told!r} is no sidecar of an image ({fault}): move it, or write it again"
        ) from fault


def _label(fields: dict[str, Any]) -> Label:
    known = {field.name for field in dataclasses.fields(Label)}
    if unknown := sorted(fields.keys() - known):
        raise ValueError(f"it has the unknown field {unknown[0]!r}")
    listed: dict[str, Any] = {name: tuple(fields[name]) for name in ("subjects", "sources") if name in fields}
    return Label(**(fields | listed))
