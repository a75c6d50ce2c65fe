"""Sends a package to the Hugging Face hub, in one commit: all of it appears, or nothing."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from calligram.errors import MissingExtraError, OptionError, OutputError
from calligram.training.publishing import Package

SECRET = re.compile(r"hf_\w+")
TOKENS = "set HF_TOKEN, or log in once with 'hf auth login'"


@dataclass(frozen=True)
class Published:
    """Where something now is.

    Args:
        url: of the repository.
        commit: of what was sent.
        files: how many.
    """

    url: str
    commit: str
    files: int


def send(package: Package) -> Published:
    """Send a package to the repository that its options name, which is made where there is none.

    Raises:
        OptionError: no repository is named.
        MissingExtraError: huggingface_hub is not installed.
        OutputError: there is no token, or the hub refused, or cannot be reached.
    """
    options = package.options
    if not options.to:
        raise OptionError("to is empty, but must name the repository, as ORG/NAME")
    hub = _library()
    with _told_plainly(hub, options.to):
        api = hub.HfApi(endpoint=options.endpoint or None)
        if not hub.get_token():
            raise OutputError(f"there is no token for the hub: {TOKENS}")
        kind = package.thing.kind
        place = api.create_repo(options.to, repo_type=kind, private=options.private or None, exist_ok=True)
        parts = [
            hub.CommitOperationAdd(path_in_repo=name, path_or_fileobj=content)
            for name, content in sorted(package.files.items())
        ]
        made = api.create_commit(options.to, parts, commit_message=options.message, repo_type=kind)
    return Published(str(place), str(made.oid), len(parts))


def _library() -> Any:
    try:
        import huggingface_hub
        import huggingface_hub.errors  # which is no attribute before
    except ImportError as fault:
        raise MissingExtraError("huggingface_hub", "hf", "publishing") from fault
    hub: Any = huggingface_hub
    hub.utils.disable_progress_bars()
    return hub


@contextmanager
def _told_plainly(hub: Any, name: str) -> Iterator[None]:
    """Turn the library's errors into one sentence without the token."""
    errors = hub.errors
    try:
        yield
    except errors.OfflineModeIsEnabled as fault:
        raise OutputError(
            "HF_HUB_OFFLINE is set, so that nothing can be sent to the hub: unset it and try again"
        ) from fault
    except errors.HfHubHTTPError as fault:
        raise OutputError(_refusal(fault, name)) from fault
    except (ValueError, RuntimeError) as fault:
        raise OutputError(
            f"the hub did not take {name} ({_first_line(fault)}): mend that and try again"
        ) from fault
    except OSError as fault:
        raise _unreachable(fault) from fault
    except Exception as fault:
        if type(fault).__module__.split(".")[0] not in {
            "httpx",
            "httpx2",
            "httpcore",
            "httpcore2",
            "requests",
        }:
            raise
        raise _unreachable(fault) from fault


def _unreachable(fault: Exception) -> OutputError:
    return OutputError(
        f"the hub cannot be reached ({_first_line(fault)}): look at the network and try again; "
        "nothing was published"
    )


def _refusal(fault: Any, name: str) -> str:
    status = fault.response.status_code if fault.response is not None else 0
    if status == 401:
        return f"the hub does not know the token: {TOKENS} with one that may write"
    if status == 403:
        return f"the token may not write to {name}: take one that may, or another name with --to"
    told = fault.server_message or _first_line(fault)
    return f"the hub refused {name} ({status}: {_clean(told)}): mend that and try again"


def _first_line(fault: Exception) -> str:
    """Return what a fault says in one line, and what it came of."""
    told = (str(fault).strip().splitlines() or [type(fault).__name__])[0].rstrip(".")
    return _clean(told if fault.__cause__ is None else f"{told}: {fault.__cause__}".split("\n")[0])


def _clean(text: str) -> str:
    """Return a text without anything that looks like a token."""
    token = os.environ.get("HF_TOKEN")
    return SECRET.sub("hf_…", text.replace(token, "…") if token else text)
