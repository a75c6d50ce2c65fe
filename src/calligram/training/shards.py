"""The one pure function of data-set building: from a shard of images to a small file of examples.

A shard's name follows from its images and from all that its examples follow from, so a shard that is
there already is the right one and is not made again. Any engine may run the function, anywhere.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from numpy.typing import NDArray

from calligram import __version__
from calligram.errors import CalligramError, ImageError, InputError, LimitError
from calligram.formats.base import Example, get_format
from calligram.picture import EncodeOptions, Layout, encode, encode_batch, get_layout, spell_batch
from calligram.picture.opening import describe, open_pixels
from calligram.sources.base import Batch, Source
from calligram.training.augmentation import Distortion, distort
from calligram.training.dataset_options import BuildOptions
from calligram.training.storage import Storage

RECIPE = 1
"""Raised whenever the same options would give other bytes."""

# these change one image at a time, so a batch cannot be encoded at once
_TONES = ("invert", "polarity", "auto_levels", "contrast", "gamma", "framing", "dither")


@dataclass(frozen=True)
class Job:
    """One shard to be made.

    Args:
        images: the shard's own images, a part of a source.
        split: the split's spelling.
        number: the shard's place in the split, from 0.
        places: the images' places in the split.
        build: the build's options.
        encoding: how an image becomes a text picture.
        storage: where the shard goes.
        notes: where the facts of a finished shard are kept.
    """

    images: Source
    split: str
    number: int
    places: tuple[int, ...] | range
    build: BuildOptions
    encoding: EncodeOptions
    storage: Storage
    notes: Storage


@dataclass(frozen=True)
class Made:
    """What is known of a finished shard; or with ``fault`` why it could not be made, and the error's name."""

    number: int
    name: str = ""
    examples: int = 0
    size_bytes: int = 0
    sha256: str = ""
    labels: dict[str, int] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    sample: str = ""
    again: bool = False
    fault: str = ""
    error: str = ""


def run_job(job: Job) -> Made:
    """Make one shard and store it, or find that it is there already.

    Returns:
        What was made. A fault is told in the result, since not every engine can carry an error back.
    """
    try:
        name = shard_name(job)
        if job.storage.exists(name) and job.notes.exists(f"{name}.facts"):
            told = json.loads(job.notes.read(f"{name}.facts"))
            return Made(**told | {"number": job.number, "skipped": tuple(told["skipped"]), "again": True})
        data, made = make_shard(job, name)
        facts = {key: value for key, value in asdict(made).items() if key != "number"}
        job.notes.write(f"{name}.facts", json.dumps(facts, ensure_ascii=False).encode())
        job.storage.write(name, data)
        return made
    except CalligramError as fault:
        return Made(job.number, fault=str(fault), error=type(fault).__name__)


def shard_name(job: Job) -> str:
    """Return the file name that follows from a shard's images, options and versions."""
    source = job.images
    told = (
        RECIPE,
        versions(),
        source.digest(range(len(source))),
        source.classes,
        source.kind,
        source.question,
        asdict(get_layout(job.build.layout)),
        asdict(job.encoding),
        {k: v for k, v in job.build.recipe().items() if k not in {"limit", "shard_size"}},
        tuple(job.places) if job.build.copies else (),
    )
    digest = hashlib.blake2b(repr(told).encode(), digest_size=12).hexdigest()
    return f"{plain_split(job.split)}-{job.number:05d}-{digest}{get_format(job.build.format).SUFFIX}"


def plain_split(split: str) -> str:
    """Return a split's spelling as a part of a file name.

    >>> plain_split("train[90%:]")
    'train-90p-end'
    """
    name, bracket, part = split.partition("[")
    start, _, stop = part.rstrip("]").replace("%", "p").partition(":")
    return f"{name}-{start or 0}-{stop or 'end'}" if bracket else name


def make_shard(job: Job, name: str) -> tuple[bytes, Made]:
    """Return a shard's file and what is known of it.

    Raises:
        ImageError: an image cannot be read and the options say to stop.
        SourceError: the source cannot be read.
    """
    examples, labels, skipped = make_examples(job)
    data = get_format(job.build.format).write_part(examples)
    made = Made(job.number, name, len(examples), len(data), hashlib.sha256(data).hexdigest())
    sample = examples[0].picture if examples else ""
    return data, replace(made, labels=dict(sorted(labels.items())), skipped=tuple(skipped), sample=sample)


