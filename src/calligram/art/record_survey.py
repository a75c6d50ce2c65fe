"""What one image brings to its record before any model is asked: facts, what its file says, a thumbnail."""

import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from calligram.art.eyes import EyesOptions, eyes_of_view
from calligram.art.facts import measure_view
from calligram.art.facts_options import FactsOptions
from calligram.art.record_given import Given, digest, given_of, sidecars_of
from calligram.art.record_packet import MADE_BY_MODEL, read_embedded
from calligram.art.views import View, open_view
from calligram.errors import InputError
from calligram.picture.opening import read_bytes

THUMBNAIL_PX, THUMBNAIL_QUALITY = 360, 82


@dataclass(frozen=True)
class Job:
    """One image to be surveyed.

    Args:
        path: of the image.
        options: how facts are measured.
        given: what the owner's records say of it.
        asked: what else the record follows from: models, seed and the like.
        known: what the record follows from that there is already; empty for none.
        eyes: whether a model is to be given the image as text.
        png: whether a model is to be given the image itself.
    """

    path: str
    options: FactsOptions
    given: Given | None
    asked: str
    known: str = ""
    eyes: bool = False
    png: bool = False


@dataclass(frozen=True)
class Survey:
    """What was found.

    Args:
        path: of the image.
        follows: what the record follows from, as a digest of image, givens and options.
        fault: a sentence where the image cannot be used; nothing else stands then.
        unchanged: whether the record that there is follows from the same; nothing else stands then.
        facts: what was measured, by key.
        given: what the owner and the file say, the weightiest first.
        made_by_model: whether the file says that a model took part in making the image.
        thumbnail: a small JPEG.
        prompt: the image as text; empty where it was not wanted.
        png: the image for models that take one.
        seed: of the image, so that two images are told apart by models that see neither.
    """

    path: str
    follows: str = ""
    fault: str = ""
    unchanged: bool = False
    facts: Mapping[str, Any] | None = None
    given: tuple[Given, ...] = ()
    made_by_model: bool = False
    thumbnail: bytes = b""
    prompt: str = ""
    png: bytes | None = None
    seed: int = 0


_BYTES = re.compile(r"the given \d+ bytes")
"""How an image that was read already is called in messages."""


def survey_image(job: Job) -> Survey:
    """Return what one image brings; what is wrong with it is told, not raised, so that a batch goes on."""
    try:
        return _survey(job)
    except InputError as fault:
        return Survey(job.path, fault=_BYTES.sub(lambda _: repr(job.path), str(fault)))


def _survey(job: Job) -> Survey:
    content = read_bytes(job.path, job.options)
    told = [job.given] if job.given else []
    told += [beside for beside in sidecars_of(job.path) if beside]
    image = hashlib.sha256(content).hexdigest()
    follows = hashlib.sha256(f"{image} {digest(told)} {job.asked}".encode()).hexdigest()[:32]
    if follows == job.known:
        return Survey(job.path, follows, unchanged=True)
    view = open_view(content, job.options)  # first, for it checks the limits
    embedded = list(read_embedded(content))
    told += [_embedded(kind, found) for kind, found in embedded]
    prompt, png = _eyes(view, job) if job.eyes else ("", None)
    return Survey(
        job.path,
        follows,
        facts=measure_view(view).to_json() | {"format": view.head.format},
        given=tuple(each for each in told if each),
        made_by_model=any(found.get("digital_source") in MADE_BY_MODEL for _, found in embedded),
        thumbnail=_thumbnail(view),
        prompt=prompt,
        png=png,
        seed=int(image[:6], 16),
    )


def _embedded(kind: str, found: Mapping[str, Any]) -> Given:
    where = "text chunks" if kind == "text" else f"{kind} data"
    return given_of(found, f"the file's {where}")


def _eyes(view: View, job: Job) -> tuple[str, bytes | None]:
    eyes = eyes_of_view(view, EyesOptions(longest_px=job.options.longest_px), png=job.png)
    return eyes.prompt, eyes.png


def _thumbnail(view: View) -> bytes:
    image = Image.fromarray(view.rgb)
    image.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=THUMBNAIL_QUALITY, optimize=True)
    return stream.getvalue()
