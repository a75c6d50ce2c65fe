"""A small web server that speaks like an images endpoint: what it says and how it fails is told to it.

It stands in for OpenAI's, which cannot run in a test. What is asked of it is kept, so that a test can see
what went over the wire.
"""

import base64
import io
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from PIL import Image

COLOURS = ("red", "green", "blue", "gold", "purple", "teal", "navy", "olive", "pink", "brown")


def image_of(colour: str, size: tuple[int, int] = (32, 32), kind: str = "PNG") -> bytes:
    """Return an image file of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


def png_of(colour: str) -> bytes:
    """Return a PNG of one colour."""
    return image_of(colour)


def entry_of(content: bytes, **more: object) -> dict[str, object]:
    """Return an entry of an answer that holds a file."""
    return {"b64_json": base64.b64encode(content).decode(), **more}


@dataclass
class ImagesEndpoint:
    """What an images endpoint says, and how it fails.

    Args:
        entries: the images of every answer; None makes so many as are asked for, each of another colour.
        failures: answered first, one request each: status, headers and error.
        wait_s: seconds that it waits before it answers.
        raw: content type and body that are answered to everything, or None.
        tokens: what each answer says it cost; None says nothing.
        told: more fields of an answer.
        asked: the bodies it got, in order.
        keys: the keys it got.
    """

    entries: list[dict[str, object]] | None = None
    failures: list[tuple[int, dict[str, str], dict[str, object]]] = field(default_factory=list)
    wait_s: float = 0
    raw: tuple[str, bytes] | None = None
    tokens: int | None = 100
    told: dict[str, object] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    made: int = 0
    base_url: str = ""


class ImagesHandler(BaseHTTPRequestHandler):
    """``POST /v1/images/generations``. Source: OpenAI, images interface, November 2026."""

    endpoint: ImagesEndpoint
    prefix = "/v1"
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: Any) -> None:
        """Keep quiet."""

    def do_POST(self) -> None:
        told = self.endpoint
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told.asked.append(body)
        told.keys.append(self.headers.get("Authorization") or "")
        time.sleep(told.wait_s)
        if self.path != "/v1/images/generations":
            self.send(404, {}, {"error": {"message": "there is no such page"}})
        elif told.raw:
            self.send_raw(200, {"Content-Type": told.raw[0]}, told.raw[1])
        elif told.failures:
            self.send(*told.failures.pop(0))
        else:
            self.send(200, {}, self.answer(body))

    def answer(self, body: dict[str, Any]) -> dict[str, object]:
        told = self.endpoint
        entries = told.entries
        if entries is None:
            entries = [entry_of(png_of(COLOURS[(told.made + number) % 10])) for number in range(body["n"])]
            told.made += body["n"]
        usage = {"input_tokens": 10, "output_tokens": 90, "total_tokens": told.tokens}
        return {
            "created": 5,
            "data": entries,
            "usage": usage if told.tokens is not None else None,
            **told.told,
        }

    def send(self, status: int, headers: dict[str, str], told: dict[str, object]) -> None:
        self.send_raw(status, {"Content-Type": "application/json", **headers}, json.dumps(told).encode())

    def send_raw(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):  # who asked has given up
            self.wfile.write(content)
