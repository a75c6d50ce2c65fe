"""Models behind OpenAI-compatible endpoints: what is told of answers, by servers of every kind."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.models.conftest import CLASSIC_DRAWING, answer_like_a_model
from tests.models.endpoints import Endpoint, OpenAIHandler, running

from calligram.errors import EndpointError, ModelError, OptionError
from calligram.models.base import Model, SamplingOptions, open_model
from calligram.models.openai import OpenAI
from calligram.picture import get_layout, spell_batch

pytest.importorskip("openai", reason="endpoints need the extra endpoints")

CLASSIC = get_layout("classic")
LEVELS = np.random.default_rng(0).integers(3, size=(3, 11, 20)).astype(np.uint8)
QUESTION = "What digit is this?"
PART = "�"
Open = Callable[..., Model]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A running endpoint."""
    with running(Endpoint(answer_like_a_model), OpenAIHandler) as served:
        yield served


@pytest.fixture
def open_endpoint(endpoint: Endpoint) -> Open:
    """Return a function that opens the model behind it, with options."""

    def open_with(**options: object) -> Model:
        told = "&".join(f"{name}={value}" for name, value in {"retries": 0, **options}.items())
        return open_model(f"openai:any?{told}", endpoint.base_url)

    return open_with


def test_a_key_with_a_line_break_is_sent_without_it(
    open_endpoint: Open, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret\n")
    open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)
    assert endpoint.keys == ["Bearer sk-secret"]


def test_the_answer_that_was_given_is_never_replaced(open_endpoint: Open, endpoint: Endpoint) -> None:
    endpoint.tops = {"It": 0.6, "3": 0.1}
    reading = open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)[0]
    assert (reading.answer, reading.candidates, reading.weighed) == ("7", [("7", 1.0)], False)


def test_an_answer_less_likely_than_another_keeps_its_own_share(
    open_endpoint: Open, endpoint: Endpoint
) -> None:
    endpoint.tops = {"7": 0.3, "1": 0.6}
    reading = open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)[0]
    assert reading.answer == "7"
    assert reading.confidence == pytest.approx(0.3)
    assert [answer for answer, _ in reading.candidates[:2]] == ["7", "1"]


def cut_like_vllm(prompt: str) -> list[str]:
    """Return a beginning of its own, then letters, with three parts for each glyph."""
    parts = ([PART] * 3 if letter in "▓█" else [letter] for letter in prompt)
    return ["<|begin_of_text|>", *(part for each in parts for part in each)]


def test_answers_are_weighed_by_their_own_tokens_behind_any_beginning(
    open_endpoint: Open, endpoint: Endpoint
) -> None:
    endpoint.echo = cut_like_vllm
    model = open_endpoint(api="completions")
    assert isinstance(model, OpenAI)
    assert model.weigh("▓█ is\n", ["7", "3"]) == [-2.0, -2.0]
    assert model.weigh("▓█ is\n", ["1", "10"]) == [-6.0, -14.0]
    cells = 11 * 20
    text = spell_batch(LEVELS[:1], CLASSIC)[0]
    tokens = len(cut_like_vllm(text)) - 1
    bits = model.bits_per_cell(LEVELS[:1], CLASSIC, "a five")[0]
    assert bits == pytest.approx((2.0 ** (tokens + 1) - 2) / math.log(2) / cells)


def test_tokens_that_never_spell_the_answer_are_told(open_endpoint: Open, endpoint: Endpoint) -> None:
    endpoint.echo = lambda prompt: ["<s>", prompt[:-2], prompt[-2:]]
    with pytest.raises(ModelError, match=r"never spell its ending '0'.* write openai:any\?api=chat"):
        open_endpoint(api="completions").read(LEVELS[:1], CLASSIC, QUESTION)


@pytest.mark.parametrize("name", ["temperature", "logprobs"])
def test_what_a_reasoning_model_refuses_is_left_out_once_and_told(
    name: str, open_endpoint: Open, endpoint: Endpoint
) -> None:
    endpoint.refused = frozenset({name})
    endpoint.tops = {"7": 0.9}
    model = open_endpoint(concurrency=1)
    assert [reading.answer for reading in model.read(LEVELS, CLASSIC, QUESTION)] == ["7"] * 3
    assert [name in body for body in endpoint.asked] == [True, False, False, False]
    assert model.describe()["left_out"] == [name]
    assert model.remarks() == [f"openai:any takes no {name}, which was left out"]


