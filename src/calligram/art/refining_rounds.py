"""Rounds: what was asked of a painter, what came, and what each image has of a brief's wishes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from calligram.art.refining_wishes import Found, Wish
from calligram.painters.base import Order

RULES = "rules"
BRIEF = "brief"


@dataclass(frozen=True)
class Attempt:
    """What a painter is asked for in one round.

    Args:
        words: what to paint.
        avoid: what not to.
        width: of the images in pixels; None is the painter's own.
        height: likewise.
        by: who chose the words: ``brief``, ``rules``, or a model's name.
        why: one sentence on the choice.
    """

    words: str
    avoid: str = ""
    width: int | None = None
    height: int | None = None
    by: str = BRIEF
    why: str = "the brief's own words"

    @property
    def writer(self) -> str:
        """Who wrote the words, as a label tells it: empty for the user."""
        return {BRIEF: "", RULES: "Calligram"}.get(self.by, self.by)

    def order(self, seed: int | None) -> Order:
        """Return what the painter is asked for one image."""
        return Order(self.words, self.avoid, self.width, self.height, seed or 0)


@dataclass(frozen=True)
class Shot:
    """One image of a round, looked at.

    Args:
        round: the round's number, from 1.
        number: its number in the round, from 1.
        file: below the folder, as ``rounds/01/1.png``.
        found: what it has of each wish.
        seed: from which it follows, or None.
        width: in pixels.
        height: in pixels.
        model: that painted it, empty for none.
        version: of the model.
        settings: of the painter.
        remarks: of the painter.
    """

    round: int
    number: int
    file: str
    found: tuple[Found, ...]
    seed: int | None = None
    width: int = 0
    height: int = 0
    model: str = ""
    version: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def missed(self) -> tuple[Found, ...]:
        """The wishes that it misses."""
        return tuple(found for found in self.found if found.met is False)

    @property
    def unread(self) -> tuple[Found, ...]:
        """The wishes that nothing at hand can tell of."""
        return tuple(found for found in self.found if found.met is None)

    @property
    def reached(self) -> bool:
        """Whether it meets every wish that can be told, and there is one."""
        return not self.missed and len(self.unread) < len(self.found)

    @property
    def evidence(self) -> tuple[int, float]:
        """What images are compared by: how many wishes are met, then the least margin."""
        told = [found for found in self.found if found.met is not None]
        return sum(bool(found.met) for found in told), min((found.margin for found in told), default=0.0)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        told = {**asdict(self), "found": [found.to_json() for found in self.found]}
        return {**told, "settings": dict(self.settings), "remarks": list(self.remarks)}


@dataclass(frozen=True)
class Round:
    """One round.

    Args:
        number: from 1.
        attempt: what was asked for.
        shots: the images that came.
        refused: why others did not, by their number in the round.
    """

    number: int
    attempt: Attempt
    shots: tuple[Shot, ...] = ()
    refused: Mapping[int, str] = field(default_factory=dict)

    @property
    def best(self) -> Shot | None:
        """The image with the most evidence for it."""
        return best_of(self.shots)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "round": self.number,
            **asdict(self.attempt),
            "images": [shot.to_json() for shot in self.shots],
            "refused": list(self.refused.values()),
        }


def best_of(shots: Sequence[Shot]) -> Shot | None:
    """Return the image that meets most wishes, then by the larger least margin, then the earlier one."""
    # max gives the first of equals
    return max(shots, key=lambda shot: shot.evidence, default=None)


def shot_from_json(told: Mapping[str, Any]) -> Shot:
    """Return an image as a journal holds it."""
    found = tuple(
        Found(
            Wish(entry["kind"], entry["value"], entry["wanted"], entry["words"]),
            entry["met"],
            entry["margin"],
            entry["says"],
        )
        for entry in told["found"]
    )
    return Shot(**{**told, "found": found, "remarks": tuple(told["remarks"])})
