"""What a refinement came to."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from calligram.art.refining_brief import Brief
from calligram.art.refining_budget import Spent
from calligram.art.refining_rounds import Round, Shot, best_of


@dataclass(frozen=True)
class Refined:
    """What a refinement came to.

    Args:
        brief: what an image should be.
        rounds: all of them.
        stopped: why there were no more, a clause.
        spent: images, requests, tokens and seconds.
        folder: where all of it stands.
        remarks: what a person should be told, a sentence each.
    """

    brief: Brief
    rounds: tuple[Round, ...]
    stopped: str
    spent: Spent
    folder: Path
    remarks: tuple[str, ...] = field(default=())

    @property
    def best(self) -> Shot | None:
        """The image with the most evidence for it; None where none came."""
        return best_of([shot for each in self.rounds for shot in each.shots])

    @property
    def reached(self) -> bool:
        """Whether the best image meets every wish that can be told."""
        return self.best is not None and self.best.reached

    @property
    def missing(self) -> tuple[str, ...]:
        """What the best image misses or nothing could tell of, a sentence each."""
        if self.best is None:
            return ("no image came",)
        return tuple(found.says for found in (*self.best.missed, *self.best.unread))

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        return {
            "brief": self.brief.to_json(),
            "reached": self.reached,
            "best": self.best.to_json() if self.best else None,
            "missing": list(self.missing),
            "stopped": self.stopped,
            "spent": self.spent.to_json(),
            "rounds": [each.to_json() for each in self.rounds],
            "remarks": list(self.remarks),
        }
