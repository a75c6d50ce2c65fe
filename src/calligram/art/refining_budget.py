"""The budget of refining: what was spent, what may still be, and which bound stopped it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from calligram.art.refining_options import RefineOptions
from calligram.errors import BudgetError
from calligram.models.base import Reply, SamplingOptions, Talking, Turn


@dataclass(frozen=True)
class Spent:
    """What was spent.

    Args:
        images: that were painted.
        requests: to models that follow instructions.
        tokens: of these, as they tell; else each character asked and answered counts as one.
        seconds: of all runs together.
    """

    images: int = 0
    requests: int = 0
    tokens: int = 0
    seconds: float = 0.0

    def to_json(self) -> dict[str, float]:
        """Return it as JSON can hold it."""
        return {**asdict(self), "seconds": round(self.seconds, 3)}


@dataclass
class Budget:
    """Counts what is spent from where an earlier run left off.

    Args:
        bounds: what may be spent.
        before: what earlier runs spent.
        clock: seconds that go on.
    """

    bounds: RefineOptions
    before: Spent = Spent()
    clock: Callable[[], float] = time.monotonic
    _since: float = field(init=False)
    _images: int = field(init=False, default=0)
    _requests: int = field(init=False, default=0)
    _tokens: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._since = self.clock()

    @property
    def spent(self) -> Spent:
        """What was spent until now."""
        return Spent(
            self.before.images + self._images,
            self.before.requests + self._requests,
            self.before.tokens + self._tokens,
            self.before.seconds + self.clock() - self._since,
        )

    def count_image(self) -> None:
        """Count an image."""
        self._images += 1

    def count_request(self, tokens: int) -> None:
        """Count a request and its tokens."""
        self._requests += 1
        self._tokens += tokens

    def reached(self, asks: bool = False) -> str:
        """Return which bound lets no new image begin, a clause; empty where none does.

        Args:
            asks: whether a model is asked about each image, so that the bounds on that count too.
        """
        bounds, spent = self.bounds, self.spent
        if spent.images >= bounds.most_images:
            return f"most_images is {bounds.most_images}, and so many were painted"
        if bounds.most_seconds and spent.seconds >= bounds.most_seconds:
            return f"most_seconds is {bounds.most_seconds}, and {spent.seconds:.0f} are over"
        return self.asked_out() if asks else ""

    def asked_out(self) -> str:
        """Return which bound lets no new request begin, a clause; empty where none does."""
        bounds, spent = self.bounds, self.spent
        if spent.requests >= bounds.most_requests:
            return f"most_requests is {bounds.most_requests}, and so many were made"
        if spent.tokens >= bounds.most_tokens:
            return f"most_tokens is {bounds.most_tokens}, and {spent.tokens} were used"
        return ""


class Counted(Talking):
    """A model that follows instructions, each of whose requests is counted, and none begun out of bounds.

    Args:
        model: it.
        budget: where its requests are counted.
    """

    def __init__(self, model: Talking, budget: Budget) -> None:
        self.model, self.budget = model, budget
        self.name = str(getattr(model, "name", type(model).__name__))

    @property
    def takes_images(self) -> bool:
        return self.model.takes_images

    def reply(
        self,
        turns: Sequence[Turn],
        options: SamplingOptions,
        most_tokens: int,
        schema: Mapping[str, object] | None = None,
    ) -> Reply:
        """Return the model's next turn, and count it, also where none comes.

        Raises:
            BudgetError: no request may begin any more.
            ModelError: no answer comes.
        """
        if told := self.budget.asked_out():
            raise BudgetError(told)
        before, text = self._told(), ""
        try:
            reply = self.model.reply(turns, options, most_tokens, schema)
            text = reply.text
            return reply
        finally:
            after = self._told()
            characters = sum(len(turn.text) for turn in turns) + len(text)
            self.budget.count_request(characters if after is None else after - (before or 0))

    def _told(self) -> int | None:
        """Return how many tokens the model says that it has used, or None."""
        describe = getattr(self.model, "describe", None)
        used = describe().get("tokens_used") if describe else None
        return used if isinstance(used, int) else None