def test_no_temperature_is_sent_where_none_is_wanted(open_endpoint: Open, endpoint: Endpoint) -> None:
    open_endpoint(temperature="none", answer_tokens=3000).read(LEVELS[:1], CLASSIC, QUESTION)
    assert "temperature" not in endpoint.asked[0]
    assert endpoint.asked[0]["max_tokens"] == 3000


def test_an_answer_cut_off_while_it_was_thought_about_is_told(
    open_endpoint: Open, endpoint: Endpoint
) -> None:
    endpoint.finish = "length"
    for thought in ("", "<think>\nIt has a bar on top, and"):
        endpoint.answer = lambda body, thought=thought: thought  # type: ignore[misc]
        with pytest.raises(
            ModelError, match=r"cut off before an answer, after 64 tokens: raise answer_tokens"
        ):
            open_endpoint(cache="no").read(LEVELS[:1], CLASSIC, QUESTION)


def test_thoughts_before_an_answer_are_no_part_of_it(open_endpoint: Open, endpoint: Endpoint) -> None:
    endpoint.answer = lambda body: "<think>\n3 or 8?\n</think>\n\n" + answer_like_a_model(body)
    rows: list[int] = []
    assert open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)[0].answer == "7"
    open_endpoint(tries=1).draw("a five", CLASSIC, on_row=lambda number, row, levels: rows.append(row))
    assert rows == list(range(11))


def test_a_stream_that_merely_stops_is_told_and_nothing_is_kept(
    open_endpoint: Open, endpoint: Endpoint, tmp_path: Path
) -> None:
    endpoint.answer, endpoint.finish = (lambda body: CLASSIC_DRAWING[:100]), None
    with pytest.raises(EndpointError, match="the answer stopped before its end"):
        open_endpoint().draw("a five", CLASSIC)
    assert not list((tmp_path / "cache" / "answers").rglob("*.json"))


def test_what_a_whole_drawing_cost_is_taken_from_the_endpoint(
    open_endpoint: Open, endpoint: Endpoint
) -> None:
    model = open_endpoint()
    model.draw("a five", CLASSIC)
    told = model.describe()
    assert (told["tokens_used"], told["requests"], told["requests_estimated"]) == (15, 1, 0)


def test_requests_side_by_side_do_not_pass_the_same_budget(open_endpoint: Open, endpoint: Endpoint) -> None:
    with pytest.raises(ModelError, match="has used 15 tokens in 1 requests"):
        open_endpoint(budget_tokens=10, concurrency=3).read(LEVELS, CLASSIC, QUESTION)
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<html><body>Welcome</body></html>"),
        ("application/json", b'{"choices": ['),
        ("application/json", b"{}"),
        ("application/json", b"[]"),
        ("text/event-stream", b"data: {broken\n\n"),
    ],
)
@pytest.mark.parametrize("listed", [False, True])
def test_what_is_no_such_endpoint_is_told_in_one_sentence(
    kind: str, body: bytes, listed: bool, open_endpoint: Open, endpoint: Endpoint
) -> None:
    if listed:
        open_endpoint().describe()
    endpoint.raw = (kind, body)
    told = r"so this is no OpenAI-compatible endpoint: does the address end in /v1\?|stopped before its end"
    options = {"server": "other"} if listed else {}
    with pytest.raises(EndpointError, match=told):
        open_endpoint(**options).read(LEVELS[:1], CLASSIC, QUESTION)
    with pytest.raises(EndpointError, match=told):
        open_endpoint(**options).draw("a five", CLASSIC)


@pytest.mark.parametrize("status", [404, 405])
def test_an_endpoint_without_a_list_of_models_is_any_other(
    status: int, open_endpoint: Open, endpoint: Endpoint
) -> None:
    endpoint.lists = status
    assert open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)[0].answer == "7"


def entry(name: str, owner: str, **more: object) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 5, "owned_by": owner, **more}


def test_the_entry_of_the_models_own_name_counts_first(open_endpoint: Open, endpoint: Endpoint) -> None:
    endpoint.lists = [entry("first", "llamacpp"), entry("any", "vllm"), entry("last", "library")]
    model = open_endpoint()
    assert isinstance(model, OpenAI)
    assert model.server == "vllm"
    endpoint.lists = [entry("one", "nobody"), entry("two", "llamacpp"), entry("three", "vllm")]
    for _ in range(3):
        model = open_endpoint()
        assert isinstance(model, OpenAI)
        assert model.server == "llamacpp"


