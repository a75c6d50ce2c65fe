"""Any model behind an OpenAI-compatible endpoint (extra ``endpoints``).

OpenAI itself, vLLM, llama.cpp, Ollama, LM Studio, or ``calligram serve``; reached by OpenAI's own client. The
key is read from ``OPENAI_API_KEY``, is never printed or kept, and may be missing for an endpoint that is not
OpenAI's. The address is ``?base_url=…``, ``--base-url`` or ``OPENAI_BASE_URL``.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

from calligram.endpoints.address import Address, check_address, need_key, read_key
from calligram.endpoints.ledger import Bill
from calligram.endpoints.shelf import shelf_of
from calligram.errors import EndpointError, MissingExtraError, ModelError, OptionError
from calligram.models._asking import OnText, Said, Wish
from calligram.models._conversing import ConversingModel
from calligram.models._echoes import tokens_of_ending
from calligram.models._endpoint import EndpointModel, EndpointOptions
from calligram.models._openai_answers import Hearing, said_of
from calligram.models._openai_hosts import Host, Server, find_host, unlisted
from calligram.models._prompts import bare_drawing, ending_of, taught_drawing
from calligram.models._schemas import is_strict, portable
from calligram.models._shown_images import openai_content
from calligram.models.base import Model, Request, SamplingOptions
from calligram.picture import Layout
from calligram.settings import option

OFFICIAL = "https://api.openai.com/v1"
KEY = "OPENAI_API_KEY"

MOST_SHARES = 20
"""So many of the likeliest tokens are asked for."""

SAMPLING: Mapping[str, Mapping[str, str]] = {
    "vllm": {"top_k": "top_k", "min_p": "min_p", "repetition_penalty": "repetition_penalty"},
    "calligram": {"top_k": "top_k", "min_p": "min_p", "repetition_penalty": "repetition_penalty"},
    "llamacpp": {"top_k": "top_k", "min_p": "min_p", "repetition_penalty": "repeat_penalty"},
}
"""Sampling options that OpenAI's protocol does not have, by the servers that take them, as they spell them.

