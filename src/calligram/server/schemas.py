"""Schemas: the JSON forms in which an answer to a question about a picture can be told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calligram.models.base import Reading
from calligram.server.refusals import RefusalError

SUBJECT = "response_format"
KINDS = {
    "answer": {"string", "integer", "number", "null"},
    "confidence": {"number"},
    "familiarity": {"number", "null"},
    "abstained": {"boolean"},
}
"""What a form may ask for, and the JSON types that each of them can have."""

KNOWN = ", ".join(KINDS)


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Args:
        kinds: the JSON types it may have.
        choices: the values it may have, or None where all of its types do.
    """

    kinds: frozenset[str]
    choices: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class AnswerForm:
    """The fields of a JSON object that an answer is to be."""

    fields: Mapping[str, Field]

    def fill(self, reading: Reading) -> str | None:
        """Return a reading as JSON, or None where the form has no place for its answer."""
        try:
            answer, confidence = _choose(reading, self.fields["answer"])
        except LookupError:
            return None
        told: dict[str, Any] = {
            "answer": answer,
            "confidence": confidence,
            "familiarity": reading.familiarity,
            "abstained": reading.abstained,
        }
        usual = self.fields.get("familiarity")
        if usual and reading.familiarity is None and "null" not in usual.kinds:
            return None
        return json.dumps({name: told[name] for name in self.fields}, ensure_ascii=False)


ANY_JSON = AnswerForm({"answer": Field(frozenset({"string", "null"}))})
"""The form where a request wishes some JSON and does not say which."""


def parse_form(wanted: Mapping[str, Any] | None) -> AnswerForm | None:
    """Return the form that a ``response_format`` asks for, or None for plain words.

    Args:
        wanted: of type ``text``, ``json_object``, or ``json_schema`` with a schema of an object that has the
            field ``answer``, and perhaps ``confidence``, ``familiarity`` and ``abstained``.

    Raises:
        RefusalError: it asks for anything else.
    """
    try:
        return _parse_form(wanted or {"type": "text"})
    except RecursionError as fault:
        raise _misfit("its schema is nested too deep") from fault


def _parse_form(wanted: Mapping[str, Any]) -> AnswerForm | None:
    kind = wanted.get("type")
    if kind == "text":
        return None
    if kind == "json_object":
        return ANY_JSON
    if kind != "json_schema":
        raise _misfit(f"its type is {kind!r}, but must be text, json_object or json_schema")
    told = wanted.get("json_schema")
    schema = told.get("schema") if isinstance(told, dict) else None
    if not isinstance(schema, dict) or not isinstance(schema.get("properties"), dict):
        raise _misfit("json_schema.schema is no schema of an object with properties")
    shared = schema.get("$defs") or schema.get("definitions") or {}
    required = schema.get("required") or []
    if not isinstance(shared, dict) or not isinstance(required, list):
        raise _misfit("$defs must be an object, and required a list of names")
    fields = {name: _field(name, part, shared) for name, part in schema["properties"].items()}
    if missing := [name for name in required if not isinstance(name, str) or name not in fields]:
        raise _misfit(f"it requires {missing[0]!r}, which is none of its properties")
    if "answer" not in fields:
        raise _misfit("it has no property 'answer'")
    return AnswerForm(fields)


def _field(name: str, schema: Any, shared: Mapping[str, Any]) -> Field:
    if name not in KINDS:
        raise _misfit(f"it asks for {name!r}")
    if not isinstance(schema, dict):
        raise _misfit(f"the schema of {name!r} is no object")
    if isinstance(place := schema.get("$ref"), str):
        return _field(name, shared.get(place.rpartition("/")[2]), {})
    if isinstance(ways := schema.get("anyOf"), list):
        return _joined([_field(name, way, shared) for way in ways])
    given = schema.get("enum", [schema["const"]] if "const" in schema else None)
    told = schema.get("type", sorted(KINDS[name]))
    kinds = frozenset(map(str, told if isinstance(told, list) else [told]))
    if not kinds & KINDS[name]:
        known = " or ".join(sorted(KINDS[name]))
        raise _misfit(f"{name!r} is to be {', '.join(sorted(kinds))}, but is {known}")
    if not isinstance(given, list):
        return Field(kinds)
    return Field(kinds if None in given else kinds - {"null"}, tuple(given))


def _joined(ways: list[Field]) -> Field:
    kinds = frozenset(kind for way in ways for kind in way.kinds)
    if all(way.choices is None for way in ways):
        return Field(kinds)
    free = [way for way in ways if way.choices is None and way.kinds != {"null"}]
    given = tuple(choice for way in ways for choice in way.choices or ())
    return Field(kinds, None if free else given)


def _choose(reading: Reading, wanted: Field) -> tuple[str | int | None, float]:
    """Return the answer as its field takes it, the likeliest of its choices where it has some, and its share.

    Raises:
        LookupError: the field takes no such answer.
    """
    if reading.answer is None:
        if "null" in wanted.kinds:
            return None, reading.confidence
        raise LookupError
    if wanted.choices is not None:
        spelled = {str(choice): choice for choice in wanted.choices if choice is not None}
        likely = [(spelled[answer], share) for answer, share in reading.candidates if answer in spelled]
        return likely[0]
    if "string" in wanted.kinds:
        return reading.answer, reading.confidence
    if wanted.kinds & {"integer", "number"} and reading.answer.isdecimal():
        return int(reading.answer), reading.confidence
    raise LookupError


def _misfit(fault: str) -> RefusalError:
    return RefusalError(
        f"the response_format cannot be kept to ({fault}): "
        f"ask for an object with the property answer, and perhaps others of {KNOWN}",
        SUBJECT,
        "unsupported_format",
    )
