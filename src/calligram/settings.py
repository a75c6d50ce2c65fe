"""Options: each default, range and help line stated once, and the order in which values are found.

An options class is a frozen dataclass whose fields are made with :func:`option`. Command line, web form
and run record are made from it. A value is looked for as flag, then environment variable
(``CALLIGRAM_<GROUP>_<FIELD>``, as ``CALLIGRAM_ENCODE_WIDTH``), then file (table ``[<group>]`` of
``calligram.toml`` in the working folder, else of ``$XDG_CONFIG_HOME/calligram/config.toml``), then default.
A class's group is its attribute ``GROUP``, else its name without ``Options``, in small letters.
"""

import dataclasses
import os
import sys
import tomllib
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

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


def option_of(kind: type, name: str, default: Any) -> Any:
    """Return a field with another default, its help and range those of an options class's field ``name``."""
    (field,) = (field for field in dataclasses.fields(kind) if field.name == name)
    return dataclasses.field(default=default, metadata=field.metadata)


def resolve(kind: type[Options], flags: Mapping[str, Any]) -> Options:
    """Return an options object, each value from flag, environment, file or default, and checked.

    Args:
        kind: the frozen dataclass.
        flags: values given on the command line; None means not given.

    Raises:
        OptionError: a value is of the wrong kind or out of its range, or environment or file give an
            option of this group that there is not.
    """
    hints, group = get_type_hints(kind), group_of(kind)
    given = _from_file(kind, group) | _from_environment(kind, group)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        if flags.get(field.name) is not None:
            values[field.name] = flags[field.name]
        elif field.name in given:
            told, value = given[field.name]
            values[field.name] = _convert(value, hints[field.name], told)
    made = kind(**values)
    check(made)
    return made


def split_query(rest: str, kind: type, told: str) -> tuple[str, dict[str, Any]]:
    """Return the place of a spelling such as ``data/mnist?limit=5``, and the options behind its ``?``.

    Args:
        rest: what stands behind the first colon; a path that exists is a place, whatever is in it.
        kind: the options class.
        told: what is spelled, for messages, as ``"the source idx"``.

    Raises:
        OptionError: an option is unknown or of the wrong kind.
    """
    if "?" not in rest or Path(rest).exists():
        return rest, {}
    place, _, query = rest.partition("?")
    hints = {field.name: get_type_hints(kind)[field.name] for field in dataclasses.fields(kind)}
    values = {}
    for key, text in parse_qsl(query, keep_blank_values=True):
        if key not in hints:
            raise OptionError(f"{told} has no option {key!r}: it knows {', '.join(hints) or 'none at all'}")
        values[key] = _convert(text, hints[key], f"the option {key} of {told}")
    return place, values


def group_of(kind: type) -> str:
    """Return the name under which an options class's values stand in environment and file.

    >>> class SeeOptions: ...
    >>> group_of(SeeOptions)
    'see'
    """
    return str(getattr(kind, "GROUP", kind.__name__.removesuffix("Options").lower()))


def cache_folder() -> Path:
    """Return where downloads and trained nets are kept: ``$CALLIGRAM_CACHE``, or the system's place."""
    if given := os.environ.get("CALLIGRAM_CACHE"):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "calligram" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/calligram"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "calligram"


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


Given = dict[str, tuple[str, Any]]
"""Values by field, each with how it is called where it was given."""


def _from_environment(kind: type, group: str) -> Given:
    start = f"CALLIGRAM_{group.upper()}_"
    found = {name: value for name, value in os.environ.items() if name.startswith(start)}
    given = {name.removeprefix(start).lower(): (name, value) for name, value in found.items()}
    _refuse_unknown(kind, given, "the environment")
    return given


def _from_file(kind: type, group: str) -> Given:
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for path in (Path("calligram.toml"), home / "calligram" / "config.toml"):
        if path.is_file():
            table = _read_tables(path).get(group, {})
            given = {key: (f"{key} in [{group}] of {path}", value) for key, value in table.items()}
            _refuse_unknown(kind, given, f"the options file {path}")
            return given
    return {}


def _read_tables(path: Path) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise OptionError(
            f"the options file {path} is no valid TOML ({fault}): mend it, or take it away"
        ) from fault
    for key, value in tables.items():
        if not isinstance(value, dict):
            raise OptionError(
                f"the options file {path} has {key!r} outside a table: "
                "write it in the table of its command, as [encode]"
            )
    return tables


def _refuse_unknown(kind: type, given: Given, where: str) -> None:
    known = [field.name for field in dataclasses.fields(kind)]
    for key, (told, _) in given.items():
        if key not in known:
            raise OptionError(
                f"{where} gives {told}, but there is no such option: "
                f"[{group_of(kind)}] knows {', '.join(known)}"
            )


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
    if kind is int and (isinstance(given, bool) or (isinstance(given, float) and not given.is_integer())):
        raise OptionError(f"{name} is {given!r}, but must be of kind int")
    try:
        return kind(given)
    except (TypeError, ValueError) as fault:
        raise OptionError(f"{name} is {given!r}, but must be of kind {kind.__name__}") from fault


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
