"""Any model of Anthropic's interface (extra ``endpoints``).

It tells no log-probabilities and takes no grammar: answers are parsed strictly and asked for again. Nor does
it take sampling options since its version 2026-10-21: the service chooses, and a seed only tells answers on
disk apart. The key is read from ``ANTHROPIC_API_KEY``, and is never printed or kept.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from calligram.endpoints.address import Address, check_address, need_key, read_key
from calligram.endpoints.ledger import Bill
from calligram.errors import EndpointError, MissingExtraError, ModelError, OptionError
from calligram.models._asking import OnText, Said, Wish
from calligram.models._conversing import ConversingModel
from calligram.models._endpoint import EndpointModel, EndpointOptions
from calligram.models._schemas import portable
from calligram.models._shown_images import anthropic_content
from calligram.models.base import Model, SamplingOptions

OFFICIAL = "https://api.anthropic.com"
KEY = "ANTHROPIC_API_KEY"

LEFT_OVER = 8
"""So many pieces are taken in behind what is wanted, for what it cost is told at the end."""


SPELLING = "anthropic:NAME"


@dataclass(frozen=True)
class Options(EndpointOptions):
    """How the endpoint is asked."""

    GROUP: ClassVar[str] = "anthropic"


def load(place: str, options: Options) -> Model:
    """Return the model of that name.

    Args:
        place: the model's name, as Anthropic spells it.
        options: address, limits and how it is asked.

    Raises:
        MissingExtraError: the package anthropic is not installed.
        ModelError: no name is given, or a key is needed and not set.
        OptionError: the address is none.
    """
    if not place:
        raise ModelError("the model anthropic names no model: write anthropic:NAME")
    return Anthropic(place, options)


class Anthropic(ConversingModel, EndpointModel):
    """A model of Anthropic's interface, asked by Anthropic's client."""

    takes_seed = False

    def __init__(self, place: str, options: Options) -> None:
        base_url = check_address(options.base_url or os.environ.get("ANTHROPIC_BASE_URL") or OFFICIAL)
        patience = options.timeout_s, options.retries
        super().__init__(
            Address(f"anthropic:{place}", base_url, read_key(KEY), KEY, "anthropic", *patience), options
        )
        need_key(self.address, OFFICIAL)
        self.place, self.settings = place, options

    @cached_property
    def _client(self) -> Any:
        try:
            import anthropic
        except ImportError as fault:
            raise MissingExtraError("anthropic", "endpoints", "a model of Anthropic") from fault
        return anthropic.Anthropic(
            base_url=self.base_url,
            api_key=self.address.key or "none",
            timeout=self.settings.timeout_s,
            max_retries=self.settings.retries,
        )

    def _told_apart(self) -> dict[str, Any]:
        return {"base_url": self.base_url, "api": "messages"}

    def _request(self, wish: Wish) -> dict[str, Any]:
        _check_sampling(wish.sampling)
        asked: dict[str, Any] = {
            "model": self.place,
            "max_tokens": wish.most_tokens,
            "messages": [{"role": turn.role, "content": anthropic_content(turn)} for turn in wish.turns],
        }
        if wish.as_json:
            asked["output_config"] = {"format": {"type": "json_schema", "schema": portable(wish.schema)}}
        return asked

    def _ask(self, asked: dict[str, Any], on_text: OnText | None, bill: Bill) -> Said:
        """Return an answer that is told as it comes, and is left off where nobody wants the rest."""
        text, reach = "", self.address.reach
        manager = self._client.messages.stream(**asked)
        stream = reach(manager.__enter__)
        try:
            pieces = iter(stream.text_stream)
            while (piece := reach(lambda: next(pieces, None))) is not None:
                text, bill.made = text + piece, bill.made + 1
                if on_text and not on_text(text):
                    self._settle_early(pieces, stream, bill)
                    return Said(text)
            reason = self._settle(stream, bill)
        finally:
            manager.__exit__(None, None, None)
        return Said(text, whole=reason != "max_tokens")

    def _settle_early(self, pieces: Iterator[str], stream: Any, bill: Bill) -> None:
        """Note what an answer cost whose rest is not wanted; its end is waited for where that is near."""
        try:
            for _ in range(LEFT_OVER):
                if self.address.reach(lambda: next(pieces, None)) is None:
                    self._settle(stream, bill)
                    return
        except EndpointError:
            return  # the answer itself is here already

    def _settle(self, stream: Any, bill: Bill) -> str:
        """Return why an answer ended, and note what it cost."""
        if "event-stream" not in stream.response.headers.get("content-type", ""):
            raise self.address.strange(stream.response.headers.get("content-type", "nothing"))
        try:
            told = stream.current_message_snapshot
        except AssertionError as fault:  # not even a beginning came
            raise self.address.lost("the answer stopped before its end", "stopped") from fault
        if not told.stop_reason:
            raise self.address.lost("the answer stopped before its end", "stopped")
        bill.told = told.usage.input_tokens + told.usage.output_tokens
        return str(told.stop_reason)

    def describe(self) -> dict[str, object]:
        """Return name, address and what was spent, ready for JSON."""
        return {
            "name": self.name,
            "base_url": self.base_url,
            "confidence": "none is told: every answer counts as sure",
            "sampling": "the service's own: temperature and its like are not taken",
            **self.ledger.told(),
        }


def _check_sampling(sampling: SamplingOptions) -> None:
    """Raise OptionError where sampling is wished that the service does not take; temperature is let pass."""
    usual = SamplingOptions()
    for name in ("top_p", "top_k", "min_p", "repetition_penalty"):
        if (value := getattr(sampling, name)) != getattr(usual, name):
            raise OptionError(
                f"{name} is {value}, but Anthropic's service takes no sampling options: leave it out"
            )
