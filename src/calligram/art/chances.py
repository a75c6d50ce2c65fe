"""Chances that come out the same for all time: from a seed by SHA-256, not by a library's generator."""

import hashlib
from collections.abc import Sequence


class Chances:
    """A row of random numbers that follows from its key alone.

    Args:
        key: what it follows from, as a seed and a number; anything with a fixed spelling.
    """

    def __init__(self, *key: int | str) -> None:
        self._key = "/".join(map(str, key))
        self._drawn = 0

    def share(self) -> float:
        """Return the next number, from 0 (included) to 1 (not included), on a grid of 2**-53.

        >>> round(Chances(1, "ideas").share(), 6)
        0.292249
        """
        told = hashlib.sha256(f"{self._key}:{self._drawn}".encode()).digest()
        self._drawn += 1
        return (int.from_bytes(told[:8], "big") >> 11) / (1 << 53)

    def place(self, weights: Sequence[float]) -> int:
        """Return a place drawn by weights, of which one at least is above 0."""
        aim, reached = self.share() * sum(weights), 0.0
        for place, weight in enumerate(weights):
            reached += weight
            if aim < reached:
                return place
        # rounding pushed the aim to the very end
        return max(place for place, weight in enumerate(weights) if weight > 0)

    def places(self, weights: Sequence[float], count: int) -> list[int]:
        """Return up to ``count`` different places drawn by weights, in the order in which they were drawn."""
        left, found = list(weights), list[int]()
        while len(found) < count and any(left):
            found.append(self.place(left))
            left[found[-1]] = 0.0
        return found

    def whole(self, least: int, most: int) -> int:
        """Return a whole number from ``least`` to ``most``, both included."""
        return least + int(self.share() * (most - least + 1))
