"""The model that writes where none is named: GPT-2 from the cache or a hub, else the built-in writer."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from calligram.art import usual_writer
from calligram.art.usual_writer import open_usual_writer
from calligram.models.base import Writing

pytest.importorskip("huggingface_hub", reason="GPT-2 needs the extra hf")


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    return tmp_path / "hub"


def test_without_gpt2_and_forbidden_to_ask_the_builtin_writer_writes(
    hub_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    model, why = open_usual_writer()
    assert isinstance(model, Writing)
    assert model.name == "builtin:writer"
    told = "gpt2 is not in the cache of the hub, which HF_HUB_OFFLINE forbids to ask"
    assert why == f"writing with builtin:writer: {told}"


def test_a_hub_that_refuses_or_never_answers_is_not_waited_for(
    hub_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{closed.getsockname()[1]}")
        assert open_usual_writer()[1].endswith("which cannot be reached")
    # an address for documentation, where nobody is: RFC 5737
    monkeypatch.setenv("HF_ENDPOINT", "http://192.0.2.1")
    monkeypatch.setattr(usual_writer, "WAIT_S", 0.3)
    begun = time.monotonic()
    assert open_usual_writer()[1].endswith("which cannot be reached")
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("name", ["models--gpt2", "models--openai-community--gpt2"])
def test_gpt2_in_the_cache_writes_without_any_network(
    hub_cache: Path, language_model: object, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    place = hub_cache / name
    shutil.copytree(language_model("gpt2"), place / "snapshots" / "abc")  # type: ignore[operator]
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text("abc")
    model, why = open_usual_writer()
    assert (model.name, why) == ("hf:gpt2", "writing with hf:gpt2, which is at hand")


@pytest.fixture
def empty_hub() -> Iterator[str]:
    """A hub that answers, but has no model."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_hub_without_gpt2_is_told(hub_cache: Path, empty_hub: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setenv("HF_ENDPOINT", empty_hub)
    monkeypatch.setattr(constants, "ENDPOINT", empty_hub)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", empty_hub + "/{repo_id}/resolve/{revision}/{filename}"
    )
    model, why = open_usual_writer()
    assert model.name == "builtin:writer"
    assert "hf:gpt2 could not be opened" in why
