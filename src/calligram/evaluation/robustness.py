"""How a model holds when images, or the text itself, are damaged before it reads them.

Every copy is made of the same pictures and with chance of its own, so that its figure follows from the
pictures and the seed alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from calligram.errors import LayoutError, ModelError
from calligram.evaluation.corruptions import (
    CURVES,
    LIFT_AMOUNTS,
    LIFT_NOISES,
    add_lift_noise,
    chance_for,
    corrupt,
)
from calligram.evaluation.examples import LabelledGrids
from calligram.evaluation.mnist_c import MNIST_C
from calligram.evaluation.reading import Reader
from calligram.evaluation.text_damage import TEXT_CURVES, other_layouts
from calligram.metrics.base import Figures, share, wilson_interval
from calligram.picture import Layout, encode_batch

GreyImages = npt.NDArray[np.uint8]
Levels = npt.NDArray[np.uint8]


REFUSABLE = ("text", "layouts")
"""Groups of copies that have other rows, ramps or sizes, which a model may refuse."""
REFUSED: Figures = {"accuracy": None, "interval": None, "points_below": None}


@dataclass(frozen=True)
class Copy:
    """One damaged copy of all pictures.

    Args:
        group: ``"lift"``, ``"mnist_c"``, ``"curves"``, ``"text"`` or ``"layouts"``.
        kind: of damage.
        amount: of damage, or None where there is but one.
        layout: how the copy is laid out.
        make: makes its grids.
    """

    group: str
    kind: str
    amount: float | None
    layout: Layout
    make: Callable[[], Levels]

    @property
    def step(self) -> str:
        """The copy's name."""
        return f"{self.group} {self.kind}" + ("" if self.amount is None else f" {self.amount:g}")


def measure_robustness(reader: Reader, images: GreyImages, examples: LabelledGrids, seed: int = 0) -> Figures:
    """Return how well damaged copies of pictures are read.

    Args:
        reader: the model, and what is asked of every picture.
        images: the pictures before encoding, ``(N, 28, 28)``.
        examples: their classes and their layout; their own grids are not used.
        seed: of all damage.

    Returns:
        ``n``; ``clean``: the pictures undamaged; ``lift``: for each noise its ``points`` by amount;
        ``mnist_c``: ``corruptions`` by name and their ``mean`` accuracy; ``curves`` and ``text``: for each
        kind its ``unit`` and ``points``; ``layouts``: other ramps and sizes. Of every copy ``accuracy``, its
        95 % Wilson ``interval``, ``points_below`` (percentage points below ``clean``) and ``refused``: why
        the model would not read a copy of other rows, ramp or size, else None; the rest is None then.

    Raises:
        ModelError: the model does not read the pictures undamaged.
    """
    copies = list(plan_copies(images, examples.layout, seed))
    found: dict[str, Figures] = {}
    clean: float | None = None
    for done, copy in enumerate(copies):
        if reader.progress:
            reader.progress("reading damaged copies", done, len(copies))
        refused = _refusal(reader, copy, copies[0]) if copy.group in REFUSABLE else None
        found[copy.step] = (
            REFUSED | {"refused": refused} if refused else _measure(reader, copy, examples, clean)
        )
        clean = found[copies[0].step]["accuracy"]
    return _assemble(copies, found, len(examples))


def plan_copies(images: GreyImages, layout: Layout, seed: int) -> Iterator[Copy]:
    """Yield every copy that is read, the undamaged one first; nothing is made yet."""

    def encoded(make: Callable[..., GreyImages], *args: Any) -> Callable[[], Levels]:
        return lambda: encode_batch(make(*args), layout)

    def noisy(kind: str, amount: float) -> GreyImages:
        return add_lift_noise(images, kind, amount, chance_for(kind, seed))

    yield Copy("clean", "pictures", None, layout, lambda: encode_batch(images, layout))
    for kind in LIFT_NOISES:
        for amount in LIFT_AMOUNTS[1:]:
            yield Copy("lift", kind, amount, layout, encoded(noisy, kind, amount))
    for kind in MNIST_C:
        yield Copy("mnist_c", kind, None, layout, encoded(corrupt, images, kind, seed))
    for kind, curve in CURVES.items():
        for amount in curve.amounts:
            yield Copy("curves", kind, amount, layout, encoded(curve.apply, images, kind, amount, seed))
    yield from _plan_text(images, layout, seed)
    for kind, other in other_layouts(layout).items():
        yield Copy("layouts", kind, None, other, lambda other=other: encode_batch(images, other))  # type: ignore[misc]


def _plan_text(images: GreyImages, layout: Layout, seed: int) -> Iterator[Copy]:
    def damaged(kind: str, amount: float) -> Callable[[], Levels]:
        return lambda: TEXT_CURVES[kind].apply(
            encode_batch(images, layout), kind, amount, layout.level_count, seed
        )

    rows = layout.grid(*images.shape[1:])[0]
    for kind, curve in TEXT_CURVES.items():
        for amount in curve.amounts_for(rows):
            yield Copy("text", kind, amount, layout, damaged(kind, amount))


def _measure(reader: Reader, copy: Copy, examples: LabelledGrids, clean: float | None) -> Figures:
    right = reader.find_right(copy.make, copy.layout, examples, copy.step)
    correct, n = int(right.sum()), len(right)
    accuracy = share(correct, n)
    below = None if accuracy is None else 100 * ((accuracy if clean is None else clean) - accuracy)
    interval = wilson_interval(correct, n)
    return {"accuracy": accuracy, "interval": interval, "points_below": below, "refused": None}


def _refusal(reader: Reader, copy: Copy, clean: Copy) -> str | None:
    """Return why the model refuses a copy, or None; a model that no longer reads at all is no refusal."""

    def read_one(copy: Copy) -> None:
        asked = reader.question
        reader.model.read(copy.make()[:1], copy.layout, asked.text, asked.candidates, familiarity=False)

    def try_it() -> str | None:
        try:
            read_one(copy)
        except (ModelError, LayoutError) as fault:
            read_one(clean)
            return str(fault)
        return None

    return reader.journal.once(f"{copy.step} refused", try_it)


def _assemble(copies: Sequence[Copy], found: dict[str, Figures], n: int) -> Figures:
    corruptions = {copy.kind: found[copy.step] for copy in copies if copy.group == "mnist_c"}
    shares, clean = [entry["accuracy"] for entry in corruptions.values()], found[copies[0].step]
    return {
        "n": n,
        "clean": clean,
        "lift": {
            kind: {"points": [{"amount": LIFT_AMOUNTS[0], **clean}, *_points(copies, found, "lift", kind)]}
            for kind in LIFT_NOISES
        },
        "mnist_c": {"corruptions": corruptions, "mean": float(np.mean(shares)) if n else None},
        "curves": {
            kind: {"unit": curve.unit, "points": _points(copies, found, "curves", kind)}
            for kind, curve in CURVES.items()
        },
        "text": {
            kind: {"unit": curve.unit, "points": _points(copies, found, "text", kind)}
            for kind, curve in TEXT_CURVES.items()
        },
        "layouts": {copy.kind: found[copy.step] for copy in copies if copy.group == "layouts"},
    }


def _points(copies: Sequence[Copy], found: dict[str, Figures], group: str, kind: str) -> list[Figures]:
    chosen = [copy for copy in copies if (copy.group, copy.kind) == (group, kind)]
    return [{"amount": copy.amount, **found[copy.step]} for copy in chosen]
