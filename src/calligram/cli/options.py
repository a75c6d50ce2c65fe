"""Turns an options dataclass into command-line parameters, so that each default is stated once."""

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

import typer

from calligram import settings


def with_options(
    kind: type, name: str = "options", panel: str | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that replaces a command's parameter ``name`` by one flag for each field of ``kind``.

    The command receives the resolved object: flag, environment, file, default.

    Args:
        kind: the options class.
        name: of the parameter.
        panel: the heading under which the flags stand in the help; None is that of the command's own.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        names = [field.name for field in dataclasses.fields(kind)]

        @functools.wraps(command)
        def wrapped(**arguments: Any) -> Any:
            flags = {field: arguments.pop(field) for field in names}
            return command(**arguments, **{name: settings.resolve(kind, flags)})

        own = [p for p in inspect.signature(command).parameters.values() if p.name != name]
        own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        wrapped.__signature__ = inspect.Signature([*own, *_parameters(kind, panel)])  # type: ignore[attr-defined]
        hints = {p.name: p.annotation for p in wrapped.__signature__.parameters.values()}  # type: ignore[attr-defined]
        wrapped.__annotations__ = hints
        return wrapped

    return decorate


def _parameters(kind: type, heading: str | None) -> list[inspect.Parameter]:
    hints = get_type_hints(kind)
    made = []
    for field in sorted(dataclasses.fields(kind), key=lambda field: _owner(kind, field.name) is not kind):
        flags = [field.metadata["flag"]] if field.metadata.get("flag") else []
        long = "--" + field.name.replace("_", "-")
        flags.append(f"{long}/--no-{long[2:]}" if hints[field.name] is bool else long)
        shown = field.metadata["help"] + _default(field.default)
        panel = _panel(_owner(kind, field.name)) if _owner(kind, field.name) is not kind else heading
        flag = typer.Option(*flags, help=shown, show_default=False, rich_help_panel=panel)
        annotation: Any = Annotated[hints[field.name] | None, flag]
        made.append(
            inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        )
    return made


def _owner(kind: type, name: str) -> type:
    """Return the class that states a field: an options class may take over the fields of another."""
    return next(owner for owner in reversed(kind.__mro__) if name in vars(owner).get("__annotations__", {}))


def _panel(owner: type) -> str:
    """Return the heading under which the flags of a class taken over stand in the help."""
    return owner.__name__.removesuffix("Options")


def _default(value: Any) -> str:
    if value is None or value is False or value == "":
        return ""
    return f" (default: {'on' if value is True else value})"
