"""Completions through the official client: figures equal to the model's own, token for token."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import calligram
from calligram.models.base import SamplingOptions

if TYPE_CHECKING:
    from openai import OpenAI

pytest.importorskip("openai", reason="the official client is in the extra dev")

Post = Callable[..., tuple[int, dict[str, Any]]]
PICTURE = calligram.encode(Path(__file__).parents[2] / "examples" / "three.png")
PROMPT = f"{PICTURE.text}What digit is this?\n"
UNENDED = "Draw this digit, classic:\n5\n<row:1>"


def complete(client: "OpenAI", prompt: Any, **more: Any) -> Any:
    return client.completions.create(model="builtin", prompt=prompt, **more)


@pytest.mark.parametrize("spelled", ["text", "tokens"])
@pytest.mark.parametrize("most", [0, 1])
def test_an_echo_has_the_models_own_log_probabilities(
    spelled: str, most: int, client: "OpenAI", builtin: Any
) -> None:
    text = PROMPT + "3"
    prompt = text if spelled == "text" else builtin.cut(text)
    (choice,) = complete(
        client, prompt, echo=True, logprobs=1, max_tokens=most, temperature=0, seed=1
    ).choices
    (own,) = builtin.score_texts([text], 1)
    told = choice.logprobs
    made = len(told.tokens) - len(own)
    assert made == most
    assert told.tokens[: len(own)] == [token.text for token in own]
    assert told.token_logprobs[: len(own)] == [token.logprob for token in own]
    assert told.token_logprobs[0] is told.top_logprobs[0] is None
    for top, token in zip(told.top_logprobs[1 : len(own)], own[1:], strict=True):
        assert top[token.top[0][0]] == token.top[0][1] == max(top.values())
        assert top[token.text] == token.logprob
    assert choice.text.startswith(text)
    for token, offset in zip(told.tokens, told.text_offset, strict=True):
        assert choice.text[offset:].startswith(token)


def test_dropping_the_one_token_that_was_made_leaves_the_prompts_own(client: "OpenAI", builtin: Any) -> None:
    """So do test harnesses weigh answers, each as the last token of the prompt."""
    texts = [PROMPT + answer for answer in "0123456789"]
    tokens = [builtin.cut(text) for text in texts]
    reply = complete(client, tokens, echo=True, logprobs=1, max_tokens=1, temperature=0)
    weighed = [choice.logprobs.token_logprobs[len(tokens[0]) - 1 : -1] for choice in reply.choices]
    assert weighed == [[scored[-1].logprob] for scored in builtin.score_texts(texts)]
    assert max(range(10), key=lambda place: weighed[place][0]) == 3


def test_a_text_goes_on_as_the_model_goes_on(client: "OpenAI", builtin: Any) -> None:
    reply = complete(client, UNENDED, temperature=0.7, seed=5, max_tokens=12, logprobs=2)
    own = list(builtin.speak(UNENDED, SamplingOptions(temperature=0.7, seed=5), 12, 2))
    (choice,) = reply.choices
    assert choice.text == "".join(token.text for token in own)
    assert choice.logprobs.token_logprobs == [token.logprob for token in own]
    assert choice.logprobs.text_offset[0] == len(UNENDED)
    assert choice.finish_reason == "length"
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (len(builtin.cut(UNENDED)), 12)


def test_sixteen_tokens_are_made_where_none_are_asked_for(client: "OpenAI") -> None:
    assert complete(client, UNENDED, temperature=0).usage.completion_tokens == 16


@pytest.mark.parametrize("tokens", [False, True])
def test_several_prompts_are_answered_in_order_each_several_times(
    tokens: bool, client: "OpenAI", builtin: Any
) -> None:
    texts = [UNENDED, UNENDED.replace("5", "7"), "What digit is this?\n"]
    prompts = [builtin.cut(text) for text in texts] if tokens else texts
    reply = complete(client, prompts, n=2, seed=1, max_tokens=6)
    assert [choice.index for choice in reply.choices] == list(range(6))
    for place, text in enumerate(texts):
        for number in range(2):
            own = builtin.speak(text, SamplingOptions(seed=1 + number), 6)
            assert reply.choices[2 * place + number].text == "".join(token.text for token in own)


@pytest.mark.parametrize("echo", [False, True])
def test_a_streamed_completion_is_the_whole_one(echo: bool, client: "OpenAI") -> None:
    asked = {"temperature": 0.7, "seed": 5, "max_tokens": 12, "logprobs": 1, "n": 2, "echo": echo}
    whole = complete(client, UNENDED, **asked)
    chunks = list(complete(client, UNENDED, **asked, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].usage == whole.usage
    for number, choice in enumerate(whole.choices):
        parts = [part for chunk in chunks for part in chunk.choices if part.index == number]
        assert "".join(part.text for part in parts) == choice.text
        assert parts[-1].finish_reason == choice.finish_reason
        for name in ("tokens", "token_logprobs", "text_offset"):
            joined = [value for part in parts for value in getattr(part.logprobs, name)]
            assert joined == getattr(choice.logprobs, name)


@pytest.mark.parametrize("streamed", [False, True])
def test_a_text_ends_before_a_text_to_stop_at(streamed: bool, client: "OpenAI", builtin: Any) -> None:
    own = "".join(token.text for token in builtin.speak(UNENDED, SamplingOptions(temperature=0), 60))
    stop = "<row:5>"
    assert stop in own
    reply = complete(client, UNENDED, temperature=0, max_tokens=60, stop=stop, stream=streamed)
    parts = [chunk.choices[0] for chunk in reply] if streamed else reply.choices
    assert "".join(part.text for part in parts) == own[: own.index(stop)]
    assert parts[-1].finish_reason == "stop"


def test_the_context_ends_an_answer_and_that_is_told(client: "OpenAI", builtin: Any) -> None:
    reply = complete(client, "5" * 250, max_tokens=100, temperature=0)
    assert reply.usage.total_tokens == builtin.positions
    assert reply.choices[0].finish_reason == "length"


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a prompt that is too long": (
        {"prompt": "5" * 300},
        "prompt",
        "has 300 tokens and 1 to be made",
    ),
    "an echo that is too long": (
        {"prompt": "5" * 257, "echo": True, "max_tokens": 0},
        "prompt",
        "the model's context is 256 tokens",
    ),
    "a token that there is not": ({"prompt": [1, 10**6]}, "prompt", "holds the token 1000000"),
    "a negative token": ({"prompt": [[-1]]}, "prompt", "holds the token -1"),
    "no prompts": ({"prompt": []}, "prompt", "empty list"),
    "a prompt of another kind": ({"prompt": {"text": "5"}}, "prompt", "valid"),
    "nothing to do": ({"prompt": "5", "max_tokens": 0}, "max_tokens", "without echo"),
    "fewer tokens than none": ({"prompt": "5", "max_tokens": -1}, "max_tokens", "greater than or equal to 0"),
    "too many candidates": ({"prompt": "5", "logprobs": 100}, "logprobs", "20"),
    "a suffix": ({"prompt": "5", "suffix": "6"}, "suffix", "is not served here"),
    "the best of several": ({"prompt": "5", "best_of": 3}, "best_of", "is not served here"),
    "a key that is not known": ({"prompt": "5", "grammar": "x"}, "grammar", "leave it out"),
    "a share above one": ({"prompt": "5", "top_p": 1.5}, "top_p", "from 0 to 1"),
    "a seed below 0": ({"prompt": "5", "seed": -3}, "seed", "at least 0"),
}


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_refused_in_one_sentence(case: str, streamed: bool, post: Post) -> None:
    body, param, words = REFUSED[case]
    status, told = post("/v1/completions", {"model": "builtin", "stream": streamed, **body})
    assert status == 400
    assert (told["error"]["type"], told["error"]["param"]) == ("invalid_request_error", param)
    assert words in told["error"]["message"]
