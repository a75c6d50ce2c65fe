"""The server: one model behind an endpoint that OpenAI's clients speak to.

FastAPI and uvicorn are loaded when an application is built, so that the rest works without them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from calligram.errors import MissingExtraError
from calligram.models.base import Model
from calligram.server.options import ServeOptions

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["ServeOptions", "build_app", "serve"]

PURPOSE = "serving a model"


def build_app(model: Model, options: ServeOptions | None = None) -> "FastAPI":
    """Return the web application that serves a model, for uvicorn or any other ASGI server.

    Args:
        model: what answers; ``options.model``, ``host`` and ``port`` are not looked at.
        options: key, layout and limits; None is the usual.

    Raises:
        OptionError: an option is out of its range, or the key's environment variable is empty.
        MissingExtraError: the extra ``serve`` is not installed.
    """
    try:
        from calligram.server.app import make_app
    except ImportError as fault:
        raise MissingExtraError(fault.name or "fastapi", "serve", PURPOSE) from fault
    return make_app(model, options or ServeOptions())


def serve(model: Model, options: ServeOptions, tell: Callable[[str], None]) -> None:
    """Serve a model until the process is interrupted.

    Args:
        model: what answers.
        options: where, to whom, and how much is taken in.
        tell: takes each line there is to say.

    Raises:
        OptionError: host or port cannot be listened at, or the key is missing.
        MissingExtraError: the extra ``serve`` is not installed.
    """
    try:
        from calligram.server.running import run
    except ImportError as fault:
        raise MissingExtraError(fault.name or "uvicorn", "serve", PURPOSE) from fault
    run(build_app(model, options), model.name, options, tell)
