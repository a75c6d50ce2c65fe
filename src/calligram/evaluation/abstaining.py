"""Whether a model abstains from what it was never taught: photographs, noise, blanks, other things.

It is measured twice: on text pictures laid out as the real ones are, and on whole images that go the way a
person's own image goes, which is prepared before it is read.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from calligram.evaluation.batches import BadImages
from calligram.evaluation.convnet import Progress
from calligram.evaluation.examples import GreyImages, LabelledGrids, load_grids, load_images
from calligram.evaluation.journal import Journal
from calligram.evaluation.photographs import find_readable_photographs, read_photographs
from calligram.evaluation.reading import Reader
from calligram.metrics.base import Answers, Figures, share, wilson_interval
from calligram.picture import Layout, encode_batch

if TYPE_CHECKING:
    from calligram.models.base import Model, Reading

Grids = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Image = bytes | Path | GreyImages
Look = Callable[["Model", Image, Layout, str], "Reading"]
"""Reads one whole image, prepared as a person's own image is: model, image, layout and question in."""

SIDE = 28
WHOLE_SIDE = 112
"""Pixels along each side of noise and blanks that are given as whole images."""
INK_SHARE = 0.2
"""About the share of a digit's picture that is ink."""
LOOKED_AT_ONCE = 20


def collect_strange(
    examples: LabelledGrids, photos: str, other: str, most: int, seed: int, bad_images: BadImages = "stop"
) -> dict[str, dict[str, Grids]]:
    """Return grids that show none of the classes, by group and kind.

    Args:
        examples: real pictures; their layout is used, and their shuffled cells are one kind of noise.
        photos: a folder of photographs, empty for none.
        other: the spelling of a source of other things, empty for none.
        most: the most grids of each kind.
        seed: of noise and choices.
        bad_images: ``"stop"`` at images that cannot be read, or ``"skip"`` them.

    Raises:
        ImageError: the folder of photographs cannot be used, or images of the other source cannot be read.
        SourceError: the other source cannot be read.
    """
    layout = examples.layout
    groups = {"noise": make_noise(examples, most, seed), "blanks": {"blanks": make_blanks(layout, seed)}}
    if photos:
        squares, _ = read_photographs(Path(photos), bad_images=bad_images)
        chosen = np.sort(np.random.default_rng(seed).permutation(len(squares))[:most])
        groups["photographs"] = {"photographs": encode_batch(squares[chosen], layout)}
    if other:
        groups["other"] = {
            other: load_grids(other, examples.split, layout, most, seed, bad_images=bad_images).levels
        }
    return groups


def digest_groups(groups: Mapping[str, Mapping[str, Grids]]) -> str:
    """Return a checksum (hex) of the grids of all groups and kinds."""
    made = hashlib.blake2b(digest_size=16)
    for group, kinds in groups.items():
        for name, grids in kinds.items():
            made.update(f"{group}: {name} {grids.shape}\0".encode())
            made.update(np.ascontiguousarray(grids).tobytes())
    return made.hexdigest()


def make_noise(examples: LabelledGrids, count: int, seed: int) -> dict[str, Grids]:
    """Return grids of noise of four kinds, at most ``count`` of each.

    ``uniform`` and ``gaussian`` grey values, ``speckle`` (white dots on black, as many as a digit has ink),
    and ``shuffled``: real pictures whose cells changed places, so that only the arrangement is strange.
    """
    rng = np.random.default_rng(seed)
    images = _draw_noise(rng, count, SIDE)
    noise = {name: encode_batch(image, examples.layout) for name, image in images.items()}
    chosen = examples.levels[rng.permutation(len(examples))[:count]]
    flat = rng.permuted(chosen.reshape(len(chosen), -1), axis=1)
    return {**noise, "shuffled": flat.reshape(chosen.shape)}


def _draw_noise(rng: np.random.Generator, count: int, side: int) -> dict[str, GreyImages]:
    shape = (count, side, side)
    images = {
        "uniform": rng.integers(0, 256, shape),
        "gaussian": np.clip(rng.normal(128, 64, shape), 0, 255),
        "speckle": (rng.random(shape) < INK_SHARE) * 255,
    }
    return {name: image.astype(np.uint8) for name, image in images.items()}


def make_blanks(layout: Layout, seed: int) -> Grids:
    """Return distinct grids of blank paper: every even grey, and each with a faint grain."""
    distinct: Grids = np.unique(encode_batch(_draw_blanks(seed, SIDE), layout), axis=0)
    return distinct


def _draw_blanks(seed: int, side: int) -> GreyImages:
    greys = np.arange(256, dtype=np.float64)[:, None, None]
    grain = np.random.default_rng(seed).normal(0, 4, (256, side, side))
    even = np.broadcast_to(greys, grain.shape)
    return np.concatenate([even, np.clip(even + grain, 0, 255)]).astype(np.uint8)


