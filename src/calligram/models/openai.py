"""Any model behind an OpenAI-compatible endpoint (extra ``endpoints``).

OpenAI itself, vLLM, llama.cpp, Ollama, LM Studio, or ``calligram serve``; reached by OpenAI's own client. The
key is read from ``OPENAI_API_KEY``, is never printed or kept, and may be missing for an endpoint that is not
OpenAI's. The address is ``?base_url=…``, ``--base-url`` or ``OPENAI_BASE_URL``.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp
from typing import Any, ClassVar, Literal

from calligram.errors import MissingExtraError, ModelError
from calligram.models._asking import AskedModel, OnText, Said, Wish
from calligram.models._endpoint import EndpointOptions, Ledger, Shelf, answers_folder, broke_off, hide_key
from calligram.models._prompts import ending_of
from calligram.models.base import Model
from calligram.settings import option

OFFICIAL = "https://api.openai.com/v1"

Server = Literal["openai", "vllm", "llamacpp", "ollama", "calligram", "other"]
OWNERS: Mapping[str, Server] = {
    "vllm": "vllm",
    "llamacpp": "llamacpp",
    "library": "ollama",
    "calligram": "calligram",
}
"""Servers by the owner that their lists of models name."""

MOST_SHARES = 20
"""So many of the likeliest tokens are asked for."""


SPELLING = "openai:NAME, with --base-url ADDRESS where it is not OpenAI"


@dataclass(frozen=True)
class Options(EndpointOptions):
    """How the endpoint is asked."""

    GROUP: ClassVar[str] = "openai"

    api: Literal["chat", "completions"] = option(
        "chat",
        "chat asks in a conversation; completions continues plain text, weighs answers by their "
        "log-probability, and suits a model taught by calligram train",
    )
    server: Literal["auto", Server] = option(
        "auto", "whose way of taking a grammar is used: openai, vllm, llamacpp, ollama, calligram or other"
    )
    logprobs: bool = option(True, "ask for log-probabilities, which give the confidence")


def load(place: str, options: Options) -> Model:
    """Return the model of that name behind the endpoint.

    Args:
        place: the model's name, as the endpoint spells it.
        options: address, limits and how it is asked.

    Raises:
        MissingExtraError: the package openai is not installed.
        ModelError: no name is given, or a key is needed and not set.
    """
    if not place:
        raise ModelError("the model openai names no model: write openai:NAME, as openai:gpt-5-mini")
    return OpenAI(place, options)


class OpenAI(AskedModel):
    """A model behind an endpoint, asked by OpenAI's client."""

    def __init__(self, place: str, options: Options) -> None:
        super().__init__(f"openai:{place}", options)
        self.place, self.settings = place, options
        self.base_url = options.base_url or os.environ.get("OPENAI_BASE_URL") or OFFICIAL
        self.ledger = Ledger(self.name, options.budget_tokens)
        self.shelf = Shelf(answers_folder(options.cache))
        self._key = os.environ.get("OPENAI_API_KEY")
        if not self._key and self.base_url.startswith(OFFICIAL):
            raise ModelError(
                f"{self.name} needs a key, and OPENAI_API_KEY is not set: set it in the environment, "
                "or give the address of another endpoint with --base-url"
            )
        self._tells_shares = options.logprobs

    @cached_property
    def _client(self) -> Any:
        try:
            import openai
        except ImportError as fault:
            raise MissingExtraError("openai", "endpoints", "a model behind an endpoint") from fault
        return openai.OpenAI(
            base_url=self.base_url,
            api_key=self._key or "none",
            timeout=self.settings.timeout_s,
            max_retries=self.settings.retries,
        )

    @cached_property
    def server(self) -> str:
        """Whose endpoint it is, as its list of models tells."""
        if self.settings.server != "auto":
            return str(self.settings.server)
        if self.base_url.startswith(OFFICIAL):
            return "openai"
        owners = {
            str(model.owned_by).lower() for model in self._reach(lambda: list(self._client.models.list()))
        }
        return next((OWNERS[owner] for owner in owners if owner in OWNERS), "other")

    @property
    def bare(self) -> bool:
        if self.options.style != "auto":
            return self.options.style == "bare"
        return self.settings.api == "completions" or self.server == "calligram"

    def say(self, wish: Wish, on_text: OnText | None = None) -> Said:
        asked = self._request(wish)
        kept = {"base_url": self.base_url, "api": self.settings.api, "seed": wish.sampling.seed, **asked}
        found = self.shelf.find(kept)
        if found is None:
            self.ledger.check()
            found = self._stream(asked, on_text) if on_text else self._ask(asked)
            self.shelf.keep(kept, found)
        elif on_text:
            on_text(found["text"])
        return Said(found["text"], found["shares"], found["whole"])

    def _request(self, wish: Wish) -> dict[str, Any]:
        """Return the body of a request."""
        sampling = wish.sampling
        asked: dict[str, Any] = {"model": self.place, "temperature": sampling.temperature}
        if sampling.top_p < 1:
            asked["top_p"] = sampling.top_p
        if sampling.seed is not None:
            asked["seed"] = sampling.seed
        if self.settings.api == "chat":
            asked["messages"] = [{"role": turn.role, "content": turn.text} for turn in wish.turns]
            asked["max_completion_tokens" if self.server == "openai" else "max_tokens"] = wish.most_tokens
        else:
            asked["prompt"] = "".join(turn.text for turn in wish.turns)
            asked["max_tokens"] = wish.most_tokens
        if wish.grammar is None:
            asked |= self._wanted_answer(wish)
        if extra := self._grammar(wish):
            asked["extra_body"] = extra
        return asked

    def _wanted_answer(self, wish: Wish) -> dict[str, Any]:
        """Return how an answer's form and its log-probabilities are asked for."""
        if self.settings.api == "completions":
            return {"stop": ["\n"]}
        if wish.as_json:
            schema = {"name": "answer", "schema": wish.schema, "strict": True}
            return {"response_format": {"type": "json_schema", "json_schema": schema}}
        return {"logprobs": True, "top_logprobs": MOST_SHARES} if self._tells_shares else {}

    def _grammar(self, wish: Wish) -> dict[str, Any]:
        """Return the drawing grammar as this server takes it, and what else only such servers know.

        Source: vLLM, docs/features/structured_outputs; llama.cpp, tools/server/README.md.
        """
        extra: dict[str, Any] = {}
        if wish.grammar and self.server == "vllm":
            extra["structured_outputs"] = {"regex": wish.grammar.regex()}
        elif wish.grammar and self.server == "llamacpp":
            extra["grammar"] = wish.grammar.gbnf()
        if self.server in ("vllm", "llamacpp", "ollama"):
            sampling = wish.sampling
            told = {"top_k": sampling.top_k, "min_p": sampling.min_p}
            extra |= {name: value for name, value in told.items() if value}
            if sampling.repetition_penalty != 1:
                extra["repetition_penalty"] = sampling.repetition_penalty
        return extra

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        api = self._client.chat.completions if self.settings.api == "chat" else self._client.completions
        answer = self._reach(lambda: api.create(**asked))
        self.ledger.add(answer.usage.total_tokens if answer.usage else 0)
        if not answer.choices:
            raise ModelError(f"{self.name} at {self.base_url} answered without any choice: ask again")
        choice = answer.choices[0]
        text = choice.message.content if self.settings.api == "chat" else choice.text
        whole = choice.finish_reason != "length"
        return {"text": text or "", "shares": _shares(choice), "whole": whole}

    def _stream(self, asked: dict[str, Any], on_text: OnText) -> dict[str, Any]:
        """Return an answer that is told as it comes, and is left off where nobody wants the rest."""
        chat = self.settings.api == "chat"
        api = self._client.chat.completions if chat else self._client.completions
        text, whole, spent, pieces = "", True, 0, 0
        usage = {"stream_options": {"include_usage": True}}
        with self._reach(lambda: api.create(**asked, **usage, stream=True)) as stream:
            for part in self._heard(stream):
                spent = part.usage.total_tokens if part.usage else spent
                for choice in part.choices[:1]:
                    text += (choice.delta.content if chat else choice.text) or ""
                    whole = choice.finish_reason != "length"
                    pieces += 1
                if part.choices and not on_text(text):
                    break
        self.ledger.add(spent or pieces)
        return {"text": text, "shares": None, "whole": whole}

    def _heard(self, stream: Any) -> Any:
        """Yield what comes; a connection that breaks is told in our words."""
        parts = iter(stream)
        while True:
            try:
                yield self._reach(lambda: next(parts))
            except StopIteration:
                return

    def weigh(self, prompt: str, answers: Sequence[str]) -> list[float] | None:
        """Return the log-probability of each answer behind a prompt, by a server that echoes prompts."""
        if self.settings.api != "completions" or not self._tells_shares:
            return None
        ended = [prompt + answer + ending_of(answers) for answer in answers]
        asked = {"model": self.place, "prompt": ended, "max_tokens": 1, "echo": True, "logprobs": 1}
        asked["temperature"] = 0
        kept = {"base_url": self.base_url, "api": "weigh", **asked}
        found = self.shelf.find(kept)
        if found is None:
            self.ledger.check()
            answer = self._reach(lambda: self._client.completions.create(**asked))
            self.ledger.add(answer.usage.total_tokens if answer.usage else 0)
            found = {
                "weights": [self._weight(choice, prompt, end) for choice, end in self._paired(answer, ended)]
            }
            self.shelf.keep(kept, found)
        weights: list[float] = found["weights"]
        return weights

    def _paired(self, answer: Any, ended: Sequence[str]) -> list[tuple[Any, str]]:
        choices = sorted(answer.choices, key=lambda choice: choice.index)
        if len(choices) != len(ended):
            raise ModelError(f"{self.name} answered {len(choices)} of {len(ended)} texts: set api=chat")
        return list(zip(choices, ended, strict=True))

    def _weight(self, choice: Any, prompt: str, ended: str) -> float:
        told = choice.logprobs
        if told is None or not told.token_logprobs or not (choice.text or "").startswith(prompt[:1]):
            raise ModelError(
                f"the endpoint {self.base_url} echoes no log-probabilities of prompts, which api=completions "
                f"needs to weigh answers: write {self.name}?api=chat, or ?logprobs=no"
            )
        places = zip(told.text_offset, told.token_logprobs, strict=True)
        return sum(share or 0.0 for at, share in places if len(prompt) <= at < len(ended))

    def _reach(self, call: Any) -> Any:
        """Return what a call gives; what goes wrong on the way is told in one sentence."""
        import openai

        try:
            return call()
        except openai.APITimeoutError as fault:
            raise ModelError(
                f"{self.name} at {self.base_url} gave no answer within {self.settings.timeout_s:g} s, "
                f"{self.settings.retries + 1} times: raise timeout_s, or try again later"
            ) from fault
        except openai.APIConnectionError as fault:
            raise ModelError(
                f"the endpoint {self.base_url} of {self.name} cannot be reached, or broke off "
                f"({fault.__cause__ or fault}): check the address, and that the server runs; "
                "the same command goes on from the answers it has"
            ) from fault
        except openai.APIStatusError as fault:
            raise ModelError(self._refusal(fault)) from fault
        except openai.APIError as fault:
            raise ModelError(
                f"{self.name} at {self.base_url}: {self._plain(fault.message)}: try again"
            ) from fault
        except Exception as fault:
            if not broke_off(fault):
                raise
            raise ModelError(
                f"the endpoint {self.base_url} of {self.name} broke off ({self._plain(str(fault))}): "
                "check that the server runs; the same command goes on from the answers it has"
            ) from fault

    def _refusal(self, fault: Any) -> str:
        body = fault.body if isinstance(fault.body, dict) else {}
        told = self._plain(str(body.get("message") or fault.message))
        head = f"{self.name} at {self.base_url} was refused with {fault.status_code} ({told})"
        steps = {
            401: "check the key in OPENAI_API_KEY",
            403: "check what the key in OPENAI_API_KEY is allowed",
            404: "check the model's name and the address",
            429: f"it was asked {self.settings.retries + 1} times: lower concurrency, or try again later",
        }
        usual = "try again later" if fault.status_code >= 500 else "change what is asked, or the options"
        return f"{head}: {steps.get(fault.status_code, usual)}"

    def _plain(self, text: str) -> str:
        return hide_key(" ".join(text.split())[:300], self._key)

    def describe(self) -> dict[str, object]:
        """Return name, address, server, and what was spent, ready for JSON."""
        return {
            "name": self.name,
            "base_url": self.base_url,
            "api": self.settings.api,
            "confidence": "from log-probabilities, where told" if self._tells_shares else "none is told",
            "requests": self.ledger.requests,
            "tokens_used": self.ledger.tokens,
        }


def _shares(choice: Any) -> dict[str, float] | None:
    """Return how probable each first token of an answer was, as far as that was told."""
    told = getattr(choice.logprobs, "content", None) if choice.logprobs else None
    if not told:
        return None
    shares: dict[str, float] = {}
    for top in told[0].top_logprobs or [told[0]]:
        shares[top.token] = shares.get(top.token, 0.0) + exp(top.logprob)
    return shares
