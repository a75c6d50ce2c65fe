"""The plugin of the command ``llm``: a model ``calligram``, and text pictures put into any prompt.

::

    llm -m calligram "draw the digit 5"
    llm -m calligram -a photo.png "What digit is this?"
    llm -f picture:photo.png "What is this?"
    llm -f "picture:photo.png?layout=fine&markup=letters" "What is this?"

``llm`` loads this module each time it starts, so that it loads nothing that is not light.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import llm
from pydantic import Field

from calligram.errors import CalligramError
from calligram.picture.options import EncodeOptions
from calligram.settings import option

if TYPE_CHECKING:
    from calligram.server.answers import Answer, Served, Wishes
    from calligram.server.said import Said

IMAGE_TYPES = ("png", "jpeg", "gif", "webp", "bmp", "tiff", "avif", "x-portable-anymap")


@llm.hookimpl
def register_models(register: Callable[..., None]) -> None:
    """Add the model."""
    register(Calligram())


@llm.hookimpl
def register_fragment_loaders(register: Callable[..., None]) -> None:
    """Add the loader of text pictures."""
    register("picture", load_picture)


@dataclass(frozen=True)
class PictureOptions(EncodeOptions):
    """How an image becomes the text picture of a fragment."""

    layout: str = option("classic", "layout: classic, fine, full")


def load_picture(argument: str) -> llm.Fragment:
    """Return the text picture of an image, or the one that a file holds already.

    Args:
        argument: the file, with options of ``calligram encode`` behind a question mark where some are wanted.

    Raises:
        ValueError: the file or an option cannot be used; ``llm`` tells the sentence.
    """
    from calligram import settings
    from calligram.picture import TextPicture, encode
    from calligram.seeing.inputs import settle

    try:
        place, values = settings.split_query(argument, PictureOptions, "the fragment picture:")
        options = settings.resolve(PictureOptions, values)
        found = settle(place, options)
        picture = found if isinstance(found, TextPicture) else encode(found, options.layout, options)
    except CalligramError as fault:
        raise ValueError(str(fault)) from fault
    return llm.Fragment(picture.text, f"picture:{argument}")  # type: ignore[no-untyped-call]


class Calligram(llm.Model):
    """A model of Calligram: reads the pictures of a conversation, and draws."""

    model_id = "calligram"
    can_stream = True
    supports_schema = True
    attachment_types = frozenset(f"image/{kind}" for kind in IMAGE_TYPES)

    class Options(llm.Options):
        """What ``-o`` sets."""

        model: str | None = Field(None, description="Model that answers, as builtin or hf:FOLDER")
        layout: str | None = Field(None, description="Layout to read or draw in: classic, fine, full")
        temperature: float | None = Field(None, description="Sampling temperature; 0 takes the likeliest")
        top_p: float | None = Field(None, description="Sample among the likeliest that reach this share")
        seed: int | None = Field(None, description="Seed of a drawing or a text")
        max_tokens: int | None = Field(None, description="Stop after so many tokens", ge=1)

    def execute(
        self, prompt: llm.Prompt, stream: bool, response: llm.Response, conversation: llm.Conversation | None
    ) -> Iterator[str]:
        """Yield the answer, a drawing row by row; what else there is to tell goes to the log."""
        from calligram.server.refusals import RefusalError

        try:
            answer = _answer(prompt, stream)
            yield from _unended(_texts(answer))
        except (CalligramError, RefusalError) as fault:
            raise llm.ModelError(str(fault)) from fault
        response.response_json = answer.facts


def _answer(prompt: llm.Prompt, stream: bool) -> "Answer":
    from calligram.server.doing import do
    from calligram.server.tasks import choose_task

    options = cast(Calligram.Options, prompt.options)
    served = _open(options.model)
    said = [_hear(message, place, served) for place, message in enumerate(prompt.messages)]
    return do(choose_task(said, served.model), served, _wishes(options, prompt.schema, stream))


@cache
def _open(spelling: str | None) -> "Served":
    from calligram.models.base import open_model
    from calligram.server.answers import Served
    from calligram.server.options import ServeOptions

    options = ServeOptions()
    return Served.of(open_model(spelling or options.model), options)


def _hear(message: Any, place: int, served: "Served") -> "Said":
    """Return one of llm's messages, taken apart into words and pictures."""
    from calligram.server.refusals import RefusalError
    from calligram.server.said import Shown, take_apart

    parts: list[str | Shown] = []
    for number, part in enumerate(message.parts, 1):
        attachment = getattr(part, "attachment", None)
        if attachment is None:
            parts.append(getattr(part, "text", ""))
        elif attachment.path or attachment.content:
            parts.append(Shown(attachment.content_bytes(), f"part {number} of message {place + 1}"))
        else:
            raise RefusalError(f"{attachment.url} is not fetched: save the image, and attach the file")
    return take_apart(message.role, parts, f"message {place + 1}", served.options)


def _wishes(options: Calligram.Options, schema: Any, stream: bool) -> "Wishes":
    from calligram.server.answers import Wishes
    from calligram.server.schemas import parse_form

    sampling = {name: getattr(options, name) for name in ("temperature", "top_p", "seed")}
    wanted = {"type": "json_schema", "json_schema": {"schema": schema}} if schema else None
    return Wishes(
        sampling={name: value for name, value in sampling.items() if value is not None},
        most_tokens=options.max_tokens,
        layout=options.layout,
        form=parse_form(wanted),
        streamed=stream,
    )


def _texts(answer: "Answer") -> Iterator[str]:
    from calligram.server.refusals import RefusalError

    for piece in answer.pieces:
        if piece.refused:
            raise RefusalError(f"{piece.text} The schema has no place for that: let answer be null.")
        yield piece.text


def _unended(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts without the line break at their very end, which llm adds itself."""
    held = ""
    for text in texts:
        whole = held + text
        held = "\n" if whole.endswith("\n") else ""
        yield whole.removesuffix("\n")
