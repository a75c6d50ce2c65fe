"""What all models behind an endpoint share: answers kept on disk by content, and a budget of tokens."""

import hashlib
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from calligram import settings
from calligram.errors import ModelError
from calligram.models._asking import AskOptions
from calligram.settings import option
from calligram.whole_files import write_whole

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})


@dataclass(frozen=True)
class EndpointOptions(AskOptions):
    """How an endpoint is reached, and what it may cost."""

    GROUP: ClassVar[str] = "endpoint"

    base_url: str = option("", "address of the endpoint, as http://127.0.0.1:8000/v1; empty is the usual one")
    timeout_s: float = option(120, "seconds to wait for an answer", minimum=0.1, maximum=3600)
    retries: int = option(
        4, "tries again after a time-out, too many requests or a server's fault", minimum=0, maximum=20
    )
    budget_tokens: int = option(0, "tokens at most, read and written together; 0 is no limit", minimum=0)
    cache: bool = option(True, "keep answers on disk, so that the same question is paid for once")


class Ledger:
    """Counts what was spent.

    Args:
        name: the model's, for messages.
        budget: tokens at most; 0 is no limit.
    """

    def __init__(self, name: str, budget: int) -> None:
        self.name, self.budget = name, budget
        self.tokens = self.requests = 0
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raise ModelError where nothing is left to spend."""
        if self.budget and self.tokens >= self.budget:
            raise ModelError(
                f"{self.name} has used {self.tokens:,} tokens in {self.requests:,} requests, "
                f"and budget_tokens is {self.budget:,}: raise it; answers on disk are not asked for again"
            )

    def add(self, tokens: int) -> None:
        """Count one request."""
        with self._lock:
            self.tokens, self.requests = self.tokens + tokens, self.requests + 1


@dataclass(frozen=True)
class Shelf:
    """Answers kept on disk, each in a file named after what was asked; no key is ever among it.

    Args:
        folder: where they lie; None keeps nothing.
    """

    folder: Path | None

    def find(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """Return what was answered to the very same question, or None."""
        if self.folder is None:
            return None
        try:
            found: dict[str, Any] = json.loads(self._place(asked).read_text(encoding="utf-8"))["answered"]
        except (OSError, ValueError, KeyError):
            return None
        return found

    def keep(self, asked: dict[str, Any], answered: dict[str, Any]) -> None:
        """Keep an answer beside its question."""
        if self.folder is not None:
            place = self._place(asked)
            place.parent.mkdir(parents=True, exist_ok=True)
            told = json.dumps({"asked": asked, "answered": answered}, ensure_ascii=False, indent=1)
            write_whole(place, told.encode())

    def _place(self, asked: dict[str, Any]) -> Path:
        assert self.folder
        told = json.dumps(asked, sort_keys=True, ensure_ascii=False)
        name = hashlib.blake2b(told.encode(), digest_size=20).hexdigest()
        return self.folder / name[:2] / f"{name}.json"


def answers_folder(kept: bool) -> Path | None:
    """Return where answers are kept, or None where they are not."""
    return settings.cache_folder() / "answers" if kept else None


def is_local(base_url: str) -> bool:
    """Return whether an address is on this machine."""
    return urlsplit(base_url).hostname in LOCAL_HOSTS


def broke_off(fault: Exception) -> bool:
    """Return whether a fault is of the connection, as the clients let it through while an answer streams."""
    return isinstance(fault, OSError) or type(fault).__module__.partition(".")[0].startswith(
        ("httpx", "httpcore")
    )


def hide_key(text: str, key: str | None) -> str:
    """Return a message without the key, should a server have repeated it."""
    return text.replace(key, "[key]") if key else text
