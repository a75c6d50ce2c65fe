"""Models behind endpoints, over real connections: what is asked, what fails, what is kept, what is spent."""

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.models.conftest import CLASSIC_DRAWING, answer_like_a_model
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler, follow_regex, running

from calligram.errors import ModelError, OptionError
from calligram.models.base import Model, SamplingOptions, open_model
from calligram.picture import get_layout, spell

pytest.importorskip("openai", reason="endpoints need the extra endpoints")
pytest.importorskip("anthropic", reason="endpoints need the extra endpoints")

CLASSIC = get_layout("classic")
LEVELS = np.random.default_rng(0).integers(3, size=(3, 11, 20)).astype(np.uint8)
QUESTION = "What digit is this?"
HANDLERS = {"openai": OpenAIHandler, "anthropic": AnthropicHandler}
Open = Callable[..., Model]


@pytest.fixture(params=list(HANDLERS))
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of endpoint."""
    name: str = request.param
    return name


@pytest.fixture
def endpoint(kind: str) -> Iterator[Endpoint]:
    """A running endpoint of that kind."""
    with running(Endpoint(answer_like_a_model), HANDLERS[kind]) as served:
        yield served


@pytest.fixture
def open_endpoint(kind: str, endpoint: Endpoint) -> Open:
    """Return a function that opens the model behind it, with options."""

    def open_with(**options: object) -> Model:
        told = "&".join(f"{name}={value}" for name, value in {"retries": 0, **options}.items())
        return open_model(f"{kind}:any?{told}", endpoint.base_url)

    return open_with


def test_pictures_are_read_and_drawn_over_the_wire(open_endpoint: Open, endpoint: Endpoint) -> None:
    model = open_endpoint()
    assert [reading.answer for reading in model.read(LEVELS, CLASSIC, QUESTION)] == ["7", "7", "7"]
    sent = [str(body["messages"]) for body in endpoint.asked]
    assert len(sent) == 3
    assert all("<row:11>" in text and "Answer with one of these" in text for text in sent)
    rows: list[tuple[int, int]] = []
    drawn = model.draw("a five", CLASSIC, 2, on_row=lambda number, row, levels: rows.append((number, row)))
    assert [spell(grid, CLASSIC) for grid in drawn] == [CLASSIC_DRAWING] * 2
    assert sorted(rows) == [(number, row) for number in range(2) for row in range(11)]


def test_an_answer_is_paid_for_once(open_endpoint: Open, endpoint: Endpoint) -> None:
    open_endpoint().read(LEVELS, CLASSIC, QUESTION)
    again = open_endpoint()
    assert again.read(LEVELS, CLASSIC, QUESTION)[0].answer == "7"
    assert len(endpoint.asked) == 3
    assert again.describe()["requests"] == 0
    open_endpoint(cache="no").read(LEVELS[:1], CLASSIC, QUESTION)
    assert len(endpoint.asked) == 4


def test_too_many_requests_and_server_faults_are_tried_again(open_endpoint: Open, endpoint: Endpoint) -> None:
    endpoint.failures = [429, 503]
    assert open_endpoint(retries=2).read(LEVELS[:1], CLASSIC, QUESTION)[0].answer == "7"
    assert len(endpoint.asked) == 3


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (401, "check the key"),
        (404, "check the model's name"),
        (429, "ask less at once"),
        (500, "try again later"),
    ],
)
def test_refusals_say_what_to_do_and_never_the_key(
    kind: str, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, status: int, step: str
) -> None:
    monkeypatch.setenv(f"{kind.upper()}_API_KEY", "sk-very-secret")
    endpoint.failures = [status]
    model = open_model(f"{kind}:any?retries=0", endpoint.base_url)
    with pytest.raises(ModelError, match=rf"refused with {status} .*{step}") as caught:
        model.read(LEVELS[:1], CLASSIC, QUESTION)
    assert "sk-very-secret" in endpoint.keys[0]
    assert "sk-very-secret" not in str(caught.value)
    model.read(LEVELS[:1], CLASSIC, QUESTION)
    kept = list((tmp_path / "cache" / "answers").rglob("*.json"))
    assert len(kept) == 1
    assert "sk-very-secret" not in kept[0].read_text() + str(model.describe())


def test_a_server_that_takes_too_long_is_told(open_endpoint: Open, endpoint: Endpoint) -> None:
    endpoint.wait_s = 1.0
    with pytest.raises(ModelError, match=r"gave no answer within 0\.2 s, 1 times: raise timeout_s"):
        open_endpoint(timeout_s=0.2).read(LEVELS[:1], CLASSIC, QUESTION)


def test_nobody_at_the_address_is_told(kind: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ModelError, match="cannot be reached"):
        open_model(f"{kind}:any?retries=0", address).read(LEVELS[:1], CLASSIC, QUESTION)


def test_a_connection_that_breaks_mid_drawing_is_told_and_nothing_is_kept(
    open_endpoint: Open, endpoint: Endpoint, tmp_path: Path
) -> None:
    endpoint.break_after = 100
    rows: list[int] = []
    model = open_endpoint()
    with pytest.raises(ModelError, match="broke off"):
        model.draw("a five", CLASSIC, 1, on_row=lambda number, row, levels: rows.append(row))
    assert rows == [0, 1, 2]
    assert not list((tmp_path / "cache" / "answers").rglob("*.json"))
    endpoint.break_after = None
    assert len(model.draw("a five", CLASSIC)) == 1


def test_an_answer_that_is_no_drawing_is_left_off_early(open_endpoint: Open, endpoint: Endpoint) -> None:
    endpoint.answer = lambda body: "Here you are:\n" + "x" * 4000
    with pytest.raises(ModelError, match="no drawing that could be used in 2 tries"):
        open_endpoint(tries=2).draw("a five", CLASSIC)


def test_a_budget_stops_before_the_next_request(open_endpoint: Open, endpoint: Endpoint) -> None:
    with pytest.raises(ModelError, match="has used 15 tokens in 1 requests, and budget_tokens is 10"):
        open_endpoint(budget_tokens=10, concurrency=1).read(LEVELS, CLASSIC, QUESTION)
    assert len(endpoint.asked) == 1


def test_the_usual_address_needs_a_key(kind: str) -> None:
    with pytest.raises(ModelError, match=rf"needs a key, and {kind.upper()}_API_KEY is not set"):
        open_model(f"{kind}:any")
    with pytest.raises(ModelError, match="names no model"):
        open_model(kind)


def test_an_address_for_a_model_without_one_is_refused(tiny_folder: Path) -> None:
    with pytest.raises(OptionError, match="is behind no endpoint"):
        open_model(f"builtin:{tiny_folder}", "http://127.0.0.1:1/v1")


def test_vllm_gets_the_grammar_as_a_regular_expression() -> None:
    with running(Endpoint(follow_regex, owner="vllm"), OpenAIHandler) as endpoint:
        model = open_model("openai:any", endpoint.base_url)
        drawn = model.draw("a five", CLASSIC, 1, SamplingOptions(seed=1, top_k=5, repetition_penalty=1.1))
        assert drawn[0].max() == 0
        body = endpoint.asked[0]
        assert (body["top_k"], body["repetition_penalty"], body["seed"]) == (5, 1.1, 1)


def test_llamacpp_gets_the_grammar_as_gbnf() -> None:
    def answer(body: dict[str, Any]) -> str:
        assert body["grammar"].startswith('root ::= "<row:1>" cell{20}')
        return CLASSIC_DRAWING

    with running(Endpoint(answer, owner="llamacpp"), OpenAIHandler) as endpoint:
        assert len(open_model("openai:any", endpoint.base_url).draw("a five", CLASSIC)) == 1


def test_other_servers_get_no_grammar(openai_endpoint: Endpoint) -> None:
    open_model("openai:any", openai_endpoint.base_url).draw("a five", CLASSIC)
    assert not {"structured_outputs", "grammar", "top_k"} & set(openai_endpoint.asked[0])


def test_answers_are_asked_for_as_json_by_a_schema(open_endpoint: Open, endpoint: Endpoint) -> None:
    endpoint.answer = lambda body: '{"answer": "3"}'
    assert open_endpoint(as_json="yes").read(LEVELS[:1], CLASSIC, QUESTION)[0].answer == "3"
    schema = re.search(r"'enum': \['0', '1'", str(endpoint.asked[0]))
    assert schema, endpoint.asked[0]
