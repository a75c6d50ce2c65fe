"""Describing images: sentences from facts, each with what it rests on, whatever model there is.

A model that follows instructions is given facts and text picture, and says what each sentence rests on. Where
there is none, the sentences are put together from the facts by rules, and a model that only goes on with
texts adds one or two that are marked as imagined.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calligram import settings
from calligram.art.asking import ask
from calligram.art.citing import citation_faults, sentence_schema, statements_of
from calligram.art.describing_options import DescribeOptions
from calligram.art.eyes import Eyes, EyesOptions, eyes_of
from calligram.art.facts import Facts
from calligram.art.grounding import Statement
from calligram.art.imagining import imagine
from calligram.art.phrasing import phrase
from calligram.art.voices import asking_texts, open_voice
from calligram.art.wording import pieces_of
from calligram.errors import OptionError
from calligram.models.base import Model, Talking, Turn
from calligram.picture.opening import ImageInput

VOICE = "plain"


@dataclass(frozen=True)
class ImageDescription:
    """A description of one image.

    Args:
        file: as it was given.
        statements: its sentences, in order.
        facts: of the image.
        model: the name of the model that wrote or imagined, empty for none.
        seed: it follows from.
        remarks: what a person should know of how it was made.
    """

    file: str
    statements: tuple[Statement, ...]
    facts: Facts
    model: str
    seed: int
    remarks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentences as one paragraph; what is imagined stands in brackets at its end and says so."""
        return paragraph(self.statements)

    def to_json(self) -> dict[str, Any]:
        """Return all of it, with the lines of the facts that are cited."""
        cited = dict.fromkeys(key for statement in self.statements for key in statement.facts)
        return {
            "file": self.file,
            "description": self.text,
            "sentences": [statement.to_json() for statement in self.statements],
            "facts": {key: self.facts.text(key) for key in cited},
            "model": self.model,
            "seed": self.seed,
            "remarks": list(self.remarks),
        }


def paragraph(statements: Sequence[Statement]) -> str:
    """Return sentences as one paragraph; what is imagined stands in brackets at its end and says so."""
    told = " ".join(each.text for each in statements if each.origin != "imagined")
    imagined = " ".join(each.text for each in statements if each.origin == "imagined")
    return f"{told} (Imagined: {imagined})".strip() if imagined else told


def describe_image(
    image: ImageInput, options: DescribeOptions | None = None, model: Model | None = None
) -> ImageDescription:
    """Return a description of an image, each sentence marked with what it rests on.

    Args:
        image: a path, ``-`` for standard input, bytes of a file, a Pillow image or an array.
        options: seed, number of sentences, and how a model is asked.
        model: one that follows instructions, or goes on with texts; without one nothing is imagined.

    Raises:
        ImageError: the image cannot be read.
        LimitError: the image is over a limit.
        ModelError: the model neither writes nor follows instructions, or gives no answer that can be used.
        OptionError: an option is out of its range, or the image is wanted by a model that takes none.
    """
    options = options or DescribeOptions()
    settings.check(options)
    check_shown(model, options.image_too)
    eyes = eyes_of(image, EyesOptions(), png=options.image_too)
    if isinstance(model, Talking):
        statements, remarks = _asked(model, eyes, options)
    else:
        statements, remarks = _composed(model, eyes, options), ()
    name = model.name if model is not None else ""
    return ImageDescription(name_of(image), statements, eyes.facts, name, options.seed, remarks)


def name_of(image: ImageInput) -> str:
    """Return how an image is called: its path, or what it is."""
    return str(image) if isinstance(image, str) or hasattr(image, "__fspath__") else type(image).__name__


def check_shown(model: Model | None, wanted: bool) -> None:
    """Raise OptionError where the image itself should go to a model that takes none."""
    if wanted and not (isinstance(model, Talking) and model.takes_images):
        name = model.name if model is not None else "none"
        raise OptionError(
            f"image_too is yes, but the model {name} is not said to take images: name one that does, as "
            "openai:NAME?images=yes, or leave it out"
        )


def _composed(model: Model | None, eyes: Eyes, options: DescribeOptions) -> tuple[Statement, ...]:
    voice = open_voice(VOICE)
    pieces = pieces_of(eyes)
    rules = voice.rules["describe"]
    measured = phrase(rules, pieces, eyes.facts, options.seed, options.sentences, voice.keep)
    if model is None:
        return tuple(measured)
    text = " ".join(statement.text for statement in measured)
    imagined = imagine(model, eyes.facts, text, "caption", options.seed, options.temperature)
    return (*measured, *imagined)


def _asked(
    model: Talking, eyes: Eyes, options: DescribeOptions
) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    schema = {
        "type": "object",
        "properties": {
            "sentences": {
                "type": "array",
                "items": sentence_schema(eyes.facts),
                "minItems": 1,
                "maxItems": options.sentences,
            }
        },
        "required": ["sentences"],
        "additionalProperties": False,
    }
    words = asking_texts()["describe"].format(
        speaker=open_voice(VOICE).speaker,
        sentences=options.sentences,
        language="English",
        keys=", ".join(eyes.facts.to_json()),
        eyes=eyes.prompt,
    )
    answer = ask(
        model,
        [shown_turn(words, eyes, options.image_too)],
        schema,
        lambda value: list(citation_faults(value["sentences"], eyes)),
        options,
    )
    remarks = (f"asked {answer.tries} times until the answer could be used",) if answer.tries > 1 else ()
    return statements_of(answer.value["sentences"], eyes), remarks


def shown_turn(words: str, eyes: Eyes, image_too: bool) -> Turn:
    """Return what a model is told, with the image itself where it is to be given."""
    if not image_too or eyes.png is None:
        return Turn("user", words)
    return Turn("user", f"{words}\n\n{asking_texts()['image']}", (eyes.png,))
