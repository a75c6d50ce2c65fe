"""Chats through the official client: pictures read, questions asked on, drawings made."""

import base64
import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import calligram
from calligram.models.base import Model

if TYPE_CHECKING:
    from openai import OpenAI

openai = pytest.importorskip("openai", reason="the official client is in the extra dev")

Post = Callable[..., tuple[int, dict[str, Any]]]
Image = Callable[..., dict[str, Any]]
ROOT = Path(__file__).parents[2]
THREE = ROOT / "examples" / "three.png"
ASK = "What digit is this?"


def user(*parts: Any) -> dict[str, Any]:
    """Return a user's message of words and images."""
    content = [{"type": "text", "text": part} if isinstance(part, str) else part for part in parts]
    return {"role": "user", "content": content}


def at(url: str) -> dict[str, Any]:
    """Return an image at an address as a part of a message."""
    return {"type": "image_url", "image_url": {"url": url}}


def draws(**more: Any) -> dict[str, Any]:
    """Return a request to draw."""
    return {"messages": [user("draw a 5")], **more}


def ask(client: "OpenAI", *messages: Any, **more: Any) -> Any:
    return client.chat.completions.create(model="builtin", messages=list(messages), **more)


def facts(reply: Any) -> dict[str, Any]:
    told: dict[str, Any] = reply.model_extra["calligram"]
    return told


@pytest.mark.parametrize("markup", ["rows", "plain", "numbered", "letters"])
@pytest.mark.parametrize("layout", ["classic", "fine"])
def test_a_text_picture_among_words_is_read(layout: str, markup: str, client: "OpenAI") -> None:
    picture = calligram.encode(THREE, layout)
    spelled = calligram.TextPicture(picture.levels, replace(picture.layout, markup=markup))
    reply = ask(client, user(f"Look at this:\n{spelled.text}\n{ASK} Answer with one character."))
    assert reply.choices[0].message.content == "3"
    assert reply.choices[0].finish_reason == "stop"
    (read,) = facts(reply)["pictures"]
    assert (read["from"], read["layout"], read["text"]) == ("text", layout, picture.text)


def test_an_image_is_turned_into_text_and_read_as_the_library_reads_it(
    client: "OpenAI", image: Image, builtin: Model
) -> None:
    reply = ask(client, user(ASK, image("seven-on-paper.jpg")))
    reading = calligram.see(ROOT / "examples" / "seven-on-paper.jpg", ASK, model=builtin)
    assert reply.choices[0].message.content == reading.answer == "7"
    (read,) = facts(reply)["pictures"]
    assert read["from"] == "image"
    assert read["confidence"] == pytest.approx(reading.confidence, abs=1e-6)
    assert read["familiarity"] == pytest.approx(reading.familiarity, abs=1e-6)
    assert [told["answer"] for told in read["candidates"]] == [answer for answer, _ in reading.candidates][
        :10
    ]


@pytest.mark.parametrize(("detail", "layout"), [("auto", "fine"), ("low", "classic"), ("high", "fine")])
def test_detail_chooses_the_layout_and_the_cost_is_told(
    detail: str, layout: str, client: "OpenAI", image: Image, builtin: Any
) -> None:
    reply = ask(client, user(image("three.png", detail=detail), ASK))
    (read,) = facts(reply)["pictures"]
    assert read["layout"] == layout
    assert read["tokens"] == len(builtin.cut(read["text"]))
    assert reply.usage.prompt_tokens == read["tokens"] + 1  # the question is one token
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def test_a_request_may_name_the_layout(client: "OpenAI", image: Image) -> None:
    reply = ask(client, user(image("three.png"), ASK), extra_body={"calligram": {"layout": "full"}})
    assert facts(reply)["pictures"][0]["layout"] == "full"


