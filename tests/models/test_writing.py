"""Going on with texts: seeds, likelihoods and beams of local models, and how endpoints are asked to."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler, running

from calligram.errors import ModelError, OptionError
from calligram.models._conversing import behind
from calligram.models.base import Model, SamplingOptions, Writing, Written, open_model

OPENING = "Draw the digit"
PART = "�"
"""A part of a character, where a text was cut off within it."""
SAMPLED = SamplingOptions(temperature=0.8, top_k=50, top_p=0.95, seed=4)


@pytest.fixture(params=["gpt2_folder", "llama_folder"])
def folder(request: pytest.FixtureRequest) -> Path:
    """A tiny model of Hugging Face of each kind."""
    found: Path = request.getfixturevalue(request.param)
    return found


def write(model: Model, opening: str, count: int, options: SamplingOptions, most: int) -> list[Written]:
    assert isinstance(model, Writing)
    return model.write(opening, count, options, most)


def plain_logprob(folder: Path, given: list[int], made: list[int]) -> float:
    """Return the log-probability of tokens behind others by transformers alone."""
    import torch
    import transformers

    network = transformers.AutoModelForCausalLM.from_pretrained(folder).eval()
    with torch.no_grad():
        scores = network(torch.tensor([given + made])).logits[0].log_softmax(-1)
    return float(sum(scores[len(given) + place - 1, token] for place, token in enumerate(made)))


def opening_tokens(folder: Path, opening: str) -> list[int]:
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    tokens: list[int] = tokenizer(opening, add_special_tokens=False)["input_ids"]
    return tokens


@pytest.mark.parametrize("beams", [1, 3])
def test_text_number_two_follows_from_the_next_seed(folder: Path, beams: int) -> None:
    model, options = open_model(f"hf:{folder}"), replace(SAMPLED, beams=beams)
    both = write(model, OPENING, 2, options, 8)
    assert [text.seed for text in both] == [4, 5]
    assert write(model, OPENING, 1, replace(options, seed=5), 8) == both[1:]
    assert both[0].text != both[1].text


@pytest.mark.parametrize("beams", [1, 3])
def test_the_likelihood_is_that_of_the_models_own_distribution(folder: Path, beams: int) -> None:
    from calligram.models._hf_writing import search_text

    model: Any = open_model(f"hf:{folder}")
    options = replace(SAMPLED, beams=beams, temperature=0.3, repetition_penalty=1.3)
    given = opening_tokens(folder, OPENING)
    (text,) = write(model, OPENING, 1, options, 6)
    if beams == 1:
        made = [piece.token for piece in model.speak(given, options, 6)]
    else:
        made = search_text(model.network, given, options, 6, sorted(model._ends))
    assert model.join(made).rstrip(PART) == text.text.rstrip(PART)
    assert text.tokens == len(made)
    assert text.logprob == pytest.approx(plain_logprob(folder, given, made), abs=1e-3)


def test_a_search_that_samples_nothing_finds_what_transformers_finds(folder: Path) -> None:
    import torch
    import transformers

    given = opening_tokens(folder, OPENING)
    network = transformers.AutoModelForCausalLM.from_pretrained(folder).eval()
    ids = torch.tensor([given])
    found = network.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        num_beams=4,
        do_sample=False,
        max_new_tokens=7,
        pad_token_id=0,
    )
    model = open_model(f"hf:{folder}")
    (text,) = write(model, OPENING, 1, SamplingOptions(temperature=0, beams=4, seed=0), 7)
    wanted = model.join(found[0, len(given) :].tolist())  # type: ignore[attr-defined]
    assert text.text.rstrip(PART) == wanted.rstrip(PART)


def test_searching_leaves_the_random_numbers_of_others_alone(gpt2_folder: Path) -> None:
    import torch

    torch.manual_seed(7)
    wanted = torch.rand(3)
    torch.manual_seed(7)
    write(open_model(f"hf:{gpt2_folder}"), OPENING, 1, replace(SAMPLED, beams=2), 3)
    assert torch.equal(torch.rand(3), wanted)


def test_a_text_ends_where_the_model_ends_it(gpt2_folder: Path) -> None:
    """A network that always ends: its head is made to prefer the end by far."""
    import torch

    for beams in (1, 2):
        model: Any = open_model(f"hf:{gpt2_folder}")
        head = torch.nn.Linear(32, len(model.spellings))
        torch.nn.init.zeros_(head.weight)
        with torch.no_grad():
            head.bias.zero_()
            head.bias[0] = 50.0
        model.network.lm_head = head
        (text,) = write(model, OPENING, 1, replace(SAMPLED, beams=beams), 20)
        assert (text.text, text.whole, text.tokens) == ("", True, 1)


def test_an_opening_that_leaves_no_room_is_refused(gpt2_folder: Path) -> None:
    model = open_model(f"hf:{gpt2_folder}")
    with pytest.raises(ModelError, match=r"the opening has \d+ tokens, and .* at most 1024: shorten it"):
        write(model, "a b c d " * 600, 1, SAMPLED, 5)
    with pytest.raises(OptionError, match="guidance is 2, but texts have none"):
        write(model, OPENING, 1, replace(SAMPLED, guidance=2), 5)


@pytest.mark.parametrize(
    ("opening", "answer", "added"),
    [
        ("An abstract painting with", "An abstract painting with bold strokes.", " bold strokes."),
        ("An abstract painting with", "bold strokes.", " bold strokes."),
        ("An abstract painting with", "... bold strokes.", "  bold strokes."),
        ("An abstract painting with ", "bold strokes.", "bold strokes."),
        ("A quiet", '"sea at dusk."', " sea at dusk."),
        ("A sea", ", grey and flat.", ", grey and flat."),
        ("A sea", "", ""),
        ("", "A sea.", "A sea."),
    ],
)
def test_what_a_chat_adds_is_joined_to_the_opening(opening: str, answer: str, added: str) -> None:
    assert behind(opening, answer).split() == added.split()
    assert (opening + behind(opening, answer)).replace("  ", " ") == (opening + added).replace("  ", " ")


def test_a_chat_is_asked_to_go_on_with_each_text_by_a_seed_of_its_own() -> None:
    pytest.importorskip("openai", reason="endpoints need the extra endpoints")
    with running(Endpoint(lambda body: f"An echo {body['seed']}."), OpenAIHandler) as served:
        model = open_model("openai:any?retries=0", served.base_url)
        texts = write(model, "An echo", 3, SamplingOptions(temperature=0.5, seed=7), 20)
    assert [(text.text, text.seed) for text in texts] == [(" 7.", 7), (" 8.", 8), (" 9.", 9)]
    assert all("An echo" in body["messages"][0]["content"] for body in served.asked)
    assert {body["temperature"] for body in served.asked} == {0.5}


def test_completions_are_given_the_bare_opening_and_tell_their_likelihood() -> None:
    pytest.importorskip("openai", reason="endpoints need the extra endpoints")
    with running(Endpoint(lambda body: " bold strokes.\nAnd blue."), OpenAIHandler) as served:
        model = open_model("openai:any?retries=0&api=completions", served.base_url)
        (text,) = write(model, "An abstract painting with", 1, SamplingOptions(seed=1), 20)
    (body,) = served.asked
    assert (body["prompt"], body["max_tokens"], "stop" in body) == ("An abstract painting with", 20, False)
    assert text.text == " bold strokes.\nAnd blue."
    assert text.tokens == 4
    assert text.logprob == pytest.approx(-math.log(2) * (1 + 2 + 3 + 4))


def test_anthropic_takes_no_seed_and_no_sampling() -> None:
    pytest.importorskip("anthropic", reason="endpoints need the extra endpoints")
    with running(Endpoint(lambda body: "bold strokes."), AnthropicHandler) as served:
        model = open_model("anthropic:any?retries=0", served.base_url)
        assert write(model, "A work with", 1, SamplingOptions(seed=1), 20) == [Written(" bold strokes.")]
        with pytest.raises(OptionError, match="top_k is 50, but Anthropic's service takes no sampling"):
            write(model, "A work with", 1, SamplingOptions(top_k=50), 20)


def test_endpoints_have_no_beams(script: Callable[..., Path]) -> None:
    model = open_model(f"scripted:{script({'say': 'x'})}")
    with pytest.raises(OptionError, match=r"beams is 5 .* has neither"):
        write(model, OPENING, 1, SamplingOptions(beams=5), 5)


def test_a_script_is_gone_through_in_order_whatever_the_concurrency(script: Callable[..., Path]) -> None:
    path = script({"when": "^A boat", "say": [str(number) for number in range(30)]})
    texts = write(open_model(f"scripted:{path}?concurrency=8"), "A boat", 30, SamplingOptions(), 5)
    assert [text.text for text in texts] == [str(number) for number in range(30)]
