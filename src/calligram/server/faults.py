"""Faults of form: what is wrong with a request that is no request at all, in one sentence."""

from collections.abc import Sequence
from typing import Any

from calligram.server.refusals import RefusalError

PATHS = "POST /v1/chat/completions, POST /v1/completions, GET /v1/models, GET /health"
UNREADABLE = "There was an error parsing the body"
"""FastAPI's words for a body that Python's own JSON reader gave up on."""


def describe_invalid(errors: Sequence[Any], content_type: str) -> RefusalError:
    """Return what is wrong with a body, the fault that lies deepest in it.

    Args:
        errors: pydantic's own.
        content_type: what the request says its body is.
    """
    if "json" not in content_type:
        return RefusalError(
            f"the request's Content-Type is {content_type!r}, "
            "but must be application/json: send JSON and say so",
            code="bad_content_type",
        )
    error = max(errors, key=lambda error: len(error["loc"]))
    if error["type"] == "json_invalid":
        reason = (error.get("ctx") or {}).get("error", "damaged")
        return RefusalError(f"the request's body is no valid JSON ({reason}): mend it", code="bad_json")
    param = _name(error["loc"])
    if error["type"] == "missing":
        return RefusalError(f"{param or 'the body'} is missing: it must be given", param, "missing_parameter")
    told = str(error["msg"]).removeprefix("Value error, ")
    return RefusalError(f"{param or 'the body'} cannot be used ({told}): change it", param, "bad_parameter")


TAGS = ("text", "image_url")
"""Kinds of a message's parts: behind a number they say which kind was meant, and name no field."""


def _name(place: Sequence[str | int]) -> str | None:
    """Return where a fault lies as clients name it, as ``messages[0].content``."""
    name, before = "", place[0]
    for part in place[1:]:
        if isinstance(part, int):
            name += f"[{part}]"
        elif part != "str" and part.isidentifier() and not (isinstance(before, int) and part in TAGS):
            name += f".{part}" if name else part
        before = part
    return name or None


def describe_status(status: int, told: str, method: str, path: str) -> RefusalError:
    """Return the sentence for a status that the web framework gave."""
    if status in (404, 405):
        return RefusalError(
            f"{method} {path} is not served here: there are {PATHS}", code="unknown_url", status=status
        )
    if told == UNREADABLE:
        return RefusalError("the request's body is no valid JSON: mend it", code="bad_json")
    return RefusalError(told, code="request_too_large" if status == 413 else None, status=status)
