"""What every model is to the rest of Calligram, and how one is named on the command line.

A model is spelled ``name`` or ``name:place``, with options after a question mark where it has any::

    builtin
    builtin:runs/nano
    hf:runs/mine?dtype=float32
    openai:gpt-5?base_url=http://127.0.0.1:8000/v1

A member of the family is a module with the text ``SPELLING``, which shows how it is named, a frozen dataclass
``Options``, and a function ``load(place, options) -> Model``; ``place`` is empty where none was given.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from calligram import registry, settings
from calligram.errors import ModelError, OptionError
from calligram.nano.sampling import SamplingOptions
from calligram.picture import Layout

__all__ = [
    "Levels",
    "Model",
    "OnRow",
    "Reading",
    "Reply",
    "Request",
    "SamplingOptions",
    "Speaking",
    "Talking",
    "TokenScore",
    "Turn",
    "Writing",
    "Written",
    "open_model",
    "taught_subjects",
]

Levels = npt.NDArray[np.uint8]
Request = str | tuple[str, str]
"""What to draw: plain words, as ``"the digit 5"``, or kind and answer, as ``("digit", "5")``."""
OnRow = Callable[[int, int, Levels], None]
"""Called with the drawing's number from 0, the row's number from 0 and the row's levels, ``(columns,)``."""


@dataclass(frozen=True)
class Reading:
    """What a model says of one picture.

    Args:
        answer: the best candidate, or None where the model abstained.
        confidence: calibrated probability of the first candidate, 0 to 1.
        candidates: answers and their probabilities, most probable first (after the answer itself, where a
            model behind an endpoint gave one that it holds less probable); they sum to 1 together with the
            probability that the picture shows nothing of the kind.
        familiarity: how usual the picture itself is to the model, 0 (never seen its like) to 1; None where
            it was not asked for or the model cannot say.
        abstained: whether the model declined to answer.
        weighed: whether the model told probabilities; where it told none, its answer counts as sure.
    """

    answer: str | None
    confidence: float
    candidates: list[tuple[str, float]]
    familiarity: float | None
    abstained: bool
    weighed: bool = True


class Model(ABC):
    """Anything that reads text pictures and draws them.

    Attributes:
        name: how the model was spelled, as ``"builtin"``.
    """

    name: str

    @abstractmethod
    def read(
        self,
        levels: Levels,
        layout: Layout,
        question: str,
        candidates: Sequence[str] | None = None,
        *,
        familiarity: bool = True,
    ) -> list[Reading]:
        """Return one reading for each picture, in order.

        Args:
            levels: ``(N, rows, columns)``.
            layout: how the pictures are spelled.
            question: as ``"What digit is this?"``.
            candidates: the answers to choose from; None leaves it to what the question asks for.
            familiarity: whether to measure familiarity too, which takes longer.

        Raises:
            RequestError: the model knows no such question or candidate.
            ModelError: the model does not know the layout's ramp, or the picture is too large for it.
        """

    @abstractmethod
    def draw(
        self,
        request: Request,
        layout: Layout,
        count: int = 1,
        options: SamplingOptions | None = None,
        *,
        prefix_levels: Levels | None = None,
        on_row: OnRow | None = None,
    ) -> list[Levels]:
        """Return drawings, each ``(rows, columns)``.

        Args:
            request: what to draw.
            layout: rows, columns, ramp and markup of each drawing; a layout whose rows follow from the image
                draws as for a square image.
            count: how many.
            options: how to sample; with more than one beam the ``count`` likeliest are given.
            prefix_levels: the first rows, ``(given rows, columns)``, which the model continues.
            on_row: told of each row of each drawing as soon as it stands (given rows too); with more than
                one beam when all are done.

        Raises:
            RequestError: the model cannot draw that.
            ModelError: the model does not know the layout.
        """

    @abstractmethod
    def bits_per_cell(
        self, levels: Levels, layout: Layout, request: Request | None = None
    ) -> npt.NDArray[np.float64]:
        """Return how many bits the model needs for one cell of each picture, ``(N,)``; fewer is likelier.

        Args:
            levels: ``(N, rows, columns)``.
            layout: how they are spelled.
            request: the request the pictures were drawn for; None is a picture that comes unasked.
        """

    @abstractmethod
    def describe(self) -> dict[str, object]:
        """Return name, size, layouts and what the model was taught, ready for JSON."""

    def remarks(self) -> list[str]:
        """Return what a person should be told of how the model ran, a sentence each; read it afterwards."""
        return []

    def written_at(self) -> int | None:
        """Return when the weights were written, in seconds since 1970, or None where that is not known."""
        return None

    def why(self, levels: Levels, layout: Layout, question: str) -> npt.NDArray[np.float64]:
        """Return which cells of one picture carried the answer, ``(rows, columns)``, 0 (not at all) to 1.

        Args:
            levels: ``(rows, columns)``.
            layout: how the picture is spelled.
            question: as ``"What digit is this?"``.

        Raises:
            ModelError: this model cannot say.
        """
        raise ModelError(
            f"the model {self.name!r} cannot say which cells carried its answer: use builtin for that"
        )


def taught_subjects(model: Model) -> Mapping[str, Sequence[str]] | None:
    """Return the kinds a model was taught and the answers of each, or None where it takes any words."""
    taught = model.describe().get("subjects")
    return taught if isinstance(taught, Mapping) else None


