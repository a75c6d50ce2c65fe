"""Reading for a conversation: pictures to answers in words or in JSON."""

from collections.abc import Sequence
from typing import Any

from calligram.errors import ImageError, LimitError
from calligram.models.base import Reading
from calligram.nano.prompts import GENERAL
from calligram.picture import TextPicture
from calligram.seeing import Sight, look
from calligram.server.answers import Answer, Piece, Scored, Served, Wishes, logarithm
from calligram.server.endings import Ending
from calligram.server.refusals import RefusalError
from calligram.server.said import Shown
from calligram.server.tasks import ToRead

MOST_CANDIDATES = 10
"""So many candidates of a reading are told."""

LAYOUT_OF_DETAIL = {"low": "classic", "high": "fine"}
"""How finely an image is looked at where the request says; ``auto`` takes the server's own layout."""


def read(task: ToRead, served: Served, wishes: Wishes) -> Answer:
    """Return what the model says of each picture, as one text for all of them.

    Raises:
        RefusalError: an image cannot be opened, or the answer cannot be told in the wished way.
        RequestError: the model was not taught the question.
        ModelError: the model does not know the picture's layout.
    """
    _check(task, wishes)
    sights = [_look(shown, task.question, served, wishes) for shown in task.shown]
    readings = [_reading(sight) for sight in sights]
    piece = _piece(readings, wishes)
    told = [
        Piece(choice, piece.text, piece.scores, served.count(piece.text) or 0, piece.refused, "stop")
        for choice in range(wishes.choices)
    ]
    pieces = [part for whole in told for part in Ending.of(served, wishes).take(whole)]
    looks = [_facts(shown, sight, served) for shown, sight in zip(task.shown, sights, strict=True)]
    return Answer(iter(pieces), _count(sights, task.question, served), {"did": "read", "pictures": looks})


def _check(task: ToRead, wishes: Wishes) -> None:
    if len(task.shown) > 1 and (wishes.form or wishes.top is not None):
        raise RefusalError(
            f"{len(task.shown)} pictures are asked about, but JSON and logprobs are told of one: "
            "ask about one at a time",
            "messages",
        )
    if wishes.form and wishes.top is not None:
        raise RefusalError(
            "logprobs are told of plain answers, not of JSON: leave one of them out", "logprobs"
        )


def _look(shown: Shown, question: str | None, served: Served, wishes: Wishes) -> Sight:
    layout = wishes.layout or LAYOUT_OF_DETAIL.get(shown.detail) or served.options.layout
    try:
        with served.turn:
            return look(shown.content, question, None, served.model, served.options.seeing(layout))
    except (ImageError, LimitError) as fault:
        raise RefusalError(
            f"the image in {shown.place} cannot be used: {fault}", shown.place, "bad_image"
        ) from fault


def _reading(sight: Sight) -> Reading:
    assert sight.reading is not None, "an eye that is not tolerant raises instead"
    return sight.reading


def _picture(sight: Sight) -> TextPicture:
    assert sight.picture is not None, "an eye that is not tolerant raises instead"
    return sight.picture


def _piece(readings: Sequence[Reading], wishes: Wishes) -> Piece:
    """Return what is said of all pictures."""
    if len(readings) > 1:
        lines = (f"image {number}: {_in_words(reading)}" for number, reading in enumerate(readings, 1))
        return Piece(0, "\n".join(lines))
    (reading,) = readings
    if wishes.form is None:
        return Piece(0, _in_words(reading), _scores(reading, wishes.top))
    filled = wishes.form.fill(reading)
    return Piece(0, filled or _in_words(reading), refused=filled is None)


def _in_words(reading: Reading) -> str:
    """Return a reading as it is said: the bare answer, or a sentence where there is none."""
    if reading.answer is not None:
        return reading.answer
    best = f"; at best {reading.candidates[0][0]}" if reading.candidates else ""
    return f"I am not sure what this is{best}."


def _scores(reading: Reading, top: int | None) -> tuple[Scored, ...]:
    """Return the answer as one token among the candidates; an answer that was not given has none."""
    if top is None or reading.answer is None:
        return ()
    told = tuple((answer, logarithm(share)) for answer, share in reading.candidates[:top])
    return (Scored(reading.answer, logarithm(reading.confidence), told),)


def _count(sights: Sequence[Sight], question: str | None, served: Served) -> int | None:
    asked = f"{question or GENERAL.strip()}\n"
    counts = [served.count(_picture(sight).text + asked) for sight in sights]
    return None if None in counts else sum(count or 0 for count in counts)


def _facts(shown: Shown, sight: Sight, served: Served) -> dict[str, Any]:
    """Return what was read and how sure the model is, ready for JSON."""
    reading, picture = _reading(sight), _picture(sight)
    told = {} if reading.weighed else {"weighed": False}
    return {
        "from": "image" if isinstance(shown.content, bytes) else "text",
        "place": shown.place,
        "layout": picture.layout.name,
        "columns": picture.columns,
        "rows": picture.rows,
        "tokens": served.count(picture.text),
        "text": picture.text,
        "answer": reading.answer,
        "confidence": round(reading.confidence, 6),
        "candidates": [
            {"answer": answer, "confidence": round(share, 6)}
            for answer, share in reading.candidates[:MOST_CANDIDATES]
        ],
        "familiarity": None if reading.familiarity is None else round(reading.familiarity, 6),
        "abstained": reading.abstained,
        **told,
    }
