"""Addresses: where an endpoint is, the key it takes, and what goes wrong on the way, told without the key."""

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from calligram.errors import ContentRefusedError, EndpointError, ModelError, OptionError

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})
MOST_TOLD = 300
"""So many characters of a foreign text are told."""

UNSENT = frozenset({"ConnectError", "ConnectTimeout", "UnsupportedProtocol", "LocalProtocolError"})
"""Faults of a connection before anything was asked."""

KINDS = {
    "openai": ("OpenAI-compatible", "end in /v1"),
    "anthropic": ("Anthropic-compatible", "stand without /v1"),
}
"""What an endpoint is called that a client asks, and how its address ends."""

REFUSALS = frozenset({"moderation_blocked", "content_policy_violation", "content_filter", "contentFilter"})
"""Codes of an answer that a content filter refused.

Source: OpenAI, images interface (``moderation_blocked``; of old ``content_policy_violation``), and Microsoft,
Azure OpenAI, content filtering (the other two), both as of November 2026.
"""

GOES_ON = "the same command goes on from the answers it has"

Given = TypeVar("Given")


@dataclass(frozen=True)
class Address:
    """An endpoint as one model asks it.

    Args:
        name: the model's, for messages.
        base_url: where the endpoint is.
        key: what it takes as a key, or None.
        key_variable: the environment variable that holds it.
        package: the client's, ``openai`` or ``anthropic``.
        timeout_s: seconds to wait for an answer.
        retries: tries again.
    """

    name: str
    base_url: str
    key: str | None
    key_variable: str
    package: str
    timeout_s: float
    retries: int

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        return urlsplit(self.base_url).hostname in LOCAL_HOSTS

    def plain(self, text: str) -> str:
        """Return a foreign text in one line, cut, and without the key should it repeat that."""
        return " ".join(hide_key(text, self.key).split())[:MOST_TOLD]

    def reach(self, call: Callable[[], Given]) -> Given:
        """Return what a call of the client gives; what goes wrong on the way is told in one sentence.

        Raises:
            EndpointError: there is no answer, or none that such an endpoint gives.
            ContentRefusedError: a content filter refused what was asked.
        """
        client = importlib.import_module(self.package)
        try:
            return call()
        except client.APITimeoutError as fault:
            raise self._too_slow() from fault
        except client.APIStatusError as fault:
            raise self._refused(fault) from fault
        except client.APIConnectionError as fault:
            raise self.lost(str(fault.__cause__ or fault), type(fault.__cause__).__name__) from fault
        except client.APIError as fault:
            told = self.plain(fault.message)
            raise EndpointError(f"{self.name} at {self.base_url}: {told}: try again", worked=True) from fault
        except (ValueError, AttributeError, TypeError) as fault:  # the client cannot read what came
            raise self.strange("what its client cannot read") from fault
        except Exception as fault:
            if not _broke_off(fault):
                raise
            raise self.lost(str(fault), type(fault).__name__) from fault

    def strange(self, told: str) -> EndpointError:
        """Return the fault of an endpoint that answers otherwise than it should."""
        kind, end = KINDS[self.package]
        return EndpointError(
            f"{self.base_url} answered {self.plain(told)[:120]!r}, so this is no {kind} endpoint: "
            f"does the address {end}?",
            worked=True,
        )

    def lost(self, told: str, kind: str = "") -> EndpointError:
        """Return the fault of a connection that was not made, or broke off."""
        return EndpointError(
            f"the endpoint {self.base_url} of {self.name} cannot be reached, or broke off "
            f"({self.plain(told)}): check the address, and that the server runs; {GOES_ON}",
            worked=kind not in UNSENT,
        )

    def _too_slow(self) -> EndpointError:
        return EndpointError(
            f"{self.name} at {self.base_url} gave no answer within {self.timeout_s:g} s, "
            f"{self.retries + 1} times: raise timeout_s, or try again later",
            worked=True,
        )

    def _refused(self, fault: Any) -> EndpointError | ContentRefusedError:
        body: dict[str, Any] = fault.body if isinstance(fault.body, dict) else {}
        error = body.get("error")
        inner = error if isinstance(error, dict) else body
        told = self.plain(str(inner.get("message") or fault.message))
        status = fault.status_code
        if REFUSALS & {str(inner.get("code")), str(inner.get("type"))}:
            return ContentRefusedError(
                f"the content filter of {self.name} at {self.base_url} refused what was asked ({told}): "
                "say it in other words"
            )
        if status < 400:  # told within a stream that had begun well
            kind = self.plain(str(inner.get("type") or "an error"))
            return EndpointError(
                f"{self.name} at {self.base_url} broke off with {kind} ({told}): try again later; {GOES_ON}",
                worked=True,
            )
        head = f"{self.name} at {self.base_url} was refused with {status} ({told})"
        return EndpointError(f"{head}: {self._step(status)}", status)

    def _step(self, status: int) -> str:
        steps = {
            401: f"check the key in {self.key_variable}",
            403: f"check what the key in {self.key_variable} is allowed",
            404: "check the model's name and the address",
            429: f"it was asked {self.retries + 1} times: ask less at once, or try again later",
        }
        usual = "try again later" if status >= 500 else "change what is asked, or the options"
        return steps.get(status, usual)


def read_key(variable: str) -> str | None:
    """Return the key that an environment variable holds, or None where there is none.

    Raises:
        ModelError: it holds characters that no key has.
    """
    key = os.environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise ModelError(f"{variable} holds characters that no key has: copy it again")
    return key or None


def check_address(base_url: str) -> str:
    """Return an address that is one.

    Raises:
        OptionError: it is none, or holds a name and a password, which would be kept beside the answers.
    """
    try:
        parts = urlsplit(base_url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        private = "@" in parts.netloc
    except ValueError:
        whole = private = False
    if private:
        raise OptionError(
            "base_url holds a name or a password, which would be told and kept: "
            "give what the endpoint takes as a key in the environment"
        )
    if not whole:
        raise OptionError(f"base_url is {base_url!r}, but must be an address, as http://127.0.0.1:8000/v1")
    return base_url


def need_key(address: Address, official: str) -> None:
    """Raise ModelError where the usual endpoint is asked without a key."""
    if not address.key and address.base_url.startswith(official):
        raise ModelError(
            f"{address.name} needs a key, and {address.key_variable} is not set: set it in the environment, "
            "or give another address as base_url"
        )


def hide_key(text: str, key: str | None) -> str:
    """Return a message without the key, should a server have repeated it."""
    return text.replace(key, "[key]") if key else text


def _broke_off(fault: Exception) -> bool:
    """Return whether a fault is of the connection, as the clients let it through while an answer streams."""
    return isinstance(fault, OSError) or type(fault).__module__.partition(".")[0].startswith(
        ("httpx", "httpcore")
    )