@dataclass(frozen=True)
class TokenScore:
    """One token of a text.

    Args:
        token: its number.
        text: what it adds to the text; a character that is spread over several tokens comes with its last.
        logprob: natural log-probability after what stands before; None for the first token of a text.
        top: the likeliest tokens there and their log-probabilities, likeliest first, as many as asked for.
    """

    token: int
    text: str
    logprob: float | None
    top: tuple[tuple[str, float], ...] = ()


class Speaking(ABC):
    """What a model can do besides that continues any text and tells how likely a text is."""

    @property
    @abstractmethod
    def positions(self) -> int:
        """The longest text in tokens."""

    @abstractmethod
    def cut(self, text: str) -> list[int]:
        """Return the numbers of a text's tokens."""

    @abstractmethod
    def join(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens."""

    @abstractmethod
    def score_texts(self, texts: Sequence[str | Sequence[int]], top: int = 0) -> list[list[TokenScore]]:
        """Return each text's tokens with their log-probabilities.

        Args:
            texts: each a text, or the numbers of its tokens.
            top: how many of the likeliest tokens to tell at each place.

        Raises:
            ModelError: a text is longer than the model's positions.
        """

    @abstractmethod
    def speak(
        self, prompt: str | Sequence[int], options: SamplingOptions, most_tokens: int, top: int = 0
    ) -> Iterator[TokenScore]:
        """Yield the tokens that continue a text, as they are made; ends where the model ends or is full.

        The token with which the model ends the text is the last of them, and adds no text.

        Args:
            prompt: a text, or the numbers of its tokens; empty begins anew.
            options: how to sample.
            most_tokens: stop after so many.
            top: how many of the likeliest tokens to tell at each place.

        Raises:
            ModelError: the prompt is longer than the model's positions.
        """


@dataclass(frozen=True)
class Written:
    """One text that a model wrote behind an opening.

    Args:
        text: what was added, without the opening.
        seed: from which it follows, together with opening and options; None where the model takes no seed.
        logprob: natural log-probability of the added tokens in the model's own distribution, before
            temperature and the other rules; None where the model does not tell.
        tokens: how many were added; None where the model does not tell.
        whole: whether the model ended the text itself.
    """

    text: str
    seed: int | None = None
    logprob: float | None = None
    tokens: int | None = None
    whole: bool = True


class Writing(ABC):
    """What a model can do besides that goes on with any text, several times."""

    @abstractmethod
    def write(self, opening: str, count: int, options: SamplingOptions, most_tokens: int) -> list[Written]:
        """Return so many continuations; number k follows from the seed plus k.

        Args:
            opening: the text to go on with; empty begins anew.
            count: how many.
            options: how to sample; with more than one beam each continuation is the best of a search of its
                own, which samples its beams unless the temperature is 0.
            most_tokens: the longest continuation in tokens.

        Raises:
            ModelError: the opening is too long, or no answer comes.
            OptionError: the model does not take one of the options.
        """


@dataclass(frozen=True)
class Turn:
    """One thing said: by the ``user``, or by the model, the ``assistant``; images are whole PNG files."""

    role: Literal["user", "assistant"]
    text: str
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Reply:
    """What a model answered in a conversation.

    Args:
        text: the answer, without the thoughts that some models write before it.
        whole: whether it came to its end, and was not cut off for its length.
    """

    text: str
    whole: bool = True


class Talking(ABC):
    """What a model can do besides that follows instructions."""

    @property
    def takes_images(self) -> bool:
        """Whether turns may carry images."""
        return False

    @abstractmethod
    def reply(
        self,
        turns: Sequence[Turn],
        options: SamplingOptions,
        most_tokens: int,
        schema: Mapping[str, object] | None = None,
    ) -> Reply:
        """Return the model's next turn.

        Args:
            turns: what was said, the user's last.
            options: how to sample.
            most_tokens: the longest answer.
            schema: the JSON schema that the answer should meet, handed on where the model takes one; whoever
                asks checks the answer, for models may ignore it.

        Raises:
            ModelError: no answer comes, or images are given to a model that takes none.
        """


def open_model(name: str = "builtin", base_url: str = "") -> Model:
    """Return the model that a spelling names.

    Args:
        name: a member of the family ``models``, then a colon and a place where it takes one, then options.
        base_url: the endpoint's address, for a model behind one; empty is the endpoint's usual one.

    Raises:
        NameInFamilyError: no such kind of model.
        ModelError: its files are missing or damaged, or it cannot be reached.
        OptionError: an option is unknown or out of its range, or the model is behind no endpoint.
    """
    kind, _, rest = name.partition(":")
    module = registry.member("models", kind)
    place, values = settings.split_query(rest, module.Options, f"the model {kind}")
    if base_url:
        if "base_url" not in module.Options.__dataclass_fields__:
            raise OptionError(
                f"base_url is {base_url!r}, but the model {name!r} is behind no endpoint: "
                "leave it out, or name a model such as openai:NAME"
            )
        values.setdefault("base_url", base_url)
    model: Model = module.load(place, settings.resolve(module.Options, values))
    model.name = f"{kind}:{place}" if place else kind
    return model
