"""The web application: paths, keys, sizes, and faults in OpenAI's form."""

import hmac
import os
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import Any

from anyio import CancelScope
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from calligram import __version__, settings
from calligram.errors import CalligramError, OptionError
from calligram.models.base import Model
from calligram.picture import get_layout
from calligram.server.answers import Served
from calligram.server.chat import stream_chat, whole_chat
from calligram.server.completions import stream_completion, whole_completion
from calligram.server.faults import describe_invalid, describe_status
from calligram.server.options import ServeOptions
from calligram.server.refusals import RefusalError, refusal_of
from calligram.server.replies import Event, events
from calligram.server.requests import ChatRequest, CompletionRequest


def make_app(model: Model, options: ServeOptions) -> FastAPI:
    """Return the application; see :func:`calligram.server.build_app`."""
    settings.check(options)
    get_layout(options.layout)
    served, since = Served.of(model, options), model.written_at() or int(time.time())
    # no pages of documentation: theirs load scripts from elsewhere
    app = FastAPI(title="Calligram", version=__version__, docs_url=None, redoc_url=None)
    app.state.served = served
    app.add_middleware(Gate, key=read_key(options), most_bytes=options.max_request_bytes)
    for kind in (RefusalError, CalligramError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _tell_fault)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok", "model": model.name, "version": __version__}

    @app.get("/v1/models")
    def list_models() -> dict[str, Any]:
        return {"object": "list", "data": [_entry(model, since)]}

    @app.get("/v1/models/{name:path}")
    def get_model(name: str) -> dict[str, Any]:
        _check_name(name, model)
        return _entry(model, since)

    @app.post("/v1/chat/completions")
    def chat(asked: ChatRequest) -> Response:
        return _reply(asked, served, whole_chat, stream_chat)

    @app.post("/v1/completions")
    def completions(asked: CompletionRequest) -> Response:
        return _reply(asked, served, whole_completion, stream_completion)

    return app


def read_key(options: ServeOptions) -> str | None:
    """Return the key that clients must send, or None where none is asked for.

    Raises:
        OptionError: the environment variable is not there, or empty.
    """
    if options.api_key_env is None:
        return None
    if not (key := os.environ.get(options.api_key_env)):
        raise OptionError(
            f"api_key_env names {options.api_key_env!r}, but the environment has no such variable "
            "or it is empty: set it to the key that clients must send"
        )
    return key


def _entry(model: Model, since: int) -> dict[str, Any]:
    return {
        "id": model.name,
        "object": "model",
        "created": since,
        "owned_by": "calligram",
        "calligram": model.describe(),
    }


def _check_name(name: str, model: Model) -> None:
    if name != model.name:
        raise RefusalError(
            f"there is no model {name!r} here: name {model.name!r}, the only one",
            "model",
            "model_not_found",
            404,
        )


def _reply(
    asked: Any,
    served: Served,
    whole: Callable[[Any, Served], dict[str, Any]],
    stream: Callable[[Any, Served], Iterator[Event]],
) -> Response:
    """Return a reply, whole or streamed; the first event is waited for, so that a fault is a status."""
    _check_name(asked.model, served.model)
    if not asked.stream:
        return JSONResponse(whole(asked, served))
    source = stream(asked, served)
    first = next(source)
    return StreamingResponse(_send(events(first, source)), media_type="text/event-stream", headers=UNKEPT)


UNKEPT = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
"""Keeps what stands between from holding events back."""


async def _send(told: Generator[str, None, None]) -> AsyncIterator[str]:
    """Yield events, each made on a thread; where the client goes away, what makes them is closed."""
    try:
        while (event := await run_in_threadpool(next, told, None)) is not None:
            yield event
    finally:
        with CancelScope(shield=True):
            await run_in_threadpool(told.close)


async def _tell_fault(request: Request, fault: Exception) -> Response:
    if isinstance(fault, RequestValidationError):
        refusal = describe_invalid(fault.errors(), request.headers.get("content-type", ""))
    elif isinstance(fault, HTTPException):
        refusal = describe_status(fault.status_code, str(fault.detail), request.method, request.url.path)
    else:
        refusal = refusal_of(fault)
    return JSONResponse(refusal.content, refusal.status)


class Gate:
    """Lets in what carries the key and is not too large.

    Args:
        app: what lies behind.
        key: what must be sent as ``Authorization: Bearer …`` for paths under ``/v1``; None asks for none.
        most_bytes: of a request's body.
    """

    def __init__(self, app: ASGIApp, key: str | None, most_bytes: int) -> None:
        self.app, self.key, self.most_bytes = app, key, most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        refusal = self._refusal(scope["path"], headers)
        if refusal:
            await JSONResponse(refusal.content, refusal.status)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.most_bytes:
                raise HTTPException(413, str(self._too_large(taken)))
            return message

        await self.app(scope, counted, send)

    def _refusal(self, path: str, headers: dict[bytes, bytes]) -> RefusalError | None:
        if path.startswith("/v1") and not self._has_key(headers):
            return RefusalError(
                "the key is missing or wrong: send the server's key as 'Authorization: Bearer KEY'",
                code="invalid_api_key",
                status=401,
            )
        size = headers.get(b"content-length", b"0")
        if size.isdigit() and int(size) > self.most_bytes:
            return self._too_large(int(size))
        return None

    def _has_key(self, headers: dict[bytes, bytes]) -> bool:
        if self.key is None:
            return True
        sent = headers.get(b"authorization", b"")
        return hmac.compare_digest(sent, f"Bearer {self.key}".encode())

    def _too_large(self, size: int) -> RefusalError:
        return RefusalError(
            f"the request has {size} bytes or more, but max_request_bytes is {self.most_bytes}: "
            "send smaller images, or start the server with a larger --max-request-bytes",
            code="request_too_large",
            status=413,
        )
