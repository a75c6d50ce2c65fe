"""Our own models behind ``openai:``, and a served model that stands behind an endpoint itself."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.models.conftest import CLASSIC_DRAWING, answer_like_a_model
from tests.models.endpoints import Endpoint, OpenAIHandler
from tests.models.endpoints import running as endpoint_running

from calligram.models.base import Model, SamplingOptions, open_model
from calligram.nano.folder import SHIPPED
from calligram.picture import get_layout
from calligram.seeing import see

openai = pytest.importorskip("openai", reason="the official client is in the extra dev")

CLASSIC = get_layout("classic")
QUESTION = "What digit is this?"
BLANK = np.zeros((1, 11, 20), np.uint8)
THREE = Path(__file__).parents[2] / "examples" / "three.png"
Serve = Callable[..., Any]


@pytest.fixture
def through(port: int) -> Callable[..., Model]:
    """Return a function that opens the built-in model by way of the server."""

    def open_with(options: str = "") -> Model:
        return open_model(f"openai:builtin?cache=no&retries=0&{options}", f"http://127.0.0.1:{port}/v1")

    return open_with


@pytest.mark.parametrize("question", [QUESTION, "What is this?"])
def test_a_blank_picture_is_abstained_from_over_the_wire_too(
    question: str, through: Callable[..., Model], builtin: Model
) -> None:
    (direct,), (told,) = (model.read(BLANK, CLASSIC, question) for model in (builtin, through()))
    assert direct.abstained
    assert (told.answer, told.abstained, told.weighed) == (None, True, True)
    assert told.confidence == pytest.approx(direct.confidence, abs=1e-6)
    assert told.familiarity == pytest.approx(direct.familiarity, abs=1e-6)
    for one, other in zip(told.candidates, direct.candidates, strict=False):
        assert one == (other[0], pytest.approx(other[1], abs=1e-6))


def test_a_reading_among_some_answers_is_of_those(through: Callable[..., Model]) -> None:
    reading = see(THREE, QUESTION, "classic", through())
    assert reading.answer == "3"
    picture = np.array(BLANK)
    (told,) = through().read(picture, CLASSIC, QUESTION, ["1", "2"])
    assert {answer for answer, _ in told.candidates} <= {"1", "2"}


def test_the_built_in_model_draws_where_its_text_is_gone_on_with(
    through: Callable[..., Model], builtin: Model
) -> None:
    model = through("api=completions&tries=10")
    given = np.zeros((2, 20), np.uint8)
    for prefix in (None, given):
        (drawn,) = model.draw("a five", CLASSIC, 1, SamplingOptions(seed=1, top_k=20), prefix_levels=prefix)
        assert drawn.shape == (11, 20)
    assert not drawn[:2].any()


def test_the_entry_of_a_model_is_dated_by_its_weights(served_at: Serve, post_to: Any, tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "nano")
    for path in folder.iterdir():
        os.utime(path, (1000, 1000))
    os.utime(folder / "model.safetensors", (2000, 2000))
    with served_at(open_model(f"builtin:{folder}")) as port:
        _, told = post_to(port, "/v1/models", method="GET")
    assert told["data"][0]["created"] == 2000


def draw(port: int, name: str, **more: Any) -> Any:
    with openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0) as client:
        messages = [{"role": "user", "content": "draw the digit 5"}]
        reply = client.chat.completions.create(model=name, messages=messages, **more)
        return list(reply) if more.get("stream") else reply


def test_a_failure_behind_the_model_is_no_fault_of_the_request(served_at: Serve) -> None:
    with endpoint_running(Endpoint(answer_like_a_model, failures=[500, 500]), OpenAIHandler) as behind:
        model = open_model("openai:any?cache=no&retries=0", behind.base_url)
        with served_at(model) as port:
            for more in ({}, {"stream": True}):
                with pytest.raises(openai.InternalServerError) as caught:
                    draw(port, model.name, **more)
                assert (caught.value.status_code, caught.value.code) == (502, "upstream_failed")
                assert "was refused with 500" in str(caught.value)


def test_a_failure_behind_the_model_mid_stream_is_the_last_event(served_at: Serve) -> None:
    with endpoint_running(Endpoint(lambda body: CLASSIC_DRAWING, break_after=100), OpenAIHandler) as behind:
        model = open_model("openai:any?cache=no&retries=0", behind.base_url)
        with served_at(model) as port, pytest.raises(openai.APIError, match="broke off") as caught:
            draw(port, model.name, stream=True)
        assert caught.value.body["code"] == "upstream_failed"


def test_a_budget_that_is_used_up_is_told_as_that(served_at: Serve) -> None:
    with endpoint_running(Endpoint(answer_like_a_model), OpenAIHandler) as behind:
        model = open_model("openai:any?cache=no&budget_tokens=1", behind.base_url)
        with served_at(model) as port:
            draw(port, model.name)
            with pytest.raises(openai.InternalServerError, match="budget_tokens is 1") as caught:
                draw(port, model.name)
    assert (caught.value.status_code, caught.value.code) == (503, "budget_used_up")


LONE = json.dumps("\ud800")


@pytest.mark.parametrize(
    "body",
    [
        '{"model": "builtin", "messages": [{"role": "user", "content": %s}]}',
        '{"model": "builtin", "messages": [{"role": "user", "content": [{"type": "text", "text": %s}]}]}',
        '{"model": %s, "messages": [{"role": "user", "content": "5"}]}',
        '{"model": "builtin", "messages": [{"role": "user", "content": "5"}], %s: 1}',
        '{"model": "builtin", "messages": [{"role": "user", "content": "5"}], "grammar": %s}',
        '{"model": "builtin", "messages": [{"role": "user", "content": "draw a 5"}], "stop": %s}',
        '{"model": "builtin", "messages": [{"role": "user", "content": "5"}], "response_format": '
        '{"type": "json_schema", "json_schema": {"schema": {"properties": {%s: {}}}}}}',
    ],
)
def test_half_a_character_is_refused(body: str, post: Any) -> None:
    status, told = post("/v1/chat/completions", (body % LONE).encode())
    assert 400 <= status < 500, told
    status, told = post(
        "/v1/completions", (body.partition(', "messages"')[0] + f', "prompt": {LONE}}}').encode()
    )
    assert 400 <= status < 500, told