def make_examples(job: Job) -> tuple[list[Example], Counter[str], list[str]]:
    """Return a shard's examples, how often each class came, and the names of images left out.

    Raises:
        ImageError: an image cannot be read and the options say to stop.
        SourceError: the source cannot be read.
    """
    source = job.images
    skipped: list[str] = []
    examples: list[Example] = []
    labels: Counter[str] = Counter()
    layout = job.encoding.laid_out(get_layout(job.build.layout))
    for first, batch in _batches(job, skipped):
        for place, text, columns in _pictures(job, first, batch, layout, skipped):
            answer = source.classes[batch.labels[place]]
            labels[answer] += 1
            examples += _examples(job.build, source, text, columns, answer, layout)
    return examples, labels, skipped


def _batches(job: Job, skipped: list[str]) -> Iterator[tuple[int, Batch]]:
    """Yield the images with the place of the first of them in the shard; noted is what cannot be read."""
    source = job.images
    try:
        whole = source.take(range(len(source)))
    except InputError:
        if job.build.bad_images == "stop":
            raise
        for place in range(len(source)):
            try:
                one = source.take([place])
            except InputError as fault:
                skipped.append(str(fault))
            else:
                yield place, one
    else:
        yield 0, whole


def _examples(
    build: BuildOptions, source: Source, text: str, columns: int, answer: str, layout: Layout
) -> Iterator[Example]:
    if build.task != "draw":
        yield Example("read", text, build.question or source.question, answer, columns)
    if build.task != "read":
        values = {"{kind}": source.kind, "{answer}": answer, "{layout}": layout.name}
        request = build.request
        for key, value in values.items():
            request = request.replace(key, value)
        yield Example("draw", text, request, "", columns)


def _pictures(
    job: Job, first: int, batch: Batch, layout: Layout, skipped: list[str]
) -> Iterator[tuple[int, str, int]]:
    """Yield place in the batch, text and columns of each image and of its copies."""
    if isinstance(batch.images, np.ndarray) and _at_once(job.encoding):
        height, width = batch.images.shape[1:]
        layout, _, columns = job.encoding.grid(layout, height, width)
        texts = spell_batch(encode_batch(_with_copies(job, first, batch.images), layout), layout)
        each = 1 + job.build.copies
        yield from ((number // each, text, columns) for number, text in enumerate(texts))
        return
    for place, image in enumerate(batch.images):
        try:
            for version_of_it in _versions_of(job, image, job.places[first + place]):
                picture = encode(version_of_it, layout, job.encoding)
                yield place, picture.text, picture.columns
        except (ImageError, LimitError) as fault:
            if job.build.bad_images == "stop":
                what = str(fault).replace(describe(image), "it")
                told = f"the image {batch.names[place]} cannot be used: {what}"
                raise ImageError(f"{told}; use --bad-images skip to leave such images out") from fault
            skipped.append(batch.names[place])


def _at_once(encoding: EncodeOptions) -> bool:
    plain = EncodeOptions()
    return all(getattr(encoding, name) == getattr(plain, name) for name in _TONES)


def _with_copies(job: Job, first: int, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return each image followed by its copies, as one array."""
    if not job.build.copies:
        return images
    return np.stack(
        [made for place, grey in enumerate(images) for made in _copied(job, grey, job.places[first + place])]
    )


def _versions_of(
    job: Job, image: bytes | NDArray[np.uint8], place: int
) -> Sequence[bytes] | Sequence[NDArray[np.uint8]]:
    """Return an image, then its copies; which copy comes out depends on seed, place and copy alone."""
    if not job.build.copies:
        return [image]  # type: ignore[return-value]
    return _copied(job, open_pixels(image, job.encoding, (10**6, 10**6)), place)


def _copied(job: Job, grey: NDArray[np.uint8], place: int) -> list[NDArray[np.uint8]]:
    build = job.build
    amounts = Distortion(build.turn_degrees, build.shear, build.scale, build.shift)
    seeds = [(build.seed, place, copy) for copy in range(build.copies)]
    return [grey, *(distort(grey, amounts, np.random.default_rng(seed)) for seed in seeds)]


@lru_cache(maxsize=1)
def _installed() -> tuple[tuple[str, str], ...]:
    found = [("calligram", __version__), ("python", ".".join(map(str, sys.version_info[:3])))]
    for package in ("numpy", "pillow", "pyarrow"):
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def versions() -> dict[str, str]:
    """Return the versions of all that a shard's bytes can depend on."""
    return dict(_installed())
