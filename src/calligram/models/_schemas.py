"""Schemas of answers as services take them: without the limits that some of them refuse."""

from collections.abc import Mapping
from typing import Any

HANDED_ON = frozenset({"type", "properties", "required", "enum", "const", "items", "anyOf", "description"})
"""What every service takes; limits of lengths and numbers are checked by whoever asks."""


def portable(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON schema that the services take which force answers into one.

    Objects are closed and limits left out, as they ask for.

    Source: OpenAI, Structured model outputs, supported schemas; Anthropic, Structured outputs, JSON schema
        limitations.
    """
    kept = {name: value for name, value in schema.items() if name in HANDED_ON}
    if "properties" in kept:
        kept["properties"] = {name: portable(value) for name, value in kept["properties"].items()}
    if kept.get("type") == "object":
        kept["additionalProperties"] = False
    if "items" in kept:
        kept["items"] = portable(kept["items"])
    if "anyOf" in kept:
        kept["anyOf"] = [portable(each) for each in kept["anyOf"]]
    return kept


def is_strict(schema: Mapping[str, Any]) -> bool:
    """Return whether every property of every object is required, which OpenAI's strict answers need."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    inner = [
        *properties.values(),
        *([schema["items"]] if "items" in schema else []),
        *schema.get("anyOf", ()),
    ]
    return set(properties) == set(schema.get("required", ())) and all(map(is_strict, inner))
