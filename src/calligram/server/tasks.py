"""Tasks: what a conversation asks for: to read pictures, to draw, or to go on with a text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calligram.errors import RequestError
from calligram.models.base import Model, Speaking, taught_subjects
from calligram.nano.requests import choose_question, find_request
from calligram.picture import LAYOUTS
from calligram.server.refusals import RefusalError
from calligram.server.said import Said, Shown

TO_DRAW = re.compile(
    r"\W*(?:(?:now|then|and|ok|okay|please|can|could|would|will|you)\b\W*)*"
    r"(?:draw|sketch|paint)\b(?: (?:me|us)\b)?\s*",
    re.IGNORECASE,
)
AS_PICTURE = re.compile(r" as a (?:text )?picture\b.*", re.IGNORECASE | re.DOTALL)
LAYOUT = re.compile(rf",? (?:in )?(?:the layout )?(?P<name>{'|'.join(LAYOUTS)})\W*$", re.IGNORECASE)
SIZE = re.compile(r"\b(?P<rows>\d+) rows of (?P<columns>\d+) cells\b")
QUESTION = re.compile(r"[^.?!\n]*\?")
SUBJECT = "messages"


@dataclass(frozen=True)
class ToRead:
    """Pictures to be read.

    Args:
        shown: at least one.
        question: in free words; None leaves it open.
    """

    shown: tuple[Shown, ...]
    question: str | None


@dataclass(frozen=True)
class ToDraw:
    """Something to be drawn.

    Args:
        request: in words, without the verb.
        layout: the name of the layout that the words ask for, or None.
    """

    request: str
    layout: str | None = None


@dataclass(frozen=True)
class ToContinue:
    """A text to go on with."""

    text: str


Task = ToRead | ToDraw | ToContinue


def choose_task(said: Sequence[Said], model: Model) -> Task:
    """Return what a conversation asks for in its last message.

    Words that begin by asking to draw are drawn. Pictures of the last message are read. Any other words are a
    question about the pictures shown last before, where there were any.

    Args:
        said: the messages, the last one a user's.
        model: what will do it.

    Raises:
        RefusalError: the last message is no user's or says nothing, or the model can do nothing of the kind.
    """
    if not said or said[-1].role != "user":
        raise RefusalError("the last message must be a user's: end with what you ask", SUBJECT)
    last, taught = said[-1], taught_subjects(model)
    if asked := TO_DRAW.match(last.words):
        return _to_draw(last.words[asked.end() :] or last.words)
    if last.shown:
        return ToRead(last.shown, _question(last.words, taught is not None))
    if not last.words:
        raise RefusalError("the last message is empty: ask something, or show a picture", SUBJECT)
    if shown := _shown_before(said):
        return ToRead(shown, _question(last.words, taught is not None))
    if taught is not None:
        return _draw_perhaps(last.words, taught, model)
    if isinstance(model, Speaking):
        return ToContinue("\n".join(message.text for message in said if message.text))
    raise RefusalError(
        f"the model {model.name!r} goes on with no text of its own here: "
        "show it a picture with a question, or ask it to draw something",
        SUBJECT,
    )


def _shown_before(said: Sequence[Said]) -> tuple[Shown, ...]:
    return next((message.shown for message in reversed(said) if message.shown), ())


def _question(words: str, taught: bool) -> str | None:
    """Return the question in some words; for a model that was taught questions without what stands around."""
    asked = [match.group().strip() for match in QUESTION.finditer(words)] if taught else []
    return asked[0] if len(asked) == 1 else words or None


def _to_draw(words: str) -> ToDraw:
    """Return what is to be drawn, as data sets and :mod:`calligram.models` ask for it too.

    >>> _to_draw("the digit 5, classic.")
    ToDraw(request='the digit 5', layout='classic')
    """
    request = AS_PICTURE.sub("", words).strip()
    if named := LAYOUT.search(request):
        return ToDraw(request[: named.start()], named["name"].lower())
    size = SIZE.search(words)
    wanted = (int(size["rows"]), int(size["columns"])) if size else None
    fitting = (name for name, layout in LAYOUTS.items() if layout.grid() == wanted)
    return ToDraw(request, next(fitting, None))


def _draw_perhaps(words: str, taught: Mapping[str, Sequence[str]], model: Model) -> ToDraw:
    """Return what the words name to be drawn; words that name nothing are told what can be asked."""
    task = _to_draw(words)
    try:
        find_request(task.request, taught)
    except RequestError as fault:
        raise RefusalError(_told(words, list(taught), model), SUBJECT) from fault
    return task


def _told(words: str, kinds: Sequence[str], model: Model) -> str:
    """Return what is wrong with words that go with no picture."""
    try:
        choose_question(words, kinds)
    except RequestError:
        kind = kinds[0] if kinds else "digit"
        return (
            f"the model {model.name!r} was not taught to answer {words[:200]!r}: show it a picture and ask "
            f"'What {kind} is this?', or ask it to draw something, as 'draw the digit 5'"
        )
    return (
        f"{words[:200]!r} asks about a picture, but no message shows one: "
        "put a text picture into the message, or an image_url with a data: URL"
    )
