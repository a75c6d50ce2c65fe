"""A data set of the Hugging Face hub, or one saved on disk by its library."""

import copy
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calligram.errors import MissingExtraError, SourceError
from calligram.settings import option
from calligram.sources._parts import check_part, part_of
from calligram.sources.base import Batch, Source, question_about


@dataclass(frozen=True)
class Options:
    """Which part of the data set, and which columns hold what."""

    config: str = option("", "the data set's configuration")
    revision: str = option("", "commit, tag or branch; a commit makes the data set stay the same")
    image: str = option("image", "the column of images")
    label: str = option("label", "the column of labels")
    kind: str = option("picture", "what an image shows, in one word, as animal")
    question: str = option("", "the question whose answer is the label; empty means What KIND is this?")


def load(place: str, split: str, options: Options) -> Source:
    """Return the images of a data set.

    Args:
        place: its name on the hub, as ``"ylecun/mnist"``, or a folder, also one made by ``save_to_disk``.
        split: a split that it has, or ``"all"``. One saved without splits is parted by the images' content:
            a tenth ``"valid"``, a tenth ``"test"``, the rest ``"train"``.

    Raises:
        MissingExtraError: the package datasets is not installed.
        SourceError: data set, split or column cannot be found.
    """
    try:
        import datasets
    except ImportError as fault:
        raise MissingExtraError("datasets", "data", "the source hub") from fault
    if not place:
        raise SourceError("the source hub needs the name of a data set, as hub:ylecun/mnist")
    try:
        parts = _load_parts(datasets, place, options)
        rows = _choose(datasets, parts, split, place, options.image)
    except (OSError, ValueError, RuntimeError) as fault:
        told = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        raise SourceError(
            f"the data set {place} cannot be loaded ({told}): look at its name, or give a folder"
        ) from fault
    return HubSource(datasets, f"hub:{place}", split, rows, options)


def _load_parts(datasets: Any, place: str, options: Options) -> Any:
    if Path(place, "dataset_dict.json").is_file() or Path(place, "state.json").is_file():
        return datasets.load_from_disk(place)
    return datasets.load_dataset(place, options.config or None, revision=options.revision or None)


def _choose(datasets: Any, parts: Any, split: str, place: str, image: str) -> Any:
    if not isinstance(parts, dict):
        return _choose_by_content(datasets, parts, split, place, image)
    if split == "all":
        return datasets.concatenate_datasets(list(parts.values()))
    if split not in parts:
        raise SourceError(
            f"the split is {split!r}, but {place} has {', '.join(parts)} or all: name one of them"
        )
    return parts[split]


def _choose_by_content(datasets: Any, rows: Any, split: str, place: str, image: str) -> Any:
    """Return the rows of a data set without splits whose images belong to one, as those of a folder do."""
    check_part(split, f"{place}, which has no splits of its own,")
    if split == "all" or image not in rows.column_names:
        return rows
    images = rows.select_columns([image]).cast_column(image, datasets.Image(decode=False))
    read = (_whole(row[image], f"row {number}") for number, row in enumerate(images))
    places = [number for number, content in enumerate(read) if part_of(content) == split]
    if not places:
        raise SourceError(f"{place} has no images in the split {split!r}: give it more, or use the split all")
    return rows.select(places)


class HubSource(Source):
    """Rows of an Arrow data set, read when they are taken."""

    def __init__(self, datasets: Any, name: str, split: str, rows: Any, options: Options) -> None:
        self.name, self.split, self.kind = name, split, options.kind
        self.question = options.question or question_about(options.kind)
        for column in (options.image, options.label):
            if column not in rows.column_names:
                there = ", ".join(rows.column_names)
                raise SourceError(
                    f"{name} has no column {column!r}, but {there}: name it with ?image= or ?label="
                )
        self.licence = (rows.info.license or "").strip() or "unknown"
        self._rows = rows.select_columns([options.image, options.label])
        self._rows = self._rows.cast_column(options.image, datasets.Image(decode=False))
        self._image, self._label = options.image, options.label
        names = getattr(rows.features[options.label], "names", None)
        found = {str(label) for label in rows[options.label]} if names is None else set()
        self.classes = tuple(
            names or sorted(found, key=lambda label: (not label.isdecimal(), label.zfill(20)))
        )
        self._has_names = names is not None
        self._numbers: Sequence[int] = range(len(rows))

    def __len__(self) -> int:
        return len(self._rows)

    def take(self, places: Sequence[int] | NDArray[np.int64]) -> Batch:
        rows = self._rows[[int(place) for place in places]]
        labels = [self._number(label) for label in rows[self._label]]
        names = tuple(f"{self.split} row {self._numbers[int(place)]}" for place in places)
        data = [_whole(image, name) for image, name in zip(rows[self._image], names, strict=True)]
        return Batch(data, np.array(labels, np.int64), names)

    def part(self, places: Sequence[int] | NDArray[np.int64]) -> Source:
        made = copy.copy(self)
        made._rows = self._rows.select([int(place) for place in places])
        made._numbers = [self._numbers[int(place)] for place in places]
        return made

    def digest(self, places: Sequence[int] | NDArray[np.int64]) -> str:
        batch = self.take(places)
        made = hashlib.blake2b(repr((self.classes, self.kind, self.question)).encode(), digest_size=16)
        for image in batch.images:
            made.update(hashlib.blake2b(image).digest())
        made.update(batch.labels.tobytes())
        return made.hexdigest()

    def _number(self, label: Any) -> int:
        return int(label) if self._has_names else self.classes.index(str(label))


def _whole(image: dict[str, Any] | None, name: str) -> bytes:
    if image and image.get("bytes"):
        return bytes(image["bytes"])
    if image and image.get("path"):
        try:
            return Path(image["path"]).read_bytes()
        except OSError as fault:
            raise SourceError(
                f"the image of {name} cannot be read ({fault.strerror}): mend it, or leave it out"
            ) from fault
    raise SourceError(f"{name} has no image: fill it, or leave it out")
