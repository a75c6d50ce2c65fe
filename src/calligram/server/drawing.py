"""Drawing for a conversation: a request to text pictures, row by row where they are streamed."""

from collections.abc import Callable, Iterator
from math import isnan
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, NamedTuple

from calligram.drawing import Drawing, DrawOptions
from calligram.drawing import draw as make
from calligram.drawing.options import USUAL_LAYOUT
from calligram.models.base import Levels, OnRow
from calligram.picture import Layout, get_layout
from calligram.picture.spelling import get_markup, header_line
from calligram.server.answers import Answer, Piece, Served, Wishes
from calligram.server.endings import Ending
from calligram.server.refusals import RefusalError
from calligram.server.tasks import ToDraw


class Row(NamedTuple):
    """One row of one drawing."""

    drawing: int
    row: int
    levels: Levels


class _ReaderLeftError(Exception):
    """Nobody takes the rows any more."""


def draw(task: ToDraw, served: Served, wishes: Wishes) -> Answer:
    """Return drawings: streamed ones row by row as they are made, others when all are done.

    A drawing that is streamed is the first try, for rows that were told cannot be taken back; others are
    drawn again where they are not read as asked, as the drawing options say.

    Raises:
        RefusalError: the drawing is wished in a form that it does not have.
        RequestError: the model was not taught to draw that.
        OptionError: a wish is out of its range.
        ModelError: the model does not know the layout.
    """
    if wishes.form:
        raise RefusalError(
            "a drawing is told as it is, not as JSON: leave response_format out", "response_format"
        )
    if wishes.top is not None:
        raise RefusalError("a drawing has no logprobs to tell: leave them out", "logprobs")
    layout = get_layout(wishes.layout or task.layout or USUAL_LAYOUT)
    options = DrawOptions(**wishes.sampling, layout=layout.name, until_read=not wishes.streamed)

    def work(on_row: OnRow | None) -> list[Drawing]:
        with served.turn:
            return make(task.request, wishes.choices, model=served.model, options=options, on_row=on_row)

    answer = Answer(iter(()), served.count(task.request), {"did": "draw", "drawings": []})
    pieces = (
        _streamed(work, layout, answer, served) if wishes.streamed else _whole(work(None), answer, served)
    )
    answer.pieces = _ended(pieces, served, wishes)
    return answer


def _whole(drawings: list[Drawing], answer: Answer, served: Served) -> Iterator[Piece]:
    answer.facts["drawings"] = [_facts(drawing, served) for drawing in drawings]
    for number, drawing in enumerate(drawings):
        yield Piece(number, drawing.text, tokens=served.count(drawing.text) or 0, ended="stop")


def _streamed(
    work: Callable[[OnRow], list[Drawing]], layout: Layout, answer: Answer, served: Served
) -> Iterator[Piece]:
    rows = layout.grid()[0]
    texts: dict[int, str] = {}
    for told in rows_of(work):
        served.check_open()
        if not isinstance(told, Row):
            answer.facts["drawings"] = [_facts(drawing, served) for drawing in told]
            return
        row, before = spell_row(told, layout), texts.get(told.drawing, "")
        texts[told.drawing] = before + row
        # tokens may span two rows, so that rows are counted within their drawing
        tokens = (served.count(before + row) or 0) - (served.count(before) or 0)
        yield Piece(told.drawing, row, tokens=tokens, ended="stop" if told.row + 1 == rows else None)


def _ended(pieces: Iterator[Piece], served: Served, wishes: Wishes) -> Iterator[Piece]:
    """Yield the pieces, each drawing up to its own ending; one that is cut short stops no other."""
    endings = [Ending.of(served, wishes) for _ in range(wishes.choices)]
    for piece in pieces:
        yield from endings[piece.choice].take(piece)


def rows_of(work: Callable[[OnRow], list[Drawing]]) -> Iterator[Row | list[Drawing]]:
    """Yield the rows of drawings as they are made on a thread of their own, and at last the drawings.

    Closing the iterator stops the work at its next row, and waits for that.

    Args:
        work: makes the drawings, and tells each row of them.
    """
    told: SimpleQueue[Row | list[Drawing] | Exception] = SimpleQueue()
    left = Event()

    def on_row(drawing: int, row: int, levels: Levels) -> None:
        if left.is_set():
            raise _ReaderLeftError
        told.put(Row(drawing, row, levels.copy()))

    def run() -> None:
        try:
            told.put(work(on_row))
        except _ReaderLeftError:
            pass
        except Exception as fault:  # whatever it is, it is raised again where the rows are taken
            told.put(fault)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        while isinstance(event := told.get(), Row):
            yield event
        if isinstance(event, Exception):
            raise event
        yield event
    finally:
        left.set()
        thread.join()


def spell_row(told: Row, layout: Layout) -> str:
    """Return one row as it stands in the whole drawing's text."""
    rows, columns = layout.grid()
    markup = get_markup(layout.markup)
    cells = markup.cells(layout.symbols)
    number = told.row + 1
    row = markup.before(number, rows) + "".join(cells[level] for level in told.levels)
    return (header_line(layout, rows, columns) if number == 1 else "") + row + markup.after(number, rows)


def _facts(drawing: Drawing, served: Served) -> dict[str, Any]:
    """Return what there is to tell of a drawing besides itself, ready for JSON."""
    return {
        "request": drawing.request,
        "layout": drawing.picture.layout.name,
        "columns": drawing.picture.columns,
        "rows": drawing.picture.rows,
        "tokens": served.count(drawing.text),
        "read_as": drawing.read_as,
        "as_asked": drawing.as_asked,
        "seed": drawing.seed,
        "tries": drawing.tries,
        "bits_per_cell": None if isnan(drawing.bits) else round(drawing.bits, 4),
    }