def test_a_blank_picture_is_abstained_from_in_words(client: "OpenAI") -> None:
    blank = (ROOT / "src" / "calligram" / "samples" / "blank.png").read_bytes()
    url = "data:image/png;base64," + base64.b64encode(blank).decode()
    reply = ask(client, user(ASK, {"type": "image_url", "image_url": {"url": url}}), logprobs=True)
    assert "not sure" in reply.choices[0].message.content
    assert facts(reply)["pictures"][0]["abstained"] is True
    assert reply.choices[0].logprobs.content == []


def test_several_images_are_answered_one_by_one(client: "OpenAI", image: Image) -> None:
    reply = ask(client, user(ASK, image("three.png"), image("seven-on-paper.jpg")))
    assert reply.choices[0].message.content == "image 1: 3\nimage 2: 7"
    assert [read["answer"] for read in facts(reply)["pictures"]] == ["3", "7"]


def test_a_question_without_a_picture_is_about_those_shown_last_before(
    client: "OpenAI", image: Image
) -> None:
    history = [
        user(ASK, image("seven-on-paper.jpg")),
        {"role": "assistant", "content": "7"},
        user(ASK, image("three.png")),
        {"role": "assistant", "content": "3"},
    ]
    reply = ask(client, *history, user("Which letter is it?"))
    assert reply.choices[0].message.content.isalpha() or facts(reply)["pictures"][0]["abstained"]
    assert [read["place"] for read in facts(reply)["pictures"]] == ["messages[2].content[1].image_url.url"]


def test_only_the_pictures_of_the_last_message_are_read(client: "OpenAI", image: Image) -> None:
    history = [user(ASK, image("three.png")), {"role": "assistant", "content": "3"}]
    reply = ask(client, *history, user(ASK, image("seven-on-paper.jpg")))
    assert reply.choices[0].message.content == "7"
    assert len(facts(reply)["pictures"]) == 1


def test_log_probabilities_of_an_answer_are_its_candidates(client: "OpenAI", image: Image) -> None:
    reply = ask(client, user(ASK, image("three.png")), logprobs=True, top_logprobs=3)
    (token,) = reply.choices[0].logprobs.content
    read = facts(reply)["pictures"][0]
    assert token.token == "3"
    assert math.exp(token.logprob) == pytest.approx(read["confidence"], abs=1e-6)
    assert [other.token for other in token.top_logprobs] == [
        told["answer"] for told in read["candidates"][:3]
    ]


def test_an_answer_in_json_is_of_the_schema(client: "OpenAI", image: Image) -> None:
    schema = {
        "type": "object",
        "properties": {
            "answer": {"type": "string", "enum": ["1", "3", "7"]},
            "confidence": {"type": "number"},
        },
        "required": ["answer", "confidence"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "digit", "strict": True, "schema": schema}}
    reply = ask(client, user(ASK, image("three.png")), response_format=form)
    told = json.loads(reply.choices[0].message.content)
    assert told == {"answer": "3", "confidence": pytest.approx(told["confidence"])}
    assert 0.5 < told["confidence"] <= 1


def test_the_clients_own_parser_takes_the_answer(client: "OpenAI", image: Image) -> None:
    from pydantic import BaseModel

    class Digit(BaseModel):
        answer: int
        abstained: bool

    reply = client.chat.completions.parse(
        model="builtin",
        messages=[user(ASK, image("three.png"))],  # type: ignore[list-item]
        response_format=Digit,
    )
    assert reply.choices[0].message.parsed == Digit(answer=3, abstained=False)


def test_a_streamed_answer_is_the_whole_one(client: "OpenAI", image: Image) -> None:
    chunks = list(
        ask(client, user(ASK, image("three.png")), stream=True, stream_options={"include_usage": True})
    )
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1]) == "3"
    assert [chunk.choices[0].finish_reason for chunk in chunks[:-1]][-1] == "stop"
    assert facts(chunks[-2])["pictures"][0]["answer"] == "3"
    whole = ask(client, user(ASK, image("three.png")))
    assert chunks[-1].usage == whole.usage


