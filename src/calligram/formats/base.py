"""What a training example is, and what every format of training files can do.

A member of the family is a module that meets :class:`Format`. It writes *parts*, each a small whole file
of its format, and joins parts into one file, so that a data set can be built part by part.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Literal, Protocol, cast

from calligram import registry
from calligram.errors import FormatError

Task = Literal["read", "draw"]
DRAWING_BEGINS = "Draw "
TRAILING_COMMA = "removed the comma after the last entry"
"""How the mend of the idea's author's own sample is told."""


@dataclass(frozen=True, slots=True)
class Example:
    """One thing to learn: to answer a question over a picture, or to draw a picture on request.

    Args:
        task: ``"read"`` or ``"draw"``.
        picture: a text picture with its markup, final line break included.
        request: the question over the picture, or the request to draw; one line. Empty where the format
            keeps none.
        answer: the right answer, one line; empty for a drawing, whose answer is the picture.
        columns: cells in a row, or 0 where the format does not keep it.
    """

    task: Task
    picture: str
    request: str
    answer: str
    columns: int = field(default=0, compare=False)

    @property
    def prompt(self) -> str:
        """All that the model is given, final line break included."""
        return f"{self.picture}{self.request}\n" if self.task == "read" else f"{self.request}\n"

    @property
    def completion(self) -> str:
        """All that the model shall say, final line break included."""
        return f"{self.answer}\n" if self.task == "read" else self.picture


@dataclass(frozen=True, slots=True)
class Record:
    """What was found at one place of a training file.

    Args:
        line: the line where it begins, counted from 1; in Parquet the row, counted from 1.
        example: what was read, or None where nothing can be.
        faults: what breaks the format here.
        mends: what was mended to read it, one sentence each.
    """

    line: int
    example: Example | None
    faults: tuple[FormatError, ...] = ()
    mends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """What files beside the data tell about them.

    Args:
        name: a short name of the data set, letters, digits, ``-`` and ``_``.
        files: file names of each split, in order.
        counts: examples in each split.
        source: the source's spelling.
        licence: the images' licence.
        question: the question asked over the pictures.
        classes: the names of the classes.
        layout: the layout's name.
        sample: a text picture to show.
    """

    name: str
    files: Mapping[str, Sequence[str]]
    counts: Mapping[str, int]
    source: str
    licence: str
    question: str
    classes: Sequence[str]
    layout: str
    sample: str


class Format(Protocol):
    """The functions of a format's module."""

    SUFFIX: str
    MARK: bytes
    """What no file of the format lacks near its beginning, before another format's mark."""
    TASKS: tuple[Task, ...]

    def write_part(self, examples: Sequence[Example]) -> bytes:
        """Return a whole small file with these examples; the same bytes for the same examples."""
        ...

    def join_parts(self, parts: Iterable[bytes], stream: BinaryIO, trailing_comma: bool = False) -> None:
        """Write one whole file with what all parts hold, in order, holding one part at a time.

        Args:
            parts: files of this format.
            stream: takes the bytes.
            trailing_comma: end an array as the idea's author does, which strict parsers refuse; only to give
                a file back as it was found. Formats without arrays pay no heed.
        """
        ...

    def read(self, stream: BinaryIO, repair: bool = False) -> Iterator[Record]:
        """Yield what is in a file, faults too, in bounded memory.

        Args:
            stream: the file, opened for reading bytes.
            repair: mend what can be mended, and say so, instead of finding fault.
        """
        ...

    def companions(self, card: Card) -> dict[str, bytes]:
        """Return other files that belong into the same folder, by name; often none."""
        ...


def get_format(name: str) -> Format:
    """Return the format of that name.

    Raises:
        NameInFamilyError: there is no such format.
    """
    return cast(Format, registry.member("formats", name))


def split_prompt(prompt: str) -> tuple[str, str]:
    """Return picture and question of a prompt; the picture is empty where the prompt asks for a drawing.

    >>> split_prompt("<row:1> ▓</row:1>\\nWhat is this?\\n")
    ('<row:1> ▓</row:1>\\n', 'What is this?')
    >>> split_prompt("Draw the digit 5, classic.")
    ('', 'Draw the digit 5, classic.')
    """
    picture, line_break, question = prompt.removesuffix("\n").rpartition("\n")
    return picture + line_break, question


def example_from(prompt: str, completion: str) -> Example:
    """Return the example whose prompt and completion are given, with or without final line breaks."""
    picture, request = split_prompt(prompt)
    if picture:
        return Example("read", picture, request, completion.removesuffix("\n"))
    return Example("draw", completion.removesuffix("\n") + "\n", request, "")


def example_from_text(text: str) -> Example | None:
    """Return the example whose prompt and completion follow each other in one text, or None for another text.

    A drawing's text begins with the word ``Draw``; any other ends with the question's and the answer's line.
    """
    if text.startswith(DRAWING_BEGINS):
        request, _, picture = text.partition("\n")
        return example_from(request, picture) if picture.strip("\n") else None
    prompt, _, answer = text.removesuffix("\n").rpartition("\n")
    picture, question = split_prompt(prompt)
    return Example("read", picture, question, answer) if picture and question else None
