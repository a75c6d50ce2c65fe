"""Requests: what clients send, as OpenAI's protocol spells it; keys that it does not know are kept.

Ranges of sampling stand with the sampling options themselves, and are checked there.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from calligram.picture import LAYOUTS
from calligram.server.answers import Wishes
from calligram.server.refusals import RefusalError
from calligram.server.said import Detail

MOST_CHOICES = 128
"""As many answers as OpenAI's own endpoint gives at once."""

MOST_TOP = 20
"""As many candidates at each token as OpenAI's own endpoint tells."""

USUAL_TOKENS = 16
"""Tokens of a completion where the request does not say, as OpenAI's own endpoint has it."""

IGNORED = frozenset(
    (
        "metadata",
        "parallel_tool_calls",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "service_tier",
        "store",
        "user",
    )
)
"""Parameters that change nothing here, whatever they say; the how-to lists them."""

NEUTRAL: Mapping[str, tuple[Any, ...]] = {
    "best_of": (1,),
    "frequency_penalty": (0,),
    "function_call": ("none", "auto"),
    "functions": ([],),
    "logit_bias": ({},),
    "modalities": (["text"],),
    "presence_penalty": (0,),
    "suffix": ("",),
    "tool_choice": ("none", "auto"),
    "tools": ([],),
}
"""Parameters that are not served, and the values with which they ask for nothing."""


class Known(BaseModel):
    """A part of a request; keys that are not known are kept."""

    model_config = ConfigDict(extra="allow")


class StreamOptions(Known):
    """What a stream tells besides."""

    include_usage: bool = False


class Extras(BaseModel):
    """What Calligram's own key ``calligram`` asks for."""

    model_config = ConfigDict(extra="forbid")
    layout: str | None = None


class Asked(Known):
    """What requests of both kinds have in common."""

    model: str
    n: Annotated[int, Field(ge=1, le=MOST_CHOICES)] | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None

    @model_validator(mode="before")
    @classmethod
    def _check_texts(cls, given: Any) -> Any:
        if not all(_is_whole(text) for text in _texts_of(given)):
            raise ValueError("a text in it holds half a character, as \\ud800 alone")
        return given

    def check(self) -> None:
        """Raise RefusalError where a key is not known and asks for something."""
        for name, value in (self.model_extra or {}).items():
            if value is None or name in IGNORED or any(value == none for none in NEUTRAL.get(name, ())):
                continue
            raise RefusalError(
                f"{name} is {value!r:.80}, but is not served here: leave it out",
                name,
                "unsupported_parameter",
            )
        if any(not text for text in self.stops):
            raise RefusalError("stop holds an empty text: leave it out", "stop")

    @property
    def stops(self) -> tuple[str, ...]:
        """The texts to stop before."""
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ())

    @property
    def tells_usage(self) -> bool:
        """Whether a stream is to end with what was used."""
        return bool(self.stream_options and self.stream_options.include_usage)

    def sampling(self) -> dict[str, Any]:
        """Return the values of the sampling options that were given."""
        names = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty", "seed")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def _texts_of(given: Any) -> Iterator[str]:
    """Yield every text of a JSON value, names of fields too."""
    waiting = [given]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            waiting += [*part, *part.values()]
        elif isinstance(part, list):
            waiting += part


def _is_whole(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


class TextPart(Known):
    """Words of a message."""

    kind: Literal["text"] = Field(alias="type")
    text: str


class Address(Known):
    """Where an image is: in the request itself."""

    url: str
    detail: Detail = "auto"


class ImagePart(Known):
    """An image of a message."""

    kind: Literal["image_url"] = Field(alias="type")
    image_url: Address


class Message(Known):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Annotated[TextPart | ImagePart, Field(discriminator="kind")]] | None = None


class ChatRequest(Asked):
    """A conversation to go on with."""

    messages: list[Message]
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=MOST_TOP)] | None = None
    response_format: dict[str, Any] | None = None
    calligram: Extras | None = None

    def wishes(self) -> Wishes:
        """Return what the request wishes of its answers.

        Raises:
            RefusalError: two parameters do not go together, or one is not served.
        """
        from calligram.server.schemas import parse_form

        self.check()
        layout = self.calligram.layout if self.calligram else None
        if layout is not None and layout not in LAYOUTS:
            raise RefusalError(
                f"there is no layout {layout!r}: choose one of {', '.join(LAYOUTS)}", "calligram.layout"
            )
        if self.top_logprobs is not None and not self.logprobs:
            raise RefusalError("top_logprobs is given without logprobs: set logprobs to true", "top_logprobs")
        return Wishes(
            sampling=self.sampling(),
            choices=self.n or 1,
            most_tokens=self.max_completion_tokens or self.max_tokens,
            stops=self.stops,
            top=(self.top_logprobs or 0) if self.logprobs else None,
            layout=layout,
            form=parse_form(self.response_format),
            streamed=bool(self.stream),
        )


class CompletionRequest(Asked):
    """Texts to go on with."""

    prompt: str | list[str] | list[int] | list[list[int]] = ""
    max_tokens: Annotated[int, Field(ge=0)] | None = None
    logprobs: Annotated[int, Field(ge=0, le=MOST_TOP)] | None = None
    echo: bool | None = None

    def wishes(self) -> Wishes:
        """Return what the request wishes of its answers.

        Raises:
            RefusalError: two parameters do not go together, or one is not served.
        """
        self.check()
        if self.max_tokens == 0 and not self.echo:
            raise RefusalError(
                "max_tokens is 0 without echo, which asks for nothing: ask for at least 1", "max_tokens"
            )
        return Wishes(
            sampling=self.sampling(),
            choices=self.n or 1,
            most_tokens=USUAL_TOKENS if self.max_tokens is None else self.max_tokens,
            stops=self.stops,
            top=self.logprobs,
            streamed=bool(self.stream),
        )

    def prompts(self) -> list[str | list[int]]:
        """Return each prompt, a text or its tokens."""
        given = self.prompt
        if isinstance(given, str):
            return [given]
        if given and all(isinstance(part, int) for part in given):
            return [[part for part in given if isinstance(part, int)]]
        return [part for part in given if isinstance(part, str | list)]
