"""Whether a model abstains from what it was never taught: photographs, noise, blanks, other things."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from calligram.evaluation.convnet import Progress
from calligram.evaluation.examples import LabelledGrids, load_grids, read_photographs
from calligram.evaluation.reading import Question, read_all
from calligram.metrics.base import Answers, Figures, share, wilson_interval
from calligram.picture import Layout, encode_batch

if TYPE_CHECKING:
    from calligram.models.base import Model

Grids = npt.NDArray[np.uint8]
SIDE = 28
INK_SHARE = 0.2
"""About the share of a digit's picture that is ink."""


def collect_strange(
    examples: LabelledGrids, photos: str, other: str, most: int, seed: int
) -> dict[str, dict[str, Grids]]:
    """Return grids that show none of the classes, by group and kind.

    Args:
        examples: real pictures; their layout is used, and their shuffled cells are one kind of noise.
        photos: a folder of photographs, empty for none.
        other: the spelling of a source of other things, empty for none.
        most: the most grids of each kind.
        seed: of noise and choices.

    Raises:
        ImageError: the folder of photographs cannot be used.
        SourceError: the other source cannot be read.
    """
    layout = examples.layout
    groups = {"noise": make_noise(examples, most, seed), "blanks": {"blanks": make_blanks(layout, seed)}}
    if photos:
        squares, _ = read_photographs(Path(photos))
        chosen = np.sort(np.random.default_rng(seed).permutation(len(squares))[:most])
        groups["photographs"] = {"photographs": encode_batch(squares[chosen], layout)}
    if other:
        groups["other"] = {other: load_grids(other, examples.split, layout, most, seed).levels}
    return groups


def make_noise(examples: LabelledGrids, count: int, seed: int) -> dict[str, Grids]:
    """Return grids of noise of four kinds, at most ``count`` of each.

    ``uniform`` and ``gaussian`` grey values, ``speckle`` (white dots on black, as many as a digit has ink),
    and ``shuffled``: real pictures whose cells changed places, so that only the arrangement is strange.
    """
    rng = np.random.default_rng(seed)
    shape = (count, SIDE, SIDE)
    images = {
        "uniform": rng.integers(0, 256, shape),
        "gaussian": np.clip(rng.normal(128, 64, shape), 0, 255),
        "speckle": (rng.random(shape) < INK_SHARE) * 255,
    }
    noise = {name: encode_batch(image.astype(np.uint8), examples.layout) for name, image in images.items()}
    chosen = examples.levels[rng.permutation(len(examples))[:count]]
    flat = rng.permuted(chosen.reshape(len(chosen), -1), axis=1)
    return {**noise, "shuffled": flat.reshape(chosen.shape)}


def make_blanks(layout: Layout, seed: int) -> Grids:
    """Return distinct grids of blank paper: every even grey, and each with a faint grain."""
    greys = np.arange(256, dtype=np.float64)[:, None, None]
    grain = np.random.default_rng(seed).normal(0, 4, (256, SIDE, SIDE))
    even = np.broadcast_to(greys, grain.shape)
    images = np.concatenate([even, np.clip(even + grain, 0, 255)]).astype(np.uint8)
    distinct: Grids = np.unique(encode_batch(images, layout), axis=0)
    return distinct


def measure_abstention(
    model: "Model",
    layout: Layout,
    groups: Mapping[str, Mapping[str, Grids]],
    familiar: Answers,
    question: Question,
    progress: Progress | None = None,
) -> Figures:
    """Return the shares abstained from on strange pictures and on real ones.

    Args:
        model: what reads.
        layout: of all grids.
        groups: strange grids by group and kind.
        familiar: the model's answers on real test pictures.
        question: what is asked of all of them.
        progress: called with what is done, pictures read and pictures in all.

    Returns:
        ``groups``: of each group ``n``, ``abstained``, its 95 % Wilson ``interval``, and its ``kinds`` alike;
        ``strange``: the same over all strange pictures; ``lowest``: the lowest share of a group;
        ``familiar``: the same on real pictures; ``absent``: groups that were not given and so not measured.
    """
    found = {
        group: {name: _decline(model, grids, layout, question, progress) for name, grids in kinds.items()}
        for group, kinds in groups.items()
    }
    pooled = {group: _pool(list(kinds.values())) for group, kinds in found.items()}
    figures = {
        group: {**pooled[group], "kinds": {name: _pool([flags]) for name, flags in kinds.items()}}
        for group, kinds in found.items()
    }
    return {
        "groups": figures,
        "strange": _pool([flags for kinds in found.values() for flags in kinds.values()]),
        "lowest": min((entry["abstained"] for entry in pooled.values() if entry["n"]), default=None),
        "familiar": _pool([familiar.abstained]),
        "absent": [group for group in ("photographs", "other") if group not in groups],
    }


def _decline(
    model: "Model", grids: Grids, layout: Layout, question: Question, progress: Progress | None
) -> npt.NDArray[np.bool_]:
    readings = read_all(model, grids, layout, question, progress)
    return np.array([reading.abstained for reading in readings], np.bool_)


def _pool(flags: Sequence[npt.NDArray[np.bool_]]) -> Figures:
    declined, n = sum(int(part.sum()) for part in flags), sum(len(part) for part in flags)
    return {"n": n, "abstained": share(declined, n), "interval": wilson_interval(declined, n)}
