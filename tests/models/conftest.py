"""Small models of every kind, made once."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler, running

CLASSIC_DRAWING = "".join(f"<row:{row}>{'▓█' * 10}</row:{row}>\n" for row in range(1, 12))


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no key or address of a person's own environment in, and keep answers in a folder of the test."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the built-in kind, with both graphs."""
    pytest.importorskip("onnx", reason="writing a graph needs the extra train")
    from calligram.nano.tiny import make_model

    return make_model(tmp_path_factory.mktemp("nano") / "tiny")


@pytest.fixture(scope="session")
def gpt2_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny GPT-2 with a byte-level BPE."""
    pytest.importorskip("transformers", reason="models of Hugging Face need the extra hf")
    from tests.models.hugging import make_gpt2

    return make_gpt2(tmp_path_factory.mktemp("hf") / "gpt2")


@pytest.fixture(scope="session")
def llama_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Llama with a chat template and a tokenizer that falls back to bytes."""
    pytest.importorskip("transformers", reason="models of Hugging Face need the extra hf")
    from tests.models.hugging import make_llama

    return make_llama(tmp_path_factory.mktemp("hf") / "llama")


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a script."""

    def write(*replies: dict[str, object]) -> Path:
        path = tmp_path / "script.json"
        path.write_text(json.dumps(list(replies), ensure_ascii=False), encoding="utf-8")
        return path

    return write


def answer_like_a_model(body: dict[str, object]) -> str:
    """Answer a question with 7 and a request with a drawing."""
    return CLASSIC_DRAWING if "Draw" in str(body.get("messages") or body["prompt"]) else "7"


@pytest.fixture
def openai_endpoint() -> Iterator[Endpoint]:
    """An endpoint that speaks like OpenAI's."""
    with running(Endpoint(answer_like_a_model), OpenAIHandler) as endpoint:
        yield endpoint


@pytest.fixture
def anthropic_endpoint() -> Iterator[Endpoint]:
    """An endpoint that speaks like Anthropic's."""
    with running(Endpoint(answer_like_a_model), AnthropicHandler) as endpoint:
        yield endpoint
