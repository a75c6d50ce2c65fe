"""Paths, keys, sizes, and clients that go away."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

import calligram
from calligram.errors import OptionError
from calligram.models.base import Model, SamplingOptions
from calligram.models.builtin import Builtin
from calligram.server import ServeOptions, build_app

if TYPE_CHECKING:
    from openai import OpenAI

openai = pytest.importorskip("openai", reason="the official client is in the extra dev")

Post = Callable[..., tuple[int, dict[str, Any]]]
Serving = Callable[..., Any]
CHAT = "/v1/chat/completions"
DRAW = {"model": "builtin", "messages": [{"role": "user", "content": "draw the digit 5"}], "seed": 1}


def test_the_one_model_is_listed_with_what_it_was_taught(client: "OpenAI", builtin: Model) -> None:
    (listed,) = client.models.list().data
    assert listed.id == client.models.retrieve("builtin").id == "builtin"
    assert listed.model_extra is not None
    assert listed.model_extra["calligram"] == builtin.describe()


def test_health_is_told(post: Post) -> None:
    told = {"status": "ok", "model": "builtin", "version": calligram.__version__}
    assert post("/health", None, method="GET") == (200, told)


def test_another_model_is_not_found(client: "OpenAI") -> None:
    with pytest.raises(openai.NotFoundError, match="there is no model 'gpt-5' here: name 'builtin'"):
        client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": "draw a 5"}])
    with pytest.raises(openai.NotFoundError, match="there is no model 'gpt-5'"):
        client.models.retrieve("gpt-5")


@pytest.mark.parametrize(
    ("path", "body", "more", "status", "code", "words"),
    [
        (CHAT, b"{", {}, 400, "bad_json", "is no valid JSON"),
        (CHAT, b"\xff\xfe", {}, 400, "bad_json", "is no valid JSON"),
        (CHAT, b"[" * 200_000, {}, 400, "bad_json", "is no valid JSON"),
        (CHAT, b"", {}, 400, "missing_parameter", "the body is missing"),
        (CHAT, [1], {}, 400, "bad_parameter", "the body cannot be used"),
        (CHAT, {}, {}, 400, "missing_parameter", "m"),
        (CHAT, {"model": "builtin"}, {}, 400, "missing_parameter", "messages is missing"),
        (
            CHAT,
            DRAW,
            {"headers": {"Content-Type": "text/plain"}},
            400,
            "bad_content_type",
            "application/json",
        ),
        ("/v1/images/generations", {}, {}, 404, "unknown_url", "is not served here"),
        (CHAT, None, {"method": "GET"}, 405, "unknown_url", "GET /v1/chat/completions is not served"),
        ("/docs", None, {"method": "GET"}, 404, "unknown_url", "is not served here"),
    ],
)
def test_what_is_no_request_is_told_in_one_sentence(
    path: str, body: object, more: dict[str, Any], status: int, code: str, words: str, post: Post
) -> None:
    found, told = post(path, body, **more)
    assert found == status
    assert told["error"]["code"] == code
    assert words in told["error"]["message"]


def test_a_request_over_the_size_is_refused_whether_it_says_its_size_or_not(
    served_at: Serving, post_to: Post, builtin: Model
) -> None:
    body = json.dumps(DRAW | {"user": 10_000 * "x"}).encode()
    with served_at(builtin, ServeOptions(max_request_bytes=5000)) as port:
        said = post_to(port, CHAT, body)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        parts = (body[place : place + 1000] for place in range(0, len(body), 1000))
        connection.request("POST", CHAT, parts, {"Content-Type": "application/json"}, encode_chunked=True)
        reply = connection.getresponse()
        unsaid = reply.status, json.loads(reply.read())
        connection.close()
        assert post_to(port, CHAT, DRAW)[0] == 200
    for status, told in (said, unsaid):
        assert (status, told["error"]["code"]) == (413, "request_too_large")
        assert "max_request_bytes is 5000" in told["error"]["message"]


def test_a_key_is_asked_for_where_there_is_one(
    served_at: Serving, post_to: Post, builtin: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVE_TEST_KEY", "open sesame")
    with served_at(builtin, ServeOptions(api_key_env="SERVE_TEST_KEY")) as port:
        url = f"http://127.0.0.1:{port}/v1"
        with openai.OpenAI(base_url=url, api_key="open sesame", max_retries=0) as knows:
            assert knows.models.list().data[0].id == "builtin"
        with (
            openai.OpenAI(base_url=url, api_key="open", max_retries=0) as guesses,
            pytest.raises(openai.AuthenticationError, match="the key is missing or wrong") as raised,
        ):
            guesses.models.list()
        assert "sesame" not in str(raised.value)
        assert post_to(port, CHAT, DRAW)[0] == 401
        assert post_to(port, "/health", None, method="GET")[0] == 200


def test_a_key_that_is_not_there_is_told_before_anything_is_served(builtin: Model) -> None:
    with pytest.raises(OptionError, match="api_key_env names 'NO_SUCH_KEY'"):
        build_app(builtin, ServeOptions(api_key_env="NO_SUCH_KEY"))


def test_many_at_once_get_what_each_would_get_alone(post: Post) -> None:
    bodies = [DRAW | {"seed": seed} for seed in range(12)]

    def draw(body: dict[str, Any]) -> Any:
        return post(CHAT, body)[1]["choices"]

    alone = [draw(body) for body in bodies]
    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(draw, bodies)) == alone


class Counted(Builtin):
    """The built-in model, which counts the rows it draws and the tokens it speaks."""

    def __init__(self) -> None:
        super().__init__()
        self.steps, self.left = 0, threading.Event()

    def draw(self, *args: Any, on_row: Any = None, **more: Any) -> Any:
        def note(*row: Any) -> None:
            self.steps += 1
            if on_row:
                on_row(*row)

        try:
            return super().draw(*args, on_row=note, **more)
        finally:
            self.left.set()

    def speak(self, *args: Any) -> Any:
        try:
            for token in super().speak(*args):
                self.steps += 1
                time.sleep(0.002)
                yield token
        finally:
            self.left.set()


SPEAK = {"model": "builtin", "prompt": "5", "n": 128, "max_tokens": 200, "stream": True}


@pytest.mark.parametrize(
    ("path", "body", "steps"),
    [(CHAT, DRAW | {"n": 128, "stream": True}, 128 * 11), ("/v1/completions", SPEAK, 128 * 200)],
    ids=["drawing", "speaking"],
)
def test_a_client_that_goes_away_stops_the_work(
    path: str, body: dict[str, Any], steps: int, served_at: Serving, post_to: Post, builtin: Model
) -> None:
    model = Counted()
    with served_at(model) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        reply = connection.getresponse()
        assert reply.read(20).startswith(b"data: ")
        assert reply.fp is not None
        reply.close()
        connection.close()
        assert model.left.wait(10)
        assert model.steps < steps / 2
        assert post_to(port, "/health", None, method="GET")[0] == 200
        # nothing is left behind that changes what comes next
        alone = calligram.draw("the digit 5", seed=1, model=builtin)[0]
        assert post_to(port, CHAT, DRAW)[1]["choices"][0]["message"]["content"] == alone.text


class Failing(Builtin):
    """The built-in model, which breaks while it speaks."""

    def speak(self, prompt: Any, options: SamplingOptions, most_tokens: int, top: int = 0) -> Any:
        yield next(iter(super().speak(prompt, options, most_tokens, top)))
        raise ZeroDivisionError("a fault of our own")


def test_a_fault_of_our_own_is_an_error_and_no_end(served_at: Serving, post_to: Post, builtin: Model) -> None:
    body = {"model": "builtin", "prompt": "5"}
    with served_at(Failing()) as port:
        status, told = post_to(port, "/v1/completions", body)
        assert (status, told["error"]["type"]) == (500, "server_error")
        assert "ZeroDivision" not in told["error"]["message"]
        with openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0) as client:
            stream = client.completions.create(**body, stream=True)
            assert next(stream).choices[0].text
            with pytest.raises(openai.APIError, match="the server failed"):
                list(stream)
