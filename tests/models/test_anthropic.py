"""Models of Anthropic's interface: how its streams end, well and otherwise."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.models.conftest import CLASSIC_DRAWING, answer_like_a_model
from tests.models.endpoints import AnthropicHandler, Endpoint, running

from calligram.errors import EndpointError, ModelError, OptionError
from calligram.models.base import Model, SamplingOptions, open_model
from calligram.picture import get_layout

pytest.importorskip("anthropic", reason="endpoints need the extra endpoints")

CLASSIC = get_layout("classic")
LEVELS = np.zeros((1, 11, 20), np.uint8)
QUESTION = "What digit is this?"
Open = Callable[..., Model]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A running endpoint."""
    with running(Endpoint(answer_like_a_model), AnthropicHandler) as served:
        yield served


@pytest.fixture
def open_endpoint(endpoint: Endpoint) -> Open:
    """Return a function that opens the model behind it, with options."""

    def open_with(**options: object) -> Model:
        told = "&".join(f"{name}={value}" for name, value in {"retries": 0, **options}.items())
        return open_model(f"anthropic:any?{told}", endpoint.base_url)

    return open_with


def test_an_endpoint_that_is_overloaded_mid_stream_is_told_as_that(
    open_endpoint: Open, endpoint: Endpoint, tmp_path: Path
) -> None:
    endpoint.overloaded_after = 64
    with pytest.raises(EndpointError, match=r"broke off with overloaded_error .*: try again later"):
        open_endpoint().draw("a five", CLASSIC)
    assert not list((tmp_path / "cache").rglob("*.json"))


def test_a_caller_that_went_away_is_no_fault_of_the_endpoint(open_endpoint: Open) -> None:
    def leave(number: int, row: int, levels: Any) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        open_endpoint().draw("a five", CLASSIC, on_row=leave)


def test_a_stream_that_merely_stops_is_told_and_nothing_is_kept(
    open_endpoint: Open, endpoint: Endpoint, tmp_path: Path
) -> None:
    endpoint.answer, endpoint.finish = (lambda body: CLASSIC_DRAWING[:100]), None
    with pytest.raises(EndpointError, match="the answer stopped before its end"):
        open_endpoint().draw("a five", CLASSIC)
    assert not list((tmp_path / "cache").rglob("*.json"))


def test_an_answer_cut_off_before_it_began_is_told(open_endpoint: Open, endpoint: Endpoint) -> None:
    endpoint.answer, endpoint.finish = (lambda body: ""), "length"
    with pytest.raises(ModelError, match="cut off before an answer"):
        open_endpoint().read(LEVELS, CLASSIC, QUESTION)


def test_what_a_whole_drawing_cost_is_taken_from_the_endpoint(open_endpoint: Open) -> None:
    model = open_endpoint()
    model.draw("a five", CLASSIC)
    told = model.describe()
    assert (told["tokens_used"], told["requests_estimated"]) == (15, 0)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<html><body>Welcome</body></html>"),
        ("application/json", b"{}"),
        ("text/event-stream", b"event: message_start\ndata: {broken\n\n"),
        ("text/event-stream", b""),
    ],
)
def test_what_is_no_such_endpoint_is_told_in_one_sentence(
    kind: str, body: bytes, open_endpoint: Open, endpoint: Endpoint
) -> None:
    endpoint.raw = (kind, body)
    with pytest.raises(EndpointError, match=r"is no Anthropic-compatible endpoint|stopped before its end"):
        open_endpoint().read(LEVELS, CLASSIC, QUESTION)


def test_sampling_that_the_service_does_not_take_is_refused(open_endpoint: Open) -> None:
    with pytest.raises(OptionError, match="top_k is 5, but Anthropic's service takes no sampling options"):
        open_endpoint().draw("a five", CLASSIC, 1, SamplingOptions(top_k=5))
