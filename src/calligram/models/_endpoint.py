"""What all models behind an endpoint share: how it is reached, what it may cost, and answers kept on disk."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from calligram.endpoints.address import Address
from calligram.endpoints.ledger import Bill, Ledger
from calligram.endpoints.shelf import shelf_of
from calligram.models._asking import AskOptions, OnText, Said, Wish
from calligram.models._conversing import ContinuingModel
from calligram.settings import option

IMAGE_TOKENS = 1600
"""What an image counts before the endpoint tells its cost: about as many as a megapixel takes."""


@dataclass(frozen=True)
class EndpointOptions(AskOptions):
    """How an endpoint is reached, and what it may cost."""

    GROUP: ClassVar[str] = "endpoint"

    base_url: str = option("", "address of the endpoint, as http://127.0.0.1:8000/v1; empty is the usual one")
    timeout_s: float = option(120, "seconds to wait for an answer", minimum=0.1, maximum=3600)
    retries: int = option(
        4, "tries again after a time-out, too many requests or a server's fault", minimum=0, maximum=20
    )
    budget_tokens: int = option(0, "tokens at most, read and written together; 0 is no limit", minimum=0)
    cache: bool = option(True, "keep answers on disk, so that the same question is paid for once")


class EndpointModel(ContinuingModel):
    """A model behind an endpoint, whose answers are paid for once.

    Args:
        address: where it is.
        options: limits and how it is asked.
    """

    def __init__(self, address: Address, options: EndpointOptions) -> None:
        super().__init__(address.name, options)
        self.address = address
        self.base_url = address.base_url
        self.ledger = Ledger(self.name, options.budget_tokens)
        self.shelf = shelf_of("answers", options.cache)

    def say(self, wish: Wish, on_text: OnText | None = None) -> Said:
        asked = self._request(wish)
        kept = self._kept_as(wish)
        found = self.shelf.find(kept)
        if found is not None:
            self.ledger.find_on_disk()
            if on_text:
                on_text(found["text"])
            return Said(**found)
        self.shelf.prepare(kept)
        length = sum(len(turn.text) + IMAGE_TOKENS * len(turn.images) for turn in wish.turns)
        with self.ledger.request(length, wish.most_tokens) as bill:
            said = self._ask(asked, on_text, bill)
        self.shelf.keep(kept, {name: value for name, value in vars(said).items() if value is not None})
        return said

    def _kept_as(self, wish: Wish) -> dict[str, Any]:
        """Return what an answer is kept by: all that is asked, images by what they hold."""
        plain = replace(wish, turns=tuple(replace(turn, images=()) for turn in wish.turns))
        kept = {**self._told_apart(), "seed": wish.sampling.seed, **self._request(plain)}
        if any(turn.images for turn in wish.turns):
            kept["images"] = [[_digest(image) for image in turn.images] for turn in wish.turns]
        return kept

    def _told_apart(self) -> dict[str, Any]:
        """Return what tells this endpoint's answers from another's."""
        raise NotImplementedError

    def _request(self, wish: Wish) -> dict[str, Any]:
        """Return the body of a request."""
        raise NotImplementedError

    def _ask(self, asked: dict[str, Any], on_text: OnText | None, bill: Bill) -> Said:
        """Return the endpoint's answer, and note what it cost."""
        raise NotImplementedError


def _digest(image: bytes) -> str:
    return hashlib.blake2b(image, digest_size=20).hexdigest()