Source: vLLM, OpenAI-Compatible Server, extra parameters; llama.cpp, tools/server/README.md.
"""

MAY_BE_LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "temperature": ("temperature",),
    "logprobs": ("logprobs", "top_logprobs"),
    "response_format": ("response_format",),
}
"""What some models take none of, and the fields that go with it."""


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
    temperature: Literal["sent", "none"] = option(
        "sent", "none sends no temperature, for a model that takes none"
    )


def load(place: str, options: Options) -> Model:
    """Return the model of that name behind the endpoint.

    Args:
        place: the model's name, as the endpoint spells it.
        options: address, limits and how it is asked.

    Raises:
        MissingExtraError: the package openai is not installed.
        ModelError: no name is given, or a key is needed and not set.
        OptionError: the address is none, or two options do not go together.
    """
    if not place:
        raise ModelError("the model openai names no model: write openai:NAME, as openai:gpt-5-mini")
    if options.as_json and options.api == "completions":
        raise OptionError("as_json is yes, but api=completions takes no schema: leave one of them out")
    return (OpenAI if options.api == "completions" else OpenAIChat)(place, options)


class OpenAI(EndpointModel):
    """A model behind an endpoint, asked by OpenAI's client."""

    def __init__(self, place: str, options: Options) -> None:
        base_url = check_address(options.base_url or os.environ.get("OPENAI_BASE_URL") or OFFICIAL)
        patience = options.timeout_s, options.retries
        super().__init__(
            Address(f"openai:{place}", base_url, read_key(KEY), KEY, "openai", *patience), options
        )
        need_key(self.address, OFFICIAL)
        self.place, self.settings = place, options
        self._left_out: set[str] = set()
        self._lock = threading.Lock()
        self._known_host: Host | None = None

    @cached_property
    def _client(self) -> Any:
        try:
            import openai
        except ImportError as fault:
            raise MissingExtraError("openai", "endpoints", "a model behind an endpoint") from fault
        return openai.OpenAI(
            base_url=self.base_url,
            api_key=self.address.key or "none",
            timeout=self.settings.timeout_s,
            max_retries=self.settings.retries,
        )

    @property
    def host(self) -> Host:
        """What the endpoint tells of itself; where it is down, what it told last."""
        with self._lock:
            if self._known_host is None:
                self._known_host = self._ask_for_host()
            return self._known_host

    def _ask_for_host(self) -> Host:
        if self.base_url.startswith(OFFICIAL):
            return Host("openai")
        asked, shelf = (
            {"base_url": self.base_url, "model": self.place},
            shelf_of("endpoints", self.settings.cache),
        )
        try:
            host = find_host(self._client, self.place, self.address)
        except EndpointError as fault:
            if unlisted(fault):
                return Host("other")
            kept = shelf.find(asked)
            if kept is None and self.settings.server == "auto":
                raise
            return Host(**kept) if kept else Host("other")
        shelf.keep(asked, vars(host))
        return host

    @property
    def server(self) -> str:
        """Whose endpoint it is, as its list of models tells unless the options do."""
        return self.host.server if self.settings.server == "auto" else str(self.settings.server)

    @property
    def bare(self) -> bool:
        if self.options.style != "auto":
            return self.options.style == "bare"
        return self.continues or self.server == "calligram"

    @property
    def continues(self) -> bool:
        return self.settings.api == "completions"

    @property
    def spans_rows(self) -> bool:
        return self.continues and self.host.builtin

    def drawing_words(self, request: Request, layout: Layout) -> str:
        return (taught_drawing if self.spans_rows else bare_drawing)(request, layout)

    def remarks(self) -> list[str]:
        """Return what was left out because the endpoint does not take it."""
        return [f"{self.name} takes no {name}, which was left out" for name in sorted(self._left_out)]

    def _told_apart(self) -> dict[str, Any]:
        told: dict[str, Any] = {"base_url": self.base_url, "api": self.settings.api}
        return told if self.host.version is None else {**told, "version": self.host.version}

    def _request(self, wish: Wish) -> dict[str, Any]:
        """Return the body of a request."""
        sampling = wish.sampling
        asked: dict[str, Any] = {"model": self.place}
        if self.settings.temperature == "sent":
            asked["temperature"] = sampling.temperature
        if sampling.top_p < 1:
            asked["top_p"] = sampling.top_p
        if sampling.seed is not None:
            asked["seed"] = sampling.seed
        if self.continues:
            asked["prompt"] = "".join(turn.text for turn in wish.turns)
            asked["max_tokens"] = wish.most_tokens
        else:
            asked["messages"] = [{"role": turn.role, "content": openai_content(turn)} for turn in wish.turns]
            asked["max_completion_tokens" if self.server == "openai" else "max_tokens"] = wish.most_tokens
        if wish.grammar is None:
            asked |= self._wanted_answer(wish)
        if extra := {**self._grammar(wish), **self._more_sampling(sampling)}:
            asked["extra_body"] = extra
        return asked

    def _wanted_answer(self, wish: Wish) -> dict[str, Any]:
        """Return how an answer's form and its log-probabilities are asked for."""
        if wish.prose:
            wanted: dict[str, Any] = {"logprobs": 1 if self.continues else True}
            return wanted if self.settings.logprobs else {}
        if self.continues:
            return {"stop": ["\n"]}
        if wish.as_json:
            schema = portable(wish.schema)
            told = {"name": "answer", "schema": schema, "strict": is_strict(schema)}
            return {"response_format": {"type": "json_schema", "json_schema": told}}
        return {"logprobs": True, "top_logprobs": MOST_SHARES} if self.settings.logprobs else {}

    def _grammar(self, wish: Wish) -> dict[str, Any]:
        """Return the drawing grammar as this server takes it.

        Source: vLLM, docs/features/structured_outputs; llama.cpp, tools/server/README.md.
        """
        if wish.grammar and self.server == "vllm":
            return {"structured_outputs": {"regex": wish.grammar.regex()}}
        if wish.grammar and self.server == "llamacpp":
            return {"grammar": wish.grammar.gbnf()}
        return {}

    def _more_sampling(self, sampling: SamplingOptions) -> dict[str, Any]:
        """Return what only some servers take.

        Raises:
            OptionError: this one does not.
        """
        usual, known = SamplingOptions(), SAMPLING.get(self.server, {})
        wanted = {name: getattr(sampling, name) for name in SAMPLING["vllm"]}
        wanted = {name: value for name, value in wanted.items() if value != getattr(usual, name)}
        for name, value in wanted.items():
            if name not in known:
                raise OptionError(
                    f"{name} is {value}, but the endpoint {self.base_url} takes none: leave it out, or say "
                    f"whose server it is by ?server={', '.join(SAMPLING)}"
                )
        return {known[name]: value for name, value in wanted.items()}

    def _ask(self, asked: dict[str, Any], on_text: OnText | None, bill: Bill) -> Said:
        if on_text:
            hearing = Hearing(self.address, chat=not self.continues, bill=bill)
            with self._create(asked, stream=True, stream_options={"include_usage": True}) as stream:
                return hearing.hear(stream, on_text)
        answer = self._create(asked)
        try:
            bill.told = answer.usage.total_tokens if answer.usage else None
            return said_of(answer, chat=not self.continues, calligram=self.server == "calligram")
        except (AttributeError, TypeError, IndexError, KeyError) as fault:
            raise self.address.strange(str(answer)) from fault

    def _create(self, asked: Mapping[str, Any], **more: Any) -> Any:
        """Return the reply to a request; what the model does not take is left out, once, and remarked."""
        api = self._client.completions if self.continues else self._client.chat.completions
        while True:
            unwanted = {name for left in self._left_out for name in MAY_BE_LEFT_OUT[left]}
            body = {name: value for name, value in asked.items() if name not in unwanted}
            try:
                return self.address.reach(lambda body=body: api.create(**body, **more))  # type: ignore[misc]
            except EndpointError as fault:
                if not self._leave_out(fault, body):
                    raise

    def _leave_out(self, fault: EndpointError, body: Mapping[str, Any]) -> bool:
        """Leave out what an endpoint refused by its name; say whether there was such."""
        if fault.status not in (400, 422):
            return False
        refused = {name for name in MAY_BE_LEFT_OUT if name in body and name in str(fault)}
        self._left_out |= refused
        return bool(refused)

    def weigh(self, prompt: str, answers: Sequence[str]) -> list[float] | None:
        """Return the log-probability of each answer behind a prompt, by a server that echoes prompts."""
        if not self.continues or not self.settings.logprobs:
            return None
        endings = [answer + ending_of(answers) for answer in answers]
        asked: dict[str, Any] = {"model": self.place, "prompt": [prompt + ending for ending in endings]}
        asked |= {"max_tokens": 1, "echo": True, "logprobs": 1, "temperature": 0}
        kept = {**self._told_apart(), "api": "weigh", **asked}
        found = self.shelf.find(kept)
        if found is None:
            self.shelf.prepare(kept)
            with self.ledger.request(sum(map(len, asked["prompt"])), len(endings)) as bill:
                answer = self.address.reach(lambda: self._client.completions.create(**asked))
                found = {"weights": self._weights(answer, prompt, endings, bill)}
            self.shelf.keep(kept, found)
        else:
            self.ledger.find_on_disk()
        weights: list[float] = found["weights"]
        return weights

    def _weights(self, answer: Any, prompt: str, endings: Sequence[str], bill: Bill) -> list[float]:
        try:
            bill.told = answer.usage.total_tokens if answer.usage else None
            choices = sorted(answer.choices, key=lambda choice: choice.index)
        except (AttributeError, TypeError) as fault:
            raise self.address.strange(str(answer)) from fault
        if len(choices) != len(endings):
            raise EndpointError(f"{self.name} answered {len(choices)} of {len(endings)} texts: set api=chat")
        return [self._weight(choice, prompt, ending) for choice, ending in zip(choices, endings, strict=True)]

    def _weight(self, choice: Any, prompt: str, ending: str) -> float:
        tokens = getattr(choice.logprobs, "tokens", None) or []
        shares = getattr(choice.logprobs, "token_logprobs", None) or []
        if not shares or len(tokens) != len(shares) or len(choice.text or "") < len(prompt + ending):
            raise EndpointError(
                f"the endpoint {self.base_url} echoes no log-probabilities of prompts, which api=completions "
                f"needs to weigh answers: write {self.name}?api=chat, or ?logprobs=no"
            )
        for made in (1, 0):  # the one token that is made behind the text, where it is told
            echoed = len(tokens) - made
            if count := tokens_of_ending(tokens[:echoed], ending):
                return float(sum(share or 0.0 for share in shares[echoed - count : echoed]))
        raise EndpointError(
            f"the tokens that {self.base_url} tells of a text never spell its ending {ending[:40]!r}, so "
            f"that it cannot be weighed: write {self.name}?api=chat"
        )

    def describe(self) -> dict[str, object]:
        """Return name, address, server, and what was spent, ready for JSON."""
        told = self.settings.logprobs and "logprobs" not in self._left_out
        return {
            "name": self.name,
            "base_url": self.base_url,
            "api": self.settings.api,
            "confidence": "from log-probabilities, where told" if told else "none is told",
            "left_out": sorted(self._left_out),
            **self.ledger.told(),
        }


class OpenAIChat(ConversingModel, OpenAI):
    """A model behind an endpoint that is asked in conversations, and follows instructions."""
