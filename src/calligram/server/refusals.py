"""Refusals: what is wrong with a request, as the protocol tells it to a client."""

from typing import Any

from calligram.errors import (
    BudgetError,
    CalligramError,
    EndpointError,
    FetchError,
    InputError,
    ModelError,
    OptionError,
    RequestError,
)

INTERNAL = 500


class RefusalError(Exception):
    """A request that is not carried out.

    Args:
        message: one sentence: what failed, what was given, what was expected, the next step.
        param: the request's field at fault, as ``"messages[0].content"``, or None.
        code: a short name of the cause that programs look at, or None.
        status: the HTTP status.
    """

    def __init__(
        self, message: str, param: str | None = None, code: str | None = None, status: int = 400
    ) -> None:
        super().__init__(_sendable(message))
        self.param, self.code, self.status = param, code, status

    @property
    def content(self) -> dict[str, Any]:
        """The reply's body, in OpenAI's form."""
        kind = "server_error" if self.status >= 500 else "invalid_request_error"
        told = {"message": str(self), "type": kind, "param": self.param, "code": self.code}
        return {"error": told}


def _sendable(text: str) -> str:
    """Return a text that can be sent: halves of characters in it are told by their numbers."""
    return text.encode("utf-8", "backslashreplace").decode()


def refusal_of(fault: Exception) -> RefusalError:
    """Return what a client is told of an error: its own sentence where it is one of ours."""
    if isinstance(fault, RefusalError):
        return fault
    if isinstance(fault, RequestError):
        return RefusalError(str(fault), "messages")
    if isinstance(fault, OptionError):
        return RefusalError(
            str(fault), str(fault).split()[0]
        )  # such a sentence begins with the option's name
    if isinstance(fault, FetchError | EndpointError):
        return RefusalError(str(fault), code="upstream_failed", status=502)
    if isinstance(fault, BudgetError):
        return RefusalError(str(fault), code="budget_used_up", status=503)
    if isinstance(fault, InputError | ModelError):
        return RefusalError(str(fault))
    told = str(fault) if isinstance(fault, CalligramError) else "the server failed: look at what it printed"
    return RefusalError(told, code="internal_error", status=INTERNAL)
