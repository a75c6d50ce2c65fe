"""A stand-in for the Hugging Face hub on loopback: the part of its HTTP interface that an upload uses.

It makes repositories, checks cards, says which files go through Git LFS, takes them, and makes commits, as
the real one does for ``huggingface_hub``: https://huggingface.co/docs/hub/api and
https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md. A commit that names what was never sent is
refused.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlparse

import yaml

LARGE = (".safetensors", ".onnx", ".png", ".bin")


@dataclass
class Repository:
    """One repository.

    Args:
        name: with its owner's.
        kind: ``"model"`` or ``"dataset"``.
        private: whether only its owner sees it.
        files: what the last commit holds.
        messages: of its commits.
    """

    name: str
    kind: str
    private: bool
    files: dict[str, bytes] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)


@dataclass
class Hub:
    """What the stand-in holds.

    Args:
        tokens: each known token, and whether it may write.
        repositories: by name.
        objects: large files by their SHA-256.
        broken: whether every commit fails, as on a bad day.
        url: where it is reached.
    """

    tokens: dict[str, bool]
    repositories: dict[str, Repository] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    broken: bool = False
    url: str = ""


class RefusalError(Exception):
    """A request that is refused, with status, sentence and what else is told."""

    def __init__(self, status: int, sentence: str, **more: str) -> None:
        super().__init__(sentence)
        self.status, self.told = status, {"error": sentence, **more}


class Handler(BaseHTTPRequestHandler):
    """Answers requests; the hub is the server's."""

    protocol_version = "HTTP/1.1"

    @property
    def hub(self) -> Hub:
        """What is asked."""
        return self.server.hub  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer what makes, checks and commits."""
        self._answer(self._post)

    def do_PUT(self) -> None:
        """Take a large file."""
        self._answer(self._put)

    def _answer(self, act: Any) -> None:
        content = self._content()
        try:
            status, told = 200, act(urlparse(self.path).path, content)
        except RefusalError as refusal:
            status, told = refusal.status, refusal.told
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status >= 400:
            self.send_header("X-Error-Message", told["error"])
        self.end_headers()
        self.wfile.write(body)

    def _content(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content = b""
        while size := int(self.rfile.readline().strip(), 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content

    def _post(self, path: str, content: bytes) -> Any:
        if path == "/api/validate-yaml":
            return check_card(json.loads(content))
        may_write = self.hub.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if may_write is None:
            raise RefusalError(401, "Invalid username or password.")
        if not may_write:
            raise RefusalError(403, "You don't have the rights to create a model under this namespace")
        if path == "/api/repos/create":
            return self._create(json.loads(content))
        if path.endswith(".git/info/lfs/objects/batch"):
            return self._batch(json.loads(content))
        kind, owner, name, what, _branch = path.removeprefix("/api/").split("/")
        repository = self.hub.repositories.get(f"{owner}/{name}")
        if repository is None or repository.kind != kind.removesuffix("s"):
            raise RefusalError(404, "Repository not found")
        return (
            self._preupload(json.loads(content)) if what == "preupload" else self._commit(repository, content)
        )

    def _create(self, asked: dict[str, Any]) -> dict[str, str]:
        name = f"{asked['organization']}/{asked['name']}"
        place = f"{self.hub.url}/{'datasets/' if asked['type'] == 'dataset' else ''}{name}"
        if asked["name"] == "taken-for-good":
            raise RefusalError(400, "Invalid repo name: this name is reserved")
        if name in self.hub.repositories:
            raise RefusalError(409, "You already created this repo", url=place)
        self.hub.repositories[name] = Repository(name, asked["type"], asked.get("visibility") == "private")
        return {"url": place, "name": name}

    def _preupload(self, asked: dict[str, Any]) -> dict[str, Any]:
        modes = {
            part["path"]: "lfs" if part["path"].endswith(LARGE) else "regular" for part in asked["files"]
        }
        return {
            "files": [
                {"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": None}
                for path, mode in modes.items()
            ]
        }

    def _batch(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert asked["operation"] == "upload"
        objects = []
        for part in asked["objects"]:
            told = {"oid": part["oid"], "size": part["size"]}
            if part["oid"] not in self.hub.objects:
                told["actions"] = {"upload": {"href": f"{self.hub.url}/objects/{part['oid']}"}}
            objects.append(told)
        return {"transfer": "basic", "objects": objects}

    def _put(self, path: str, content: bytes) -> dict[str, Any]:
        digest = path.rpartition("/")[2]
        if hashlib.sha256(content).hexdigest() != digest:
            raise RefusalError(400, "the content is another one")
        self.hub.objects[digest] = content
        return {}

    def _commit(self, repository: Repository, content: bytes) -> dict[str, Any]:
        if self.hub.broken:
            raise RefusalError(500, "Internal error, we are working on it")
        files = dict(repository.files)
        for line in content.splitlines():
            told = json.loads(line)
            value = told["value"]
            if told["key"] == "header":
                repository.messages.append(value["summary"])
            elif told["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif told["key"] == "lfsFile" and value["oid"] in self.hub.objects:
                files[value["path"]] = self.hub.objects[value["oid"]]
            else:
                raise RefusalError(400, f"{told['key']} {value.get('path')} was never sent")
        repository.files = files
        commit = hashlib.sha1(content).hexdigest()
        place = f"{self.hub.url}/{'datasets/' if repository.kind == 'dataset' else ''}{repository.name}"
        return {"commitUrl": f"{place}/commit/{commit}", "commitOid": commit, "success": True}


def check_card(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the hub says of a card: faults of its header, as far as they are known here."""
    head = asked["content"].split("---\n")[1] if asked["content"].startswith("---\n") else ""
    told = yaml.safe_load(head)
    if not isinstance(told, dict):
        return {"errors": [], "warnings": [{"message": "empty or missing yaml metadata in repo card"}]}
    if told.get("license") == "other" and not told.get("license_name"):
        raise RefusalError(400, "license_name is needed with the license other")
    return {"errors": [], "warnings": []}


@contextmanager
def running(hub: Hub) -> Iterator[Hub]:
    """Let a hub be reached on loopback while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.hub = hub  # type: ignore[attr-defined]
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
