"""Hosts: whose server an OpenAI-compatible endpoint is, and which weights it serves, as its list tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from calligram.endpoints.address import Address
from calligram.errors import EndpointError
from calligram.models._written import written_at

Server = Literal["openai", "vllm", "llamacpp", "ollama", "calligram", "other"]
OWNERS: Mapping[str, Server] = {
    "vllm": "vllm",
    "llamacpp": "llamacpp",
    "library": "ollama",
    "calligram": "calligram",
}
"""Servers by the owner that their lists of models name."""

DATED = frozenset({"calligram", "ollama"})
"""Servers whose entries tell when the weights were written; others tell when they were started."""


@dataclass(frozen=True)
class Host:
    """What an endpoint tells of itself.

    Args:
        server: whose it is.
        version: tells weights apart that were written at different times, in seconds; None where unknown.
        builtin: whether the model was taught as the built-in one is.
    """

    server: str
    version: int | None = None
    builtin: bool = False


def find_host(client: Any, name: str, address: Address) -> Host:
    """Return what the list of models tells, of the model of that name where it is there.

    Raises:
        EndpointError: there is no such list.
    """
    page = address.reach(client.models.list)
    try:
        entries = [entry for entry in page.data or [] if entry is not None]
        named = [entry for entry in entries if entry.id == name]
    except (AttributeError, TypeError) as fault:
        raise address.strange(str(page)) from fault
    found = next((entry for entry in [*named, *entries] if _owner(entry) in OWNERS), None)
    if found is None:
        return Host("other", _written(named, address))
    server = OWNERS[_owner(found)]
    told = (found.model_extra or {}).get("calligram")
    builtin = server == "calligram" and isinstance(told, Mapping) and "subjects" in told
    dated = found.created if server in DATED and found.id == name else _written(named, address)
    return Host(server, dated, builtin)


def unlisted(fault: EndpointError) -> bool:
    """Return whether an endpoint has no list of models at all."""
    return fault.status in (404, 405, 501)


def _owner(entry: Any) -> str:
    return str(getattr(entry, "owned_by", "")).lower()


def _written(entries: Sequence[Any], address: Address) -> int | None:
    """Return when the weights were written that an entry names as a file or folder of this machine."""
    if not entries or not address.is_local:
        return None
    for told in ((entries[0].model_extra or {}).get("root"), entries[0].id):
        if isinstance(told, str) and Path(told).is_absolute() and Path(told).exists():
            return written_at(Path(told))
    return None