def collect_whole(
    photos: str, other: str, split: str, most: int, seed: int, bad_images: BadImages = "stop"
) -> dict[str, dict[str, Sequence[Image]]]:
    """Return whole images that show none of the classes, by group and kind.

    Args:
        photos: a folder of photographs, empty for none; each is given whole, and its squares too.
        other: the spelling of a source of other things, empty for none.
        split: the split of that source.
        most: the most images of each kind.
        seed: of noise and choices.
        bad_images: ``"stop"`` at images that cannot be read, or ``"skip"`` them.

    Raises:
        ImageError: the folder of photographs cannot be used, or images of the other source cannot be read.
        SourceError: the other source cannot be read.
    """
    rng = np.random.default_rng(seed)
    groups: dict[str, dict[str, Sequence[Image]]] = {
        "noise": {name: list(images) for name, images in _draw_noise(rng, most, WHOLE_SIDE).items()},
        "blanks": {"blanks": _some(list(_draw_blanks(seed, WHOLE_SIDE)), most, seed)},
    }
    if photos:
        squares, _ = read_photographs(Path(photos), bad_images=bad_images)
        whole: Sequence[Image] = find_readable_photographs(Path(photos), bad_images)
        groups["photographs"] = {
            "whole": _some(whole, most, seed),
            "squares": _some(list(squares), most, seed),
        }
    if other:
        groups["other"] = {other: load_images(other, split, most, seed, bad_images)}
    return groups


def _some(images: Sequence[Image], most: int, seed: int) -> Sequence[Image]:
    chosen = np.sort(np.random.default_rng(seed).permutation(len(images))[:most])
    return [images[place] for place in chosen]


def measure_abstention(
    reader: Reader, layout: Layout, groups: Mapping[str, Mapping[str, Grids]], familiar: Answers
) -> Figures:
    """Return the shares abstained from on strange pictures and on real ones.

    Args:
        reader: the model, and what is asked of all of them.
        layout: of all grids.
        groups: strange grids by group and kind.
        familiar: the model's answers on real test pictures.

    Returns:
        ``groups``: of each group ``n``, ``abstained``, its 95 % Wilson ``interval``, and its ``kinds`` alike;
        ``strange``: the same over all strange pictures; ``lowest``: the lowest share of a group;
        ``familiar``: the same on real pictures; ``absent``: groups that were not given and so not measured.
    """
    found = {
        group: {name: _decline(reader, grids, layout, f"{group}: {name}") for name, grids in kinds.items()}
        for group, kinds in groups.items()
    }
    return _summarise(found, familiar.abstained)


def measure_seeing(
    look: Callable[[Image], "Reading"],
    groups: Mapping[str, Mapping[str, Sequence[Image]]],
    familiar: Sequence[Image],
    progress: Progress | None = None,
    journal: Journal | None = None,
) -> Figures:
    """Return the shares abstained from on whole strange images and on real ones, each read by itself.

    Args:
        look: reads one image.
        groups: strange images by group and kind.
        familiar: real test images.
        progress: called with what is done, images looked at and images in all.
        journal: keeps every twenty images that were looked at.

    Returns:
        As :func:`measure_abstention`.
    """
    total = len(familiar) + sum(len(images) for kinds in groups.values() for images in kinds.values())
    done, journal = 0, journal or Journal()

    def decline(images: Sequence[Image], step: str) -> Flags:
        nonlocal done
        flags: list[bool] = []
        for start in range(0, len(images), LOOKED_AT_ONCE):
            part = images[start : start + LOOKED_AT_ONCE]
            flags += journal.once(f"{step} {start}", lambda part: [look(one).abstained for one in part], part)
            done += len(part)
            if progress:
                progress("seeing whole images", done, total)
        return np.array(flags, np.bool_)

    found = {
        group: {name: decline(images, f"seen {group}: {name}") for name, images in kinds.items()}
        for group, kinds in groups.items()
    }
    return _summarise(found, decline(familiar, "seen real"))


def _summarise(found: Mapping[str, Mapping[str, Flags]], familiar: Flags) -> Figures:
    pooled = {group: _pool(list(kinds.values())) for group, kinds in found.items()}
    figures = {
        group: {**pooled[group], "kinds": {name: _pool([flags]) for name, flags in kinds.items()}}
        for group, kinds in found.items()
    }
    return {
        "groups": figures,
        "strange": _pool([flags for kinds in found.values() for flags in kinds.values()]),
        "lowest": min((entry["abstained"] for entry in pooled.values() if entry["n"]), default=None),
        "familiar": _pool([familiar]),
        "absent": [group for group in ("photographs", "other") if group not in found],
    }


def _decline(reader: Reader, grids: Grids, layout: Layout, step: str) -> Flags:
    return np.array([said.abstained for said in reader.read(grids, layout, step)], np.bool_)


def _pool(flags: Sequence[Flags]) -> Figures:
    declined, n = sum(int(part.sum()) for part in flags), sum(len(part) for part in flags)
    return {"n": n, "abstained": share(declined, n), "interval": wilson_interval(declined, n)}
