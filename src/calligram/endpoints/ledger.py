"""The ledger: what was spent, request by request, and what may still be."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from calligram.errors import BudgetError, EndpointError


@dataclass
class Bill:
    """What one request costs.

    Args:
        asked: characters of what is asked; each counts as a token where the endpoint tells no number.
        made: pieces that were heard of the answer.
        told: the tokens that the endpoint told, or None.
    """

    asked: int
    made: int = 0
    told: int | None = None

    @property
    def tokens(self) -> int:
        """Tokens told, or an estimate that is rather too high."""
        return self.asked + self.made if self.told is None else self.told


class Ledger:
    """Counts what was spent, and lets no request begin that the budget has no room for.

    Args:
        name: the model's, for messages.
        budget: tokens at most; 0 is no limit.
    """

    def __init__(self, name: str, budget: int) -> None:
        self.name, self.budget = name, budget
        self.tokens = self.requests = self.estimated = self.from_disk = 0
        self._held = 0
        self._changed = threading.Condition()

    @contextmanager
    def request(self, asked: int, most_made: int) -> Iterator[Bill]:
        """Give a request's bill, and count it when the block ends, well or not.

        Where others are on their way whose cost is not known yet, waits until this one fits beside them.

        Args:
            asked: characters of what is asked.
            most_made: tokens at most of the answer.

        Raises:
            BudgetError: nothing is left to spend.
        """
        bill, room = Bill(asked), asked + most_made
        self._hold(room)
        try:
            yield bill
        except EndpointError as fault:
            if not fault.worked and not bill.made:
                bill.told = 0
            raise
        finally:
            self._count(bill, room)

    def find_on_disk(self) -> None:
        """Count an answer that was paid for before."""
        with self._changed:
            self.from_disk += 1

    def told(self) -> dict[str, object]:
        """Return what was spent, ready for JSON."""
        return {
            "requests": self.requests,
            "tokens_used": self.tokens,
            "requests_estimated": self.estimated,
            "answers_from_disk": self.from_disk,
        }

    def _hold(self, room: int) -> None:
        with self._changed:
            while self.budget:
                self._check()
                if not self._held or self.tokens + self._held + room <= self.budget:
                    break
                self._changed.wait()
            self._held += room

    def _check(self) -> None:
        if self.tokens >= self.budget:
            raise BudgetError(
                f"{self.name} has used {self.tokens:,} tokens in {self.requests:,} requests, "
                f"and budget_tokens is {self.budget:,}: raise it; answers on disk are not asked for again"
            )

    def _count(self, bill: Bill, room: int) -> None:
        with self._changed:
            self.tokens, self.requests = self.tokens + bill.tokens, self.requests + 1
            self.estimated += bill.told is None
            self._held -= room
            self._changed.notify_all()
