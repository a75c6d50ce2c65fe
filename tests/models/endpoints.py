"""Small web servers that speak like endpoints, in the open: what they say and how they fail is told to them.

They stand in for servers that cannot run in a test: Anthropic's, vLLM's and llama.cpp's. What is asked of
them is kept, so that a test can see what went over the wire. A real server of ours is used beside them.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate
from math import log
from typing import Any

Answer = Callable[[dict[str, Any]], str]


@dataclass
class Endpoint:
    """What an endpoint says, and how it fails.

    Args:
        answer: from the body of a request to the text of the answer.
        owner: who owns the models that it lists.
        failures: statuses that are answered first, one request each.
        wait_s: seconds that it waits before it answers.
        break_after: characters of an answer after which the connection breaks; None keeps it.
        finish: why an answer ended; None says nothing of it, as a stream that merely stops.
        refused: fields that are refused by their name, as reasoning models refuse some.
        raw: content type and body that are answered to everything, or None.
        lists: entries of its list of models; None is one of that owner, a number the status instead of any.
        tops: the likeliest first tokens and their probabilities, the one that was chosen first; or None.
        echo: from a prompt to how its tokens are spelled, for completions that repeat it; or None.
        overloaded_after: characters of an answer after which an error is told within the stream.
        asked: the bodies it got, in order.
        keys: the keys it got.
    """

    answer: Answer
    owner: str = "other"
    failures: list[int] = field(default_factory=list)
    wait_s: float = 0
    break_after: int | None = None
    finish: str | None = "stop"
    refused: frozenset[str] = frozenset()
    raw: tuple[str, bytes] | None = None
    lists: list[dict[str, Any]] | int | None = None
    tops: dict[str, float] | None = None
    echo: Callable[[str], list[str]] | None = None
    overloaded_after: int | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    base_url: str = ""


@contextmanager
def running(endpoint: Endpoint, handler: type["_Handler"]) -> Iterator[Endpoint]:
    """Serve an endpoint on a free port of this machine while the block runs."""
    made = type("Bound", (handler,), {"endpoint": endpoint})
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    endpoint.base_url = f"http://127.0.0.1:{server.server_address[1]}{handler.prefix}"
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    endpoint: Endpoint
    prefix = ""
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: Any) -> None:
        """Keep quiet."""

    def do_POST(self) -> None:
        told = self.endpoint
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told.asked.append(body)
        told.keys.append(self.headers.get("x-api-key") or self.headers.get("Authorization") or "")
        if told.raw:
            self.send_raw(200, *told.raw)
            return
        if refused := sorted(told.refused & set(body)):
            fault = {"type": "invalid_request_error", "message": f"Unsupported parameter: '{refused[0]}'"}
            self.send(400, {"type": "error", "error": fault})
            return
        if told.failures:
            status = told.failures.pop(0)
            fault = {"type": "some_error", "message": f"failing with {status}, key {told.keys[-1]}"}
            self.send(status, {"type": "error", "error": fault})
            return
        time.sleep(told.wait_s)
        self.reply(body, told.answer(body))

    def reply(self, body: dict[str, Any], text: str) -> None:
        raise NotImplementedError

    def send(self, status: int, told: dict[str, Any]) -> None:
        self.send_raw(status, "application/json", json.dumps(told).encode())

    def send_raw(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def event(self, told: dict[str, Any] | str, name: str = "") -> None:
        data = told if isinstance(told, str) else json.dumps(told)
        content = (f"event: {name}\n" if name else "") + f"data: {data}\n\n"
        self.wfile.write(f"{len(content.encode()):x}\r\n{content}\r\n".encode())
        self.wfile.flush()

    def end_stream(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def pieces(self, text: str) -> Iterator[str]:
        """Yield a text in small parts; break the connection where that was told."""
        sent = 0
        for start in range(0, len(text), 16):
            if self.endpoint.break_after is not None and sent >= self.endpoint.break_after:
                self.close_connection = True
                self.connection.shutdown(2)
                return
            yield text[start : start + 16]
            sent += 16


class OpenAIHandler(_Handler):
    """The parts of OpenAI's interface that a model is asked through."""

    prefix = "/v1"

    def do_GET(self) -> None:
        told = self.endpoint
        if told.raw:
            self.send_raw(200, *told.raw)
        elif isinstance(told.lists, int):
            self.send(told.lists, {"error": {"message": "there is no such page"}})
        else:
            usual = {"id": "any", "object": "model", "created": 0, "owned_by": told.owner}
            self.send(200, {"object": "list", "data": told.lists or [usual]})

    def reply(self, body: dict[str, Any], text: str) -> None:
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        head = {"id": "1", "created": 0, "model": body["model"]}
        if "prompt" in body and not body.get("stream"):
            self.send(200, {**head, "object": "text_completion", "usage": usage, "choices": self.texts(body)})
            return
        if not body.get("stream"):
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "finish_reason": self.endpoint.finish, "message": message}
            choice["logprobs"] = self.logprobs()
            self.send(200, {**head, "object": "chat.completion", "choices": [choice], "usage": usage})
            return
        self.begin_stream()
        for piece in self.pieces(text):
            self.event({**head, "choices": [self.part(body, piece, None)]})
        if not self.close_connection:
            if self.endpoint.finish:
                self.event({**head, "choices": [self.part(body, "", self.endpoint.finish)]})
            self.event({**head, "choices": [], "usage": usage})
            self.event("[DONE]")
            self.end_stream()

    def part(self, body: dict[str, Any], piece: str, finish: str | None) -> dict[str, Any]:
        said = {"text": piece} if "prompt" in body else {"delta": {"content": piece}}
        return {"index": 0, "finish_reason": finish, **said}

    def logprobs(self) -> dict[str, Any] | None:
        if self.endpoint.tops is None:
            return None
        tops = [{"token": token, "logprob": log(share)} for token, share in self.endpoint.tops.items()]
        return {"content": [{**tops[0], "top_logprobs": tops}]}

    def texts(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Return each prompt as vLLM repeats it, with offsets that count every token's own spelling."""
        if isinstance(body["prompt"], str):
            return [self.continued(body)]
        choices = []
        for index, prompt in enumerate(body["prompt"]):
            tokens = [*(self.endpoint.echo(prompt) if self.endpoint.echo else []), "!"]
            places = [0, *accumulate(map(len, tokens))][:-1]
            # so that the sum tells which tokens were taken
            shares = [None, *(-float(2 ** (len(tokens) - 2 - place)) for place in range(len(tokens) - 1))]
            told = {"tokens": tokens, "token_logprobs": shares, "text_offset": places, "top_logprobs": None}
            choices.append(
                {"index": index, "text": prompt + "!", "logprobs": told, "finish_reason": "length"}
            )
        return choices

    def continued(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return what goes on with one prompt; each word is a token half as likely as the one before."""
        text = self.endpoint.answer(body)
        words = re.findall(r"\s*\S+", text)
        shares = [-log(2) * number for number in range(1, len(words) + 1)]
        told = {"tokens": words, "token_logprobs": shares, "text_offset": [], "top_logprobs": None}
        choice = {"index": 0, "text": text, "finish_reason": self.endpoint.finish}
        return {**choice, "logprobs": told if "logprobs" in body else None}


class AnthropicHandler(_Handler):
    """Anthropic's interface of messages, whole and streamed. Source: Anthropic, Messages API, 2023-06-01."""

    def reply(self, body: dict[str, Any], text: str) -> None:
        usage = {"input_tokens": 10, "output_tokens": 5}
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"]}
        message |= {"stop_reason": None, "stop_sequence": None, "usage": usage, "content": []}
        if not body.get("stream"):
            content = [{"type": "text", "text": text}]
            self.send(200, {**message, "content": content, "stop_reason": "end_turn"})
            return
        self.begin_stream()
        self.event({"type": "message_start", "message": message}, "message_start")
        block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
        self.event(block, "content_block_start")
        sent = 0
        for piece in self.pieces(text):
            if self.endpoint.overloaded_after is not None and sent >= self.endpoint.overloaded_after:
                fault = {"type": "overloaded_error", "message": "Overloaded"}
                self.event({"type": "error", "error": fault}, "error")
                self.end_stream()
                return
            delta = {"type": "text_delta", "text": piece}
            self.event({"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta")
            sent += len(piece)
        if not self.close_connection and self.endpoint.finish is None:
            self.end_stream()
        elif not self.close_connection:
            self.event({"type": "content_block_stop", "index": 0}, "content_block_stop")
            reason = "max_tokens" if self.endpoint.finish == "length" else "end_turn"
            end = {"stop_reason": reason, "stop_sequence": None}
            self.event({"type": "message_delta", "delta": end, "usage": usage}, "message_delta")
            self.event({"type": "message_stop"}, "message_stop")
            self.end_stream()


def follow_regex(body: dict[str, Any]) -> str:
    """Answer as vLLM does that was given a regular expression of a drawing in classic: an empty drawing."""
    pattern = body["structured_outputs"]["regex"]
    text = "".join(f"<row:{row}>{' ' * 20}</row:{row}>\n" for row in range(1, 12))
    assert re.fullmatch(pattern, text)
    return text
