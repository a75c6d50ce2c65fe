"""How a model holds when images, or the text itself, are damaged before it reads them.

Every copy is made of the same pictures and with chance of its own, so that its figure follows from the
pictures and the seed alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from calligram.errors import (
    BudgetError,
    CalligramError,
    EndpointError,
    InputError,
    LayoutError,
    LimitError,
    ModelError,
    PictureError,
)
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
REFUSING_STATUS = frozenset({400, 413, 422})
"""HTTP's words for a request that will never be answered: bad, too large, not to be processed."""
REFUSED: Figures = {"accuracy": None, "interval": None, "points_below": None}


@dataclass(frozen=True)
class Copy:
    """One damaged copy of all pictures.

    Args:
        group: ``"lift"``, ``"mnist_c"``, ``"curves"``, ``"text"`` or ``"layouts"``.
        kind: of damage.
        amount: of damage, or None where there is but one.
        layout: how the copy is laid out.
        images: the pictures before damage, ``(N, 28, 28)``.
        apply: makes the grids of a copy of some pictures.
    """

    group: str
    kind: str
    amount: float | None
    layout: Layout
    images: GreyImages
    apply: Callable[[GreyImages], Levels]

    def make(self) -> Levels:
        """Return the grids of the copy."""
        return self.apply(self.images)

    def make_one(self) -> Levels:
        """Return one grid of the copy's shape and ramp, to try whether a model reads such."""
        return self.apply(self.images[:1])

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
        ModelError: the model does not read the pictures undamaged, or is gone; what was read is kept.
    """
    copies = list(plan_copies(images, examples.layout, seed))
    found: dict[str, Figures] = {}
    clean: float | None = None
    for done, copy in enumerate(copies):
        if reader.progress:
            reader.progress("reading damaged copies", done, len(copies))
        found[copy.step] = _measure(reader, copy, examples, clean)
        clean = found[copies[0].step]["accuracy"]
    return _assemble(copies, found, len(examples))


def plan_copies(images: GreyImages, layout: Layout, seed: int) -> Iterator[Copy]:
    """Yield every copy that is read, the undamaged one first; nothing is made yet."""

    def copy(group: str, kind: str, amount: float | None, damage: Callable[[GreyImages], GreyImages]) -> Copy:
        return Copy(group, kind, amount, layout, images, lambda some: encode_batch(damage(some), layout))

    yield copy("clean", "pictures", None, lambda some: some)
    for kind in LIFT_NOISES:
        for amount in LIFT_AMOUNTS[1:]:
            yield copy("lift", kind, amount, partial(_add_noise, kind, amount, seed))
    for kind in MNIST_C:
        yield copy("mnist_c", kind, None, partial(_corrupt, kind, seed))
    for kind, curve in CURVES.items():
        for amount in curve.amounts:
            yield copy("curves", kind, amount, partial(_bend, kind, amount, seed))
    yield from _plan_text(images, layout, seed)
    for kind, other in other_layouts(layout).items():
        yield Copy("layouts", kind, None, other, images, partial(_lay_out, other))


def _add_noise(kind: str, amount: float, seed: int, images: GreyImages) -> GreyImages:
    return add_lift_noise(images, kind, amount, chance_for(kind, seed))


def _corrupt(kind: str, seed: int, images: GreyImages) -> GreyImages:
    return corrupt(images, kind, seed)


def _bend(kind: str, amount: float, seed: int, images: GreyImages) -> GreyImages:
    return CURVES[kind].apply(images, kind, amount, seed)


def _lay_out(layout: Layout, images: GreyImages) -> Levels:
    return encode_batch(images, layout)


def _plan_text(images: GreyImages, layout: Layout, seed: int) -> Iterator[Copy]:
    rows = layout.grid(*images.shape[1:])[0]
    for kind, curve in TEXT_CURVES.items():
        for amount in curve.amounts_for(rows):
            yield Copy(
                "text", kind, amount, layout, images, partial(_damage_text, kind, amount, layout, seed)
            )


def _damage_text(kind: str, amount: float, layout: Layout, seed: int, images: GreyImages) -> Levels:
    return TEXT_CURVES[kind].apply(encode_batch(images, layout), kind, amount, layout.level_count, seed)


def _measure(reader: Reader, copy: Copy, examples: LabelledGrids, clean: float | None) -> Figures:
    """Return the figures of one copy; of one with other rows, ramp or size, perhaps why it is refused."""
    may_refuse, step = copy.group in REFUSABLE, f"{copy.step} refused"
    if may_refuse and (refused := reader.journal.once(step, _try_one, reader, copy, examples.layout)):
        return REFUSED | {"refused": refused}
    try:
        right = reader.find_right(copy.make, copy.layout, examples, copy.step)
    except (ModelError, InputError) as fault:
        # a longer picture than the one that was tried may be over the model's limit
        if may_refuse and is_refusal(fault):
            _read_one(reader, encode_batch(copy.images[:1], examples.layout), examples.layout)
            return REFUSED | {"refused": str(fault)}
        raise
    correct, n = int(right.sum()), len(right)
    accuracy = share(correct, n)
    below = None if accuracy is None else 100 * ((accuracy if clean is None else clean) - accuracy)
    interval = wilson_interval(correct, n)
    return {"accuracy": accuracy, "interval": interval, "points_below": below, "refused": None}


def _try_one(reader: Reader, copy: Copy, usual: Layout) -> str | None:
    """Return why the model refuses a copy, or None; a fault that may pass is raised, and nothing is kept.

    A model that reads not even an undamaged picture any more refuses nothing: its fault is raised.
    """
    try:
        _read_one(reader, copy.make_one(), copy.layout)
    except (ModelError, InputError) as fault:
        if not is_refusal(fault):
            raise
        _read_one(reader, encode_batch(copy.images[:1], usual), usual)
        return str(fault)
    return None


def _read_one(reader: Reader, grids: Levels, layout: Layout) -> None:
    asked = reader.question
    reader.model.read(grids, layout, asked.text, asked.candidates, familiarity=False)


def is_refusal(fault: CalligramError) -> bool:
    """Return whether a fault says that a model does not read such pictures, and not that it is gone.

    A layout or a limit at fault is a refusal, and so is what the model itself says, which tells an unknown
    layout by ModelError. An endpoint refuses by what it calls a bad request; its other faults may pass.
    """
    if isinstance(fault, EndpointError):
        return fault.status in REFUSING_STATUS
    if isinstance(fault, BudgetError):
        return False
    return isinstance(fault, LayoutError | PictureError | LimitError | ModelError)


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