def test_with_every_answer_on_disk_a_run_goes_on_without_its_server(endpoint: Endpoint) -> None:
    endpoint.lists = [entry("any", "calligram")]
    spelled = "openai:any?retries=0&timeout_s=5"
    with running(Endpoint(answer_like_a_model, lists=endpoint.lists), OpenAIHandler) as dying:
        address = dying.base_url
        open_model(spelled, address).read(LEVELS, CLASSIC, QUESTION)
    again = open_model(spelled, address)
    assert [reading.answer for reading in again.read(LEVELS, CLASSIC, QUESTION)] == ["7"] * 3
    assert (again.describe()["requests"], again.describe()["answers_from_disk"]) == (0, 3)


def test_answers_of_weights_that_were_written_again_are_not_those_of_before(
    open_endpoint: Open, endpoint: Endpoint
) -> None:
    endpoint.lists = [entry("any", "calligram")]
    open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)
    endpoint.answer = lambda body: "3"
    assert open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)[0].answer == "7"
    endpoint.lists[0]["created"] = 6
    assert open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)[0].answer == "3"


def test_weights_on_this_machine_are_dated_by_their_files(
    open_endpoint: Open, endpoint: Endpoint, tmp_path: Path
) -> None:
    import os

    weights = tmp_path / "model.gguf"
    weights.write_bytes(b"weights")
    endpoint.lists = [entry("any", "vllm", root=str(weights))]
    open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)
    endpoint.answer = lambda body: "3"
    os.utime(weights, (7, 7))
    assert open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)[0].answer == "3"


def test_a_cache_that_is_no_folder_is_told_before_anything_is_paid_for(
    open_endpoint: Open, endpoint: Endpoint, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("no folder")
    from calligram.errors import OutputError

    with pytest.raises(
        OutputError, match=r"set CALLIGRAM_CACHE to a folder that can be written, or cache=no"
    ):
        open_endpoint().read(LEVELS[:1], CLASSIC, QUESTION)
    assert not endpoint.asked


def test_llamacpp_is_told_the_repeat_penalty_by_its_own_name(open_endpoint: Open, endpoint: Endpoint) -> None:
    endpoint.owner = "llamacpp"
    open_endpoint().draw("a five", CLASSIC, 1, SamplingOptions(seed=1, repetition_penalty=1.1, min_p=0.1))
    assert (endpoint.asked[0]["repeat_penalty"], endpoint.asked[0]["min_p"]) == (1.1, 0.1)
    assert "repetition_penalty" not in endpoint.asked[0]


def test_options_without_effect_are_refused(open_endpoint: Open, endpoint: Endpoint) -> None:
    with pytest.raises(OptionError, match="as_json is yes, but api=completions takes no schema"):
        open_endpoint(api="completions", as_json="yes")
    for name, value in (("top_k", 5), ("min_p", 0.1), ("repetition_penalty", 1.1)):
        with pytest.raises(OptionError, match=rf"{name} is {value}, but the endpoint .* takes none"):
            open_endpoint().draw("a five", CLASSIC, 1, SamplingOptions(**{name: value}))
    assert not endpoint.asked


def test_a_bare_question_is_not_asked_again_in_the_same_words(
    open_endpoint: Open, endpoint: Endpoint
) -> None:
    endpoint.answer = lambda body: "a cat"
    assert open_endpoint(style="bare", cache="no").read(LEVELS[:1], CLASSIC, QUESTION)[0].abstained
    assert len(endpoint.asked) == 1


def test_given_rows_are_told_where_text_is_gone_on_with(open_endpoint: Open, endpoint: Endpoint) -> None:
    given = "".join(CLASSIC_DRAWING.splitlines(keepends=True)[:4])
    endpoint.answer = lambda body: CLASSIC_DRAWING.removeprefix(given)
    levels = np.array([[1, 2] * 10] * 4, np.uint8)
    drawn = open_endpoint(api="completions").draw("a five", CLASSIC, prefix_levels=levels)
    assert endpoint.asked[0]["prompt"] == f"Draw the digit 5, classic.\n{given}"
    assert spell_batch(drawn[0][None], CLASSIC) == [CLASSIC_DRAWING]
    with pytest.raises(OptionError, match=r"has no place for them: write \?api=completions, or \?style=told"):
        open_endpoint(style="bare").draw("a five", CLASSIC, prefix_levels=levels)


def test_a_caller_that_went_away_is_no_fault_of_the_endpoint(open_endpoint: Open) -> None:
    def leave(number: int, row: int, levels: Any) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        open_endpoint().draw("a five", CLASSIC, on_row=leave)