def test_a_drawing_is_that_of_the_library(client: "OpenAI", builtin: Model) -> None:
    reply = ask(client, user("Please draw the digit 5"), seed=3, temperature=0.8, n=2)
    options = calligram.DrawOptions(temperature=0.8)
    drawings = calligram.draw("the digit 5", 2, seed=3, model=builtin, options=options)
    assert [choice.message.content for choice in reply.choices] == [drawing.text for drawing in drawings]
    told = facts(reply)["drawings"]
    assert [drawing["read_as"] for drawing in told] == [drawing.read_as for drawing in drawings]
    assert reply.usage.completion_tokens == sum(drawing["tokens"] for drawing in told)


def test_a_drawing_is_streamed_row_by_row(client: "OpenAI", builtin: Model) -> None:
    chunks = list(
        ask(client, user("draw a seven"), seed=1, stream=True, n=2, stream_options={"include_usage": True})
    )
    rows: dict[int, list[str]] = {0: [], 1: []}
    for chunk in chunks[:-1]:
        for choice in chunk.choices:
            rows[choice.index] += [choice.delta.content] if choice.delta.content else []
    options = calligram.DrawOptions(until_read=False)
    drawings = calligram.draw("a seven", 2, seed=1, model=builtin, options=options)
    assert ["".join(rows[number]) for number in (0, 1)] == [drawing.text for drawing in drawings]
    assert [len(rows[number]) for number in (0, 1)] == [11, 11]
    assert [told["read_as"] for told in facts(chunks[-2])["drawings"]] == [made.read_as for made in drawings]
    assert chunks[-1].usage.completion_tokens == sum(told["tokens"] for told in facts(chunks[-2])["drawings"])


def test_words_that_name_a_taught_thing_are_drawn_without_the_verb(client: "OpenAI") -> None:
    reply = ask(client, user("an ankle boot"), seed=1, extra_body={"calligram": {"layout": "fine"}})
    assert calligram.decode(reply.choices[0].message.content).layout.name == "fine"


@pytest.mark.parametrize("streamed", [False, True])
def test_a_drawing_ends_before_a_text_to_stop_at(client: "OpenAI", streamed: bool) -> None:
    reply = ask(client, user("draw the digit 1"), seed=1, stop=["<row:4>"], stream=streamed)
    if streamed:
        chunks = list(reply)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        reason = chunks[-1].choices[0].finish_reason
    else:
        text, reason = reply.choices[0].message.content, reply.choices[0].finish_reason
    assert text.startswith("<row:1>")
    assert text.endswith("</row:3>\n")
    assert reason == "stop"


def test_an_answer_of_more_tokens_than_allowed_is_cut_and_says_so(client: "OpenAI", builtin: Any) -> None:
    reply = ask(client, user("draw the digit 1"), seed=1, max_tokens=10)
    assert reply.choices[0].finish_reason == "length"
    assert len(builtin.cut(reply.choices[0].message.content)) == 10
    assert reply.usage.completion_tokens == 10


