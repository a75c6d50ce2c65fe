"""A stand-in for the Hugging Face hub on loopback: the part of its HTTP interface that fetches a pipeline.

Source: https://huggingface.co/docs/hub/api, and what ``huggingface_hub`` asks for.
"""

import hashlib
import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

SHA = "0123456789abcdef" * 2 + "01234567"
NAME = "someone/tiny"


@dataclass
class PipelinesHub:
    """What the stand-in holds: one repository.

    Args:
        files: by their paths.
        refused: error code and status that everything is answered with, or None.
        asked: the paths that were asked for.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    refused: tuple[str, int] | None = None
    asked: list[str] = field(default_factory=list)
    base_url: str = ""

    def hold(self, folder: Path) -> None:
        """Hold all files of a folder, and a card that tells a licence."""
        paths = (path for path in folder.rglob("*") if path.is_file())
        self.files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        self.files["README.md"] = b"---\nlicense: mit\n---\n# Tiny\n"


class HubHandler(BaseHTTPRequestHandler):
    """Answers of the hub, each over a connection of its own."""

    endpoint: PipelinesHub
    prefix = ""

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep quiet."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        hub = self.endpoint
        hub.asked.append(self.path)
        if hub.refused:
            self.send(hub.refused[1], {"X-Error-Code": hub.refused[0]}, b"{}")
        elif self.path.startswith(f"/api/models/{NAME}/tree"):
            self.send(200, {}, json.dumps(self.tree()).encode())
        elif self.path in {f"/api/models/{NAME}" + end for end in ("", "/revision/main", f"/revision/{SHA}")}:
            names = [{"rfilename": name} for name in hub.files]
            self.send(200, {}, json.dumps({"id": NAME, "sha": SHA, "siblings": names, "tags": []}).encode())
        elif self.path.startswith(f"/{NAME}/resolve/"):
            self.file(self.path.split("/", 5)[5])
        else:
            code = "RevisionNotFound" if self.path.startswith(f"/api/models/{NAME}/") else "RepoNotFound"
            self.send(404, {"X-Error-Code": code}, b"{}")

    def tree(self) -> list[dict[str, object]]:
        return [
            {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
            for name, content in self.endpoint.files.items()
        ]

    def file(self, name: str) -> None:
        content = self.endpoint.files.get(name)
        if content is None:
            self.send(404, {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": SHA}, b"")
            return
        told = {"ETag": hashlib.sha1(content).hexdigest(), "X-Repo-Commit": SHA}
        self.send(200, told, content)

    def send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        usual = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        for name, value in {**usual, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
