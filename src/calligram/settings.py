"""Options: each default, range and help line stated once, and the order in which values are found.

An options class is a frozen dataclass whose fields are made with :func:`option`. Command line, web form
and run record are made from it. A value is looked for as flag, then environment variable
(``CALLIGRAM_<FIELD>``), then file (``calligram.toml`` in the working folder, else
``$XDG_CONFIG_HOME/calligram/config.toml``), then default.
"""

import dataclasses
import os
import tomllib
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from calligram.errors import OptionError

Options = TypeVar("Options")


def option(
    default: Any,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    flag: str | None = None,
) -> Any:
    """Return a dataclass field that carries its help line and its range.

    Args:
        default: the value when nothing else is given.
        help: one line, without a full stop, units named.
        minimum: smallest allowed number, included.
        maximum: largest allowed number, included.
        flag: the command line's spelling where it is not ``--field-name``, for example ``"-n"``.
    """
    metadata = {"help": help, "minimum": minimum, "maximum": maximum, "flag": flag}
    return dataclasses.field(default=default, metadata=metadata)


def resolve(kind: type[Options], flags: Mapping[str, Any]) -> Options:
    """Return an options object, each value from flag, environment, file or default, and checked.

    Args:
        kind: the frozen dataclass.
        flags: values given on the command line; None means not given.

    Raises:
        OptionError: a value is of the wrong kind or out of its range.
    """
    hints = get_type_hints(kind)
    written = _from_file()
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        if flags.get(field.name) is not None:
            values[field.name] = flags[field.name]
        elif (name := f"CALLIGRAM_{field.name.upper()}") in os.environ:
            values[field.name] = _convert(os.environ[name], hints[field.name], name)
        elif field.name in written:
            values[field.name] = _convert(written[field.name], hints[field.name], field.name)
    made = kind(**values)
    check(made)
    return made


def check(options: Any) -> None:
    """Raise OptionError where a value of an options object is out of its range or set of choices."""
    hints = get_type_hints(type(options))
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        choices = get_args(hints[field.name]) if get_origin(hints[field.name]) is Literal else ()
        if choices and value not in choices:
            raise OptionError(f"{field.name} is {value!r}, but must be one of {', '.join(map(str, choices))}")
        low, high = field.metadata.get("minimum"), field.metadata.get("maximum")
        if value is None or isinstance(value, str | bool):
            continue
        # written so that a NaN is refused
        if (low is not None and not value >= low) or (high is not None and not value <= high):
            raise OptionError(f"{field.name} is {value}, but must be {_range(low, high)}")


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"from {low} to {high}"


def _from_file() -> dict[str, Any]:
    home = Path(os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config"))
    for path in (Path("calligram.toml"), home / "calligram" / "config.toml"):
        if path.is_file():
            try:
                return tomllib.loads(path.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
                raise OptionError(f"the options file {path} is no valid TOML: {fault}") from fault
    return {}


def _convert(given: Any, hint: Any, name: str) -> Any:
    kinds = [kind for kind in _alternatives(hint) if kind is not types.NoneType]
    kind = kinds[0]
    if get_origin(kind) is Literal:
        return given
    if kind is bool and isinstance(given, str):
        if given.lower() in {"1", "true", "yes", "on"}:
            return True
        if given.lower() in {"0", "false", "no", "off"}:
            return False
        raise OptionError(f"{name} is {given!r}, but must be yes or no")
    try:
        return kind(given)
    except (TypeError, ValueError) as fault:
        raise OptionError(f"{name} is {given!r}, but must be of kind {kind.__name__}") from fault


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
