"""What a conversation asks for."""

from pathlib import Path

import pytest

from calligram.models.base import Model
from calligram.picture import Limits
from calligram.server.refusals import RefusalError
from calligram.server.said import Said, Shown, open_url, take_apart
from calligram.server.tasks import ToDraw, ToRead, choose_task

IMAGE = Shown((Path(__file__).parents[2] / "examples" / "three.png").read_bytes(), "here")


def said(*parts: str | Shown, role: str = "user") -> Said:
    return take_apart(role, parts, "messages[0]", Limits())


@pytest.mark.parametrize(
    ("words", "request_"),
    [
        ("draw the digit 5", "the digit 5"),
        ("Draw me a 7, please", "a 7, please"),
        ("Could you please draw a five?", "a five?"),
        ("please sketch an ankle boot", "an ankle boot"),
        ("the letter a", "the letter a"),
        ("OK, now draw us a 3", "a 3"),
        ("show me a 3", "show me a 3"),
    ],
)
def test_words_that_ask_to_draw_are_drawn(words: str, request_: str, builtin: Model) -> None:
    assert choose_task([said(words)], builtin) == ToDraw(request_)


@pytest.mark.parametrize(
    ("words", "task"),
    [
        ("Draw the digit 5, classic.\n", ToDraw("the digit 5", "classic")),
        ("draw an ankle boot in the layout fine", ToDraw("an ankle boot", "fine")),
        ("the digit 5, full", ToDraw("the digit 5", "full")),
        (
            "Draw a 5 as a picture written as text: exactly 14 rows of 28 cells. An empty row is written\n"
            f"<row:1>{28 * ' '}</row:1>\nWrite the rows and nothing else.",
            ToDraw("a 5", "fine"),
        ),
        ("Draw a 5 as a picture: exactly 3 rows of 3 cells.", ToDraw("a 5", None)),
    ],
)
def test_words_may_ask_for_a_layout(words: str, task: ToDraw, builtin: Model) -> None:
    assert choose_task([said(words)], builtin) == task


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("What digit is this?", "What digit is this?"),
        ("Here is a picture. What digit is this? Answer with one character.", "What digit is this?"),
        ("which number is shown", "which number is shown"),
        ("", None),
    ],
)
def test_the_question_is_taken_out_of_what_stands_around_it(
    words: str, question: str | None, builtin: Model
) -> None:
    assert choose_task([said(words, IMAGE)], builtin) == ToRead((IMAGE,), question)


def test_a_picture_shown_before_is_asked_about_until_a_drawing_is_asked_for(builtin: Model) -> None:
    before = [said("What digit is this?", IMAGE), said("3", role="assistant")]
    assert choose_task([*before, said("What letter is it?")], builtin) == ToRead(
        (IMAGE,), "What letter is it?"
    )
    assert choose_task([*before, said("And now draw a 5")], builtin) == ToDraw("a 5")


def test_only_what_a_user_shows_is_looked_for_pictures() -> None:
    text = "<row:1> ▓█</row:1>\n"
    assert said(text, role="system").shown == ()
    assert len(said(text).shown) == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://example.org/cat.png", "never fetched"),
        ("/etc/passwd", "never fetched"),
        ("file:///etc/passwd", "never fetched"),
        ("data:image/png,hello", "no image in base64"),
        ("data:text/html;base64,aGk=", "no image in base64"),
        ("data:image/png;base64,a", "no valid base64"),
        ("data:image/png;base64,", "holds no bytes"),
    ],
)
def test_an_address_that_holds_no_image_is_refused(url: str, words: str) -> None:
    with pytest.raises(RefusalError, match=words) as refused:
        open_url(url, "there")
    assert refused.value.param == "there"


def test_a_data_url_may_have_parameters_and_line_breaks() -> None:
    assert open_url("data:image/png;name=a.png;base64,aGVs\nbG8=", "there") == b"hello"
