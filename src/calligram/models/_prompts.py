"""What a model of plain text is given: the bare form it is taught by ``calligram train``, or instructions.

The bare form is that of the training files (:mod:`calligram.formats.base`): the picture, the question and a
line break; or the request and a line break. A model that was never taught is told in words what it is shown.
"""

from collections.abc import Sequence

from calligram.errors import RequestError
from calligram.models.base import Request
from calligram.nano.prompts import SUBJECTS, drawing_prompt
from calligram.nano.requests import find_request, usual_kind
from calligram.picture import Layout
from calligram.picture.spelling import get_markup

DRAWING = "Draw the {kind} {answer}, {layout}.\n"
"""As ``calligram dataset build`` asks for a drawing unless told otherwise."""


def usual_answers(question: str) -> tuple[str, ...] | None:
    """Return the answers a question asks for, where it asks for a usual kind; None leaves it open.

    >>> usual_answers("What digit is this?")[:3]
    ('0', '1', '2')
    """
    kind = usual_kind(question)
    return tuple(SUBJECTS[kind]) if kind else None


def ending_of(answers: Sequence[str]) -> str:
    """Return what has to follow an answer so that it is not weighed as the beginning of another.

    >>> ending_of(["1", "2"]), ending_of(["1", "10"])
    ('', '\\n')
    """
    return "\n" if any(one != other and other.startswith(one) for one in answers for other in answers) else ""


def bare_reading(picture: str, question: str) -> str:
    """Return picture and question as training files hold them."""
    return f"{picture}{question}\n"


def bare_drawing(request: Request, layout: Layout) -> str:
    """Return a request as training files hold it; other words than those of usual kinds stay as they are.

    >>> from calligram.picture import get_layout
    >>> bare_drawing("a five", get_layout("classic"))
    'Draw the digit 5, classic.\\n'
    """
    try:
        kind, answer = find_request(request, SUBJECTS)
        return DRAWING.format(kind=kind, answer=answer, layout=layout.name)
    except RequestError:
        return f"Draw {words_of(request)}, {layout.name}.\n"


def taught_drawing(request: Request, layout: Layout) -> str:
    """Return a request as the built-in model was taught to hear it.

    Raises:
        RequestError: it was not taught to draw that.

    >>> from calligram.picture import get_layout
    >>> taught_drawing("a five", get_layout("classic"))
    'Draw this digit, classic:\\n5\\n'
    """
    kind, answer = find_request(request, SUBJECTS)
    return drawing_prompt(kind, answer, layout.name)


def words_of(request: Request) -> str:
    """Return a request in words, without the word "draw" before them."""
    words = request if isinstance(request, str) else f"the {' '.join(request)}"
    return words.strip().rstrip(".").removeprefix("Draw ").removeprefix("draw ")


def told_reading(picture: str, question: str, layout: Layout, answers: Sequence[str] | None) -> str:
    """Return picture and question with instructions for a model that was never taught."""
    asked = (
        f"{question} Answer with one of these and nothing else: {', '.join(answers)}."
        if answers
        else (f"{question} Answer in a few words and nothing else.")
    )
    return f"This is a picture, written as text. {_told_ramp(layout)}\n\n{picture}\n{asked}"


def told_drawing(request: Request, layout: Layout) -> str:
    """Return a request with instructions for a model that was never taught."""
    rows, columns = layout.grid()
    markup = get_markup(layout.markup)
    cells = markup.cells(layout.symbols)
    first = f"{markup.before(1, rows)}{cells[0] * columns}{markup.after(1, rows)}"
    return (
        f"Draw {words_of(request)} as a picture written as text: exactly {rows} rows of {columns} cells. "
        f"{_told_ramp(layout)} An empty first row is written\n{first}"
        f"and the others likewise, each with its own number where it has one. "
        "Write the rows and nothing else."
    )


def told_fault(fault: str) -> str:
    """Return what a model is told of an answer that could not be used."""
    return f"That could not be used: {fault}. Answer again, and write nothing else."


def _told_ramp(layout: Layout) -> str:
    cells = get_markup(layout.markup).cells(layout.symbols)
    return f"Each cell is one of {', '.join(map(repr, cells))}, from the emptiest to the fullest."
