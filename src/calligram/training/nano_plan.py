"""Which layout each training step has, and how many images; options are checked before torch loads."""

import itertools
from collections.abc import Iterator, Sequence

from calligram import settings
from calligram.errors import OptionError
from calligram.picture import Layout, get_layout
from calligram.training.nano_options import NanoOptions

HEAD_WIDTH = 32


class Plan:
    """The plan of a training.

    Args:
        options: how it is trained.
        kinds: what the sources show, in their order.

    Raises:
        OptionError: an option is out of range, or names a kind or layout that is not there.
        LayoutError: a layout is unknown.
    """

    def __init__(self, options: NanoOptions, kinds: Sequence[str]) -> None:
        settings.check(options)
        if options.width % HEAD_WIDTH:
            raise OptionError(f"width is {options.width}, but must be a multiple of {HEAD_WIDTH}")
        self.options, self.kinds = options, kinds
        self.shares = read_shares("layouts", options.layouts)
        self.layouts = [get_layout(name) for name in self.shares]
        self._late = read_shares("late", options.late) if options.late else {}
        self._weights = read_shares("weights", options.weights) if options.weights else {}
        self.worn = read_shares("wear", options.wear) if options.wear else {}
        self._check()

    def _check(self) -> None:
        if not self.layouts or not set(self._late) < set(self.shares):
            raise OptionError(
                f"late is {self.options.late!r} and layouts {self.options.layouts!r}, "
                "but late must name some of the layouts, not all"
            )
        for name in self._weights:
            kind, _, layout = name.partition("@")
            if kind not in self.kinds or (layout and layout not in self.shares):
                raise OptionError(
                    f"weights names {name!r}, but the sources show {', '.join(self.kinds)} "
                    f"in the layouts {', '.join(self.shares)}"
                )
        if self.options.start:
            read_starts(self.options.start)
        elif not self.options.steps:
            raise OptionError("steps is 0, but only weights that start names need no step: give --start too")
        if not set(self.worn) <= set(self.kinds) or max(self.worn.values(), default=0) > 1:
            raise OptionError(
                f"wear is {self.options.wear!r}, but must name shares from 0 to 1 of {', '.join(self.kinds)}"
            )
        for at in self.layouts:
            if not any(self.images(at)):
                raise OptionError(
                    f"weights {self.options.weights!r} and batch_tokens {self.options.batch_tokens} "
                    f"leave no image in a step of layout {at.name}: raise them"
                )

    def images(self, layout: Layout) -> list[int]:
        """Return how many images of each kind stand in one step of a layout."""
        rows, columns = layout.grid()
        images = self.options.batch_tokens // (rows * (columns // 4 + 1) + 4)
        without = 0.0 if self._weights else 1.0
        # a weight may be for one layout only, as letter@full:0
        weights = [
            self._weights.get(f"{kind}@{layout.name}", self._weights.get(kind, without))
            for kind in self.kinds
        ]
        whole = sum(weights)
        return [round(images * weight / whole) if whole else 0 for weight in weights]

    def taught(self) -> dict[str, list[str]]:
        """Return the names of the layouts, and the kinds that are taught in each."""
        return {
            at.name: [kind for kind, count in zip(self.kinds, self.images(at), strict=True) if count]
            for at in self.layouts
        }

    def layouts_from(self, step: int) -> Iterator[Layout]:
        """Yield the layout of each step from ``step`` on: always the one furthest behind its share."""
        behind = dict.fromkeys(self.shares, 0.0)
        by_name = {layout.name: layout for layout in self.layouts}
        for number in itertools.count():
            if number >= self.options.steps:
                return
            early = number < self.options.late_from * self.options.steps
            taught = [name for name in self.shares if not (early and name in self._late)]
            for name in taught:
                behind[name] += self.shares[name]
            chosen = max(taught, key=behind.__getitem__)
            behind[chosen] -= sum(self.shares[name] for name in taught)
            if number >= step:
                yield by_name[chosen]


def read_shares(option: str, text: str) -> dict[str, float]:
    """Return the shares that ``a:0.4,b:0.6`` names; a name without a number counts 1.

    Raises:
        OptionError: a share is no number, or none is named.

    >>> read_shares("layouts", "classic:0.4,fine")
    {'classic': 0.4, 'fine': 1.0}
    """
    parts = [part.partition(":") for part in text.split(",") if part.strip()]
    try:
        shares = {name.strip(): float(number or 1) for name, _, number in parts}
    except ValueError as fault:
        raise OptionError(f"{option} is {text!r}, but must be as classic:0.4,fine:0.6") from fault
    if not shares or not all(0 <= share < float("inf") for share in shares.values()):
        raise OptionError(
            f"{option} is {text!r}, but must name at least one share of 0 or more, as classic:0.4"
        )
    return shares


def read_starts(start: str) -> dict[str, float]:
    """Return the folders that training starts from, and the part each has in the mean of their weights.

    Raises:
        OptionError: a part is no number above 0.

    >>> read_starts("builtin")
    {'builtin': 1.0}
    >>> read_starts("runs/plain:2,runs/worn:3")
    {'runs/plain': 0.4, 'runs/worn': 0.6}
    """
    if "," not in start:
        return {start: 1.0}
    shares = {}
    for part in start.split(","):
        place, _, number = part.strip().rpartition(":")
        try:
            shares[place] = float(number)
        except ValueError:
            shares[place] = 0.0
        if not place or not 0 < shares[place] < float("inf"):
            raise OptionError(
                f"start is {start!r}, but several folders must each have a part above 0, "
                "as runs/plain:2,runs/worn:3"
            )
    whole = sum(shares.values())
    return {place: share / whole for place, share in shares.items()}
