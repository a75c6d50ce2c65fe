"""The model that writes where none is named: GPT-2 where it is at hand, else the built-in writer."""

import os
import socket
import threading
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from calligram.errors import CalligramError
from calligram.models.base import Model, open_model

BUILTIN, GPT2 = "builtin:writer", "hf:gpt2"
REPOSITORIES = ("openai-community/gpt2", "gpt2")
"""How the hub calls it, and used to."""
FILES = ("config.json", "model.safetensors")
WAIT_S = 2.0
"""So long the hub may take until it counts as out of reach."""


def open_usual_writer() -> tuple[Model, str]:
    """Return the model, and one line that says which it is and why.

    Nothing is asked of the network where GPT-2 lies in the cache of the hub, transformers is missing, or
    ``HF_HUB_OFFLINE`` is set; otherwise the hub is given two seconds to answer.

    Raises:
        ModelError: the built-in writer cannot be opened either.
    """
    why = _missing()
    if not why:
        folder = _cached()
        if folder is None and (fault := _unreachable()):
            why = f"gpt2 is not in the cache of the hub, which {fault}"
        else:
            try:
                model = open_model(f"hf:{folder}" if folder else GPT2)
            except CalligramError as fault:
                why = f"{GPT2} could not be opened ({fault})"
            else:
                model.name = GPT2
                return (
                    model,
                    f"writing with {GPT2}, which is {'at hand' if folder else 'fetched from the hub'}",
                )
    return open_model(BUILTIN), f"writing with {BUILTIN}: {why}"


def _missing() -> str:
    """Return which package is missing that GPT-2 needs, as a clause; empty where none is."""
    missing = [name for name in ("transformers", "torch") if find_spec(name) is None]
    return f"{' and '.join(missing)} not installed, which hf:gpt2 needs" if missing else ""


def _cached() -> Path | None:
    """Return the folder of GPT-2 in the cache of the hub, or None where it is not there whole."""
    from huggingface_hub import try_to_load_from_cache

    for name in REPOSITORIES:
        found = [try_to_load_from_cache(name, file) for file in FILES]
        if all(isinstance(path, str) for path in found):
            return Path(str(found[0])).parent
    return None


def _unreachable() -> str:
    """Return why the hub cannot be asked, as a clause; empty where it can."""
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "TRUE", "YES", "ON"}:
        return "HF_HUB_OFFLINE forbids to ask"
    parts = urlsplit(os.environ.get("HF_ENDPOINT") or "https://huggingface.co")
    reached = threading.Event()

    def knock() -> None:
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            with socket.create_connection((parts.hostname or "", port), timeout=WAIT_S):
                reached.set()
        except OSError:
            return

    # a thread, for looking up a name knows no time-out
    knocker = threading.Thread(target=knock, daemon=True)
    knocker.start()
    knocker.join(WAIT_S)
    return "" if reached.is_set() else "cannot be reached"