BAD = "the text picture in messages[0] cannot be read: row 2"
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a picture from elsewhere": (
        {"messages": [user(ASK, at("https://example.org/a.png"))]},
        "messages[0].content[1].image_url.url",
        "never fetched",
    ),
    "no image": (
        {"messages": [user(ASK, at("data:image/png;base64,aGFsbG8="))]},
        "messages[0].content[1].image_url.url",
        "no image that can be opened",
    ),
    "no base64": (
        {"messages": [user(ASK, at("data:image/png;base64,%%"))]},
        "messages[0].content[1].image_url.url",
        "no valid base64",
    ),
    "another kind of data": (
        {"messages": [user(ASK, at("data:text/plain;base64,aGk="))]},
        "messages[0].content[1].image_url.url",
        "which is no image in base64",
    ),
    "an unknown detail": (
        {"messages": [user({"type": "image_url", "image_url": {"url": "data:,", "detail": "huge"}})]},
        "messages[0].content[0].image_url.detail",
        "'auto', 'low' or 'high'",
    ),
    "sound": ({"messages": [user({"type": "input_audio"})]}, "messages[0].content[0]", "input_audio"),
    "a damaged picture": (
        {"messages": [user("<row:1> ▓█</row:1>\n<row:2> ▓</row:2>\n")]},
        "messages[0]",
        BAD,
    ),
    "a question without a picture": ({"messages": [user(ASK)]}, "messages", "no message shows one"),
    "small talk": (
        {"messages": [user("How are you?")]},
        "messages",
        "was not taught to answer 'How are you?'",
    ),
    "something that was not taught": (
        {"messages": [user("draw a cat")]},
        "messages",
        "not taught to draw 'a cat'",
    ),
    "no words": ({"messages": [user("  ")]}, "messages", "the last message is empty"),
    "no messages": ({"messages": []}, "messages", "must be a user's"),
    "an answer last": ({"messages": [{"role": "assistant", "content": "7"}]}, "messages", "must be a user's"),
    "too many answers": (draws(n=1000), "n", "128"),
    "no temperature": (draws(temperature="hot"), "temperature", "number"),
    "a temperature below 0": (
        draws(temperature=-1),
        "temperature",
        "from 0 to 10",
    ),
    "an unknown layout": (
        draws(calligram={"layout": "coarse"}),
        "calligram.layout",
        "no layout 'coarse'",
    ),
    "an unknown key of ours": (
        draws(calligram={"size": 5}),
        "calligram.size",
        "Extra",
    ),
    "tools": (
        draws(tools=[{"type": "function"}]),
        "tools",
        "is not served here",
    ),
    "a penalty": (
        draws(presence_penalty=0.5),
        "presence_penalty",
        "leave it out",
    ),
    "JSON of a drawing": (
        draws(response_format={"type": "json_object"}),
        "response_format",
        "a drawing is told as it is",
    ),
    "candidates of a drawing": (
        draws(logprobs=True),
        "logprobs",
        "no logprobs",
    ),
    "candidates without logprobs": (
        draws(top_logprobs=2),
        "top_logprobs",
        "set logprobs to true",
    ),
    "an empty stop": (draws(stop=["", "b"]), "stop", "empty text"),
}


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_refused_in_one_sentence(case: str, streamed: bool, post: Post) -> None:
    body, param, words = REFUSED[case]
    status, told = post("/v1/chat/completions", {"model": "builtin", "stream": streamed, **body})
    assert status == 400
    assert told["error"]["type"] == "invalid_request_error"
    assert str(told["error"]["param"]) == param
    assert words in told["error"]["message"]
    assert "\n" not in told["error"]["message"].strip()


def test_the_client_raises_its_own_error_with_the_sentence(client: "OpenAI") -> None:
    with pytest.raises(openai.BadRequestError, match="no message shows one") as raised:
        ask(client, user(ASK))
    assert raised.value.param == "messages"


def test_parameters_that_change_nothing_are_taken(client: "OpenAI", image: Image) -> None:
    more = {"user": "me", "metadata": {"a": "b"}, "store": False, "presence_penalty": 0, "logit_bias": {}}
    assert ask(client, user(ASK, image("three.png")), **more).choices[0].message.content == "3"


def test_an_image_over_a_limit_is_refused_by_the_limits_name(
    served_at: Callable[..., Any], post_to: Callable[..., Any], builtin: Model, image: Image
) -> None:
    from calligram.server import ServeOptions

    body = {"model": "builtin", "messages": [user(ASK, image("three.png"))]}
    with served_at(builtin, ServeOptions(max_pixels=100)) as port:
        status, told = post_to(port, "/v1/chat/completions", body)
    assert status == 400
    assert "max_pixels is 100" in told["error"]["message"]
