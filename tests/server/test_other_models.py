"""Models that are not the built-in one: a tiny GPT-2 goes on with any text, and is used in turns."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import calligram
from calligram.models.base import SamplingOptions, open_model
from calligram.nano.folder import SHIPPED
from calligram.server.answers import Served
from calligram.server.options import ServeOptions

torch = pytest.importorskip("torch", reason="a local model of Hugging Face needs torch")
transformers = pytest.importorskip("transformers", reason="a local model of Hugging Face needs transformers")
openai = pytest.importorskip("openai", reason="the official client is in the extra dev")

THREE = Path(__file__).parents[2] / "examples" / "three.png"
SIZES = {"n_positions": 256, "n_embd": 32, "n_layer": 1, "n_head": 2}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An untrained GPT-2 with the built-in model's tokenizer, which likes to end after a "7"."""
    folder = tmp_path_factory.mktemp("gpt2")
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(SHIPPED / "tokenizer.json"), eos_token="</s>", pad_token="<pad>"
    )
    torch.manual_seed(0)
    config = transformers.GPT2Config(vocab_size=len(tokenizer), eos_token_id=tokenizer.eos_token_id, **SIZES)
    network = transformers.GPT2LMHeadModel(config)
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return open_model(f"hf:{folder}")


@pytest.fixture(scope="module")
def client(tiny: Any, served_at: Callable[..., Any]) -> Iterator[Any]:
    with (
        served_at(tiny) as port,
        openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0) as made,
    ):
        yield made


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def test_free_text_is_gone_on_with_token_by_token(client: Any, tiny: Any) -> None:
    asked = {"model": tiny.name, "messages": [user("What is art?")], "seed": 3, "max_tokens": 8}
    whole = client.chat.completions.create(**asked, logprobs=True, top_logprobs=2)
    own = list(tiny.speak("What is art?", SamplingOptions(seed=3), 8, 2))
    (choice,) = whole.choices
    assert choice.message.content == "".join(token.text for token in own)
    assert [token.logprob for token in choice.logprobs.content] == [token.logprob for token in own]
    assert [len(token.top_logprobs) for token in choice.logprobs.content] == [2] * 8
    chunks = list(client.chat.completions.create(**asked, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == choice.message.content
    assert chunks[-1].choices[0].finish_reason == "length"


def test_the_token_that_ends_a_text_is_told(client: Any, tiny: Any) -> None:
    """Harnesses weigh a text by asking for one token more and dropping it: that one must be there."""
    prompt = "What digit is this?\n7"
    likeliest = tiny.score_texts([[*tiny.cut(prompt), 0]], 1)[0][-1].top[0]
    with torch.no_grad():
        picked = int(tiny.network(torch.tensor([tiny.cut(prompt)])).logits[0, -1].argmax())
    tiny.network.generation_config.eos_token_id = picked
    tiny.__dict__.pop("_ends", None)
    reply = client.completions.create(
        model=tiny.name, prompt=prompt, echo=True, logprobs=1, max_tokens=5, temperature=0
    )
    (choice,) = reply.choices
    assert choice.finish_reason == "stop"
    assert len(choice.logprobs.token_logprobs) == len(tiny.cut(prompt)) + 1
    assert choice.logprobs.token_logprobs[-1] == pytest.approx(likeliest[1], abs=1e-4)


def test_a_picture_is_read_and_one_is_drawn(client: Any, tiny: Any) -> None:
    picture = calligram.encode(THREE)
    asked = user(f"{picture.text}What digit is this?")
    reply = client.chat.completions.create(model=tiny.name, messages=[asked])
    reading = calligram.see(picture, "What digit is this?", model=tiny)
    (read,) = reply.model_extra["calligram"]["pictures"]
    assert (read["answer"], read["tokens"]) == (reading.answer, len(tiny.cut(picture.text)))
    drawn = client.chat.completions.create(model=tiny.name, messages=[user("draw a cat")], seed=1)
    assert calligram.decode(drawn.choices[0].message.content).levels.shape == (11, 20)


def test_such_a_model_is_used_in_turns(tiny: Any) -> None:
    served = Served.of(tiny, ServeOptions())
    with served.turn, ThreadPoolExecutor(1) as pool:
        assert not pool.submit(served.turn.acquire, False).result()  # type: ignore[attr-defined]
