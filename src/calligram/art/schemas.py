"""Answers in JSON: how one is found in what a model said, and what a schema finds wrong with it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_FENCED = re.compile(r"```[\w-]*[ \t]*\n(.*?)```", re.DOTALL)
_THOUGHTS = re.compile(r"<(think|thinking)>.*?</\1>", re.DOTALL)
_DECODER = json.JSONDecoder()

TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
NAMES: Mapping[str, str] = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
MOST_SHOWN = 60
"""So many characters of a wrong value are told."""


def find_json(text: str) -> Any:
    """Return the JSON value of a model's answer: the whole of it, or what stands in a fence or in prose.

    Thoughts before it are left out. Of several values the first object or list counts.

    Raises:
        ValueError: there is none; says where it breaks off.
    """
    plain = _THOUGHTS.sub("", text).strip()
    fault: ValueError | None = None
    for part in (plain, *(match.group(1).strip() for match in _FENCED.finditer(plain))):
        try:
            return json.loads(part)
        except ValueError as wrong:
            fault = fault or wrong
    for start in (match.start() for match in re.finditer(r"[{\[]", plain)):
        try:
            return _DECODER.raw_decode(plain, start)[0]
        except ValueError as wrong:
            fault = wrong if plain[start] == "{" and start == plain.find("{") else fault
    assert fault is not None
    raise fault


def faults_of(value: Any, schema: Mapping[str, Any], place: str = "the answer") -> Iterator[str]:
    """Yield what is wrong with a value, a clause each; nothing where it meets the schema.

    Args:
        value: as JSON has it.
        schema: of JSON Schema, the keywords ``type``, ``enum``, ``const``, ``anyOf``, ``properties``,
            ``required``, ``additionalProperties``, ``items``, ``minItems``, ``maxItems``, ``minLength``,
            ``maxLength``, ``pattern``, ``minimum`` and ``maximum``; others count for nothing.
        place: what the value is called.

    Source: JSON Schema, draft 2020-12, validation.

    >>> list(faults_of({"level": 9}, {"type": "object", "properties": {"level": {"maximum": 5}}}))
    ['level is 9, but at most 5 is allowed']
    """
    kinds = schema.get("type")
    if kinds is not None and not any(_is(value, kind) for kind in _listed(kinds)):
        wanted = " or ".join(NAMES[kind] for kind in _listed(kinds))
        yield f"{place} is {_shown(value)}, but must be {wanted}"
        return
    if "enum" in schema and not any(_same(value, each) for each in schema["enum"]):
        yield f"{place} is {_shown(value)}, but must be one of {', '.join(map(_shown, schema['enum']))}"
    if "const" in schema and not _same(value, schema["const"]):
        yield f"{place} is {_shown(value)}, but must be {_shown(schema['const'])}"
    if "anyOf" in schema and all(any(faults_of(value, each, place)) for each in schema["anyOf"]):
        yield f"{place} is {_shown(value)}, which is of none of the kinds that may stand there"
    if isinstance(value, dict):
        yield from _faults_of_object(value, schema, place)
    elif isinstance(value, list):
        yield from _faults_of_list(value, schema, place)
    elif isinstance(value, str):
        yield from _faults_of_text(value, schema, place)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _faults_of_number(value, schema, place)


def _faults_of_object(value: Mapping[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    properties: Mapping[str, Any] = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{place} has no {name!r}"
    more = schema.get("additionalProperties", True)
    for name, inner in value.items():
        inside = name if place == "the answer" else f"{name} of {place}"
        if name in properties:
            yield from faults_of(inner, properties[name], inside)
        elif more is False:
            yield f"{place} has {name!r}, which is not wanted"
        elif isinstance(more, Mapping):
            yield from faults_of(inner, more, inside)


def _faults_of_list(value: list[Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    if len(value) < schema.get("minItems", 0):
        yield f"{place} has {len(value)} entries, but at least {schema['minItems']} are wanted"
    if len(value) > schema.get("maxItems", len(value)):
        yield f"{place} has {len(value)} entries, but at most {schema['maxItems']} are allowed"
    for number, inner in enumerate(value, 1):
        yield from faults_of(inner, schema.get("items", {}), f"entry {number} of {place}")


def _faults_of_text(value: str, schema: Mapping[str, Any], place: str) -> Iterator[str]:
    if len(value) < schema.get("minLength", 0):
        yield f"{place} has {len(value)} characters, but at least {schema['minLength']} are wanted"
    if len(value) > schema.get("maxLength", len(value)):
        yield f"{place} has {len(value)} characters, but at most {schema['maxLength']} are allowed"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{place} is {_shown(value)}, which does not look like {schema['pattern']}"


def _faults_of_number(value: float, schema: Mapping[str, Any], place: str) -> Iterator[str]:
    if not value >= schema.get("minimum", value):
        yield f"{place} is {value}, but at least {schema['minimum']} is wanted"
    if not value <= schema.get("maximum", value):
        yield f"{place} is {value}, but at most {schema['maximum']} is allowed"


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind]) or (
        kind == "integer" and isinstance(value, float) and value.is_integer()
    )


def _same(value: Any, other: Any) -> bool:
    return bool(value == other) and isinstance(value, bool) == isinstance(other, bool)


def _listed(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _shown(value: Any) -> str:
    told = json.dumps(value, ensure_ascii=False)
    return told if len(told) <= MOST_SHOWN else f"{told[:MOST_SHOWN]}…"
