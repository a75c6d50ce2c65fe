"""A real server on loopback in a thread of its own, and the official client in front of it."""

import base64
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("fastapi", reason="serving needs the extra serve")
uvicorn = pytest.importorskip("uvicorn", reason="serving needs the extra serve")

from calligram.models.base import Model, open_model  # noqa: E402
from calligram.nano.folder import SHIPPED  # noqa: E402
from calligram.server import ServeOptions, build_app  # noqa: E402
from calligram.server.running import listen  # noqa: E402

if TYPE_CHECKING:
    from openai import OpenAI

EXAMPLES = Path(__file__).parents[2] / "examples"
Post = Callable[..., tuple[int, dict[str, Any]]]
Image = Callable[..., dict[str, Any]]


@contextmanager
def running(model: Model, options: ServeOptions | None = None) -> Iterator[int]:
    """Serve a model on a free port of loopback while the block runs; give the port."""
    with listen("127.0.0.1", 0) as listener:
        port: int = listener.getsockname()[1]
        config = uvicorn.Config(
            build_app(model, options), log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(timeout=10)
        assert not thread.is_alive()


def send(
    port: int, path: str, body: object = None, method: str = "POST", headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Return status and JSON of one request; bytes are sent as they are, anything else as JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    try:
        connection.request(method, path, content, {"Content-Type": "application/json", **(headers or {})})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())
    finally:
        connection.close()


@pytest.fixture(scope="session")
def builtin() -> Model:
    """The model that comes with the package."""
    if not (SHIPPED / "model.safetensors").exists():
        pytest.skip("the built-in model's weights are not there yet")
    return open_model()


@pytest.fixture(scope="session")
def port(builtin: Model) -> Iterator[int]:
    """The port at which the built-in model is served."""
    with running(builtin) as port:
        yield port


@pytest.fixture(scope="session")
def client(port: int) -> "Iterator[OpenAI]":
    """The official client."""
    openai = pytest.importorskip("openai", reason="the official client is in the extra dev")
    with openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0) as made:
        yield made


@pytest.fixture
def post(port: int) -> Post:
    """Sends a body to a path of the server."""
    return partial(send, port)


@pytest.fixture
def post_to() -> Callable[..., tuple[int, dict[str, Any]]]:
    """Sends a body to a path of the server at a port."""
    return send


@pytest.fixture(scope="session")
def image() -> Image:
    """Returns an example image as a part of a message."""

    def part(name: str, **more: str) -> dict[str, Any]:
        kind = "jpeg" if name.endswith("jpg") else "png"
        content = base64.b64encode((EXAMPLES / name).read_bytes()).decode()
        return {"type": "image_url", "image_url": {"url": f"data:image/{kind};base64,{content}", **more}}

    return part


@pytest.fixture(scope="session")
def served_at() -> "Callable[..., AbstractContextManager[int]]":
    """Serves any model while a block runs, and gives the port."""
    return running
