"""Any model of Anthropic's interface (extra ``endpoints``).

It tells no log-probabilities and takes no grammar: answers are parsed strictly and asked for again. Nor does
it take sampling options since its version 2026-10-21: the service chooses, and a seed only tells answers on
disk apart. The key is read from ``ANTHROPIC_API_KEY``, and is never printed or kept.
"""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from calligram.errors import MissingExtraError, ModelError
from calligram.models._asking import AskedModel, OnText, Said, Wish
from calligram.models._endpoint import EndpointOptions, Ledger, Shelf, answers_folder, broke_off, hide_key
from calligram.models.base import Model

OFFICIAL = "https://api.anthropic.com"


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
    """
    if not place:
        raise ModelError("the model anthropic names no model: write anthropic:NAME")
    return Anthropic(place, options)


class Anthropic(AskedModel):
    """A model of Anthropic's interface, asked by Anthropic's client."""

    def __init__(self, place: str, options: Options) -> None:
        super().__init__(f"anthropic:{place}", options)
        self.place, self.settings = place, options
        self.base_url = options.base_url or os.environ.get("ANTHROPIC_BASE_URL") or OFFICIAL
        self.ledger = Ledger(self.name, options.budget_tokens)
        self.shelf = Shelf(answers_folder(options.cache))
        self._key = os.environ.get("ANTHROPIC_API_KEY")
        if not self._key and self.base_url.startswith(OFFICIAL):
            raise ModelError(
                f"{self.name} needs a key, and ANTHROPIC_API_KEY is not set: set it in the environment, "
                "or give the address of another endpoint with --base-url"
            )

    @cached_property
    def _client(self) -> Any:
        try:
            import anthropic
        except ImportError as fault:
            raise MissingExtraError("anthropic", "endpoints", "a model of Anthropic") from fault
        return anthropic.Anthropic(
            base_url=self.base_url,
            api_key=self._key or "none",
            timeout=self.settings.timeout_s,
            max_retries=self.settings.retries,
        )

    def say(self, wish: Wish, on_text: OnText | None = None) -> Said:
        asked = self._request(wish)
        kept = {"base_url": self.base_url, "api": "messages", "seed": wish.sampling.seed, **asked}
        found = self.shelf.find(kept)
        if found is None:
            self.ledger.check()
            found = self._reach(lambda: self._stream(asked, on_text or (lambda text: True)))
            self.shelf.keep(kept, found)
        elif on_text:
            on_text(found["text"])
        return Said(found["text"], None, found["whole"])

    def _request(self, wish: Wish) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "model": self.place,
            "max_tokens": wish.most_tokens,
            "messages": [{"role": turn.role, "content": turn.text} for turn in wish.turns],
        }
        if wish.as_json:
            asked["output_config"] = {"format": {"type": "json_schema", "schema": wish.schema}}
        return asked

    def _stream(self, asked: dict[str, Any], on_text: OnText) -> dict[str, Any]:
        """Return an answer that is told as it comes, and is left off where nobody wants the rest."""
        text = ""
        with self._client.messages.stream(**asked) as stream:
            for piece in stream.text_stream:
                text += piece
                if not on_text(text):
                    break
            told = stream.current_message_snapshot
        self.ledger.add(told.usage.input_tokens + told.usage.output_tokens)
        return {"text": text, "whole": told.stop_reason != "max_tokens"}

    def _reach(self, call: Any) -> Any:
        """Return what a call gives; what goes wrong on the way is told in one sentence."""
        import anthropic

        try:
            return call()
        except anthropic.APITimeoutError as fault:
            raise ModelError(
                f"{self.name} at {self.base_url} gave no answer within {self.settings.timeout_s:g} s, "
                f"{self.settings.retries + 1} times: raise timeout_s, or try again later"
            ) from fault
        except anthropic.APIStatusError as fault:
            steps = {
                401: "check the key in ANTHROPIC_API_KEY",
                404: "check the model's name and the address",
                429: f"it was asked {self.settings.retries + 1} times: lower concurrency, or try again later",
            }
            usual = "try again later" if fault.status_code >= 500 else "change what is asked, or the options"
            raise ModelError(
                f"{self.name} at {self.base_url} was refused with {fault.status_code} "
                f"({self._plain(fault.message)}): {steps.get(fault.status_code, usual)}"
            ) from fault
        except Exception as fault:
            if not broke_off(fault) and not isinstance(fault, anthropic.APIConnectionError):
                raise
            raise ModelError(
                f"the endpoint {self.base_url} of {self.name} cannot be reached, or broke off "
                f"({self._plain(str(fault.__cause__ or fault))}): check the address and the network; "
                "the same command goes on from the answers it has"
            ) from fault

    def _plain(self, text: str) -> str:
        return hide_key(" ".join(text.split())[:300], self._key)

    def describe(self) -> dict[str, object]:
        """Return name, address and what was spent, ready for JSON."""
        return {
            "name": self.name,
            "base_url": self.base_url,
            "confidence": "none is told: every answer counts as sure",
            "sampling": "the service's own: temperature and its like are not taken",
            "requests": self.ledger.requests,
            "tokens_used": self.ledger.tokens,
        }
