"""Citing: the form in which a model says what its sentences rest on, and what becomes of that."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from calligram.art.eyes import Eyes
from calligram.art.fact import Facts
from calligram.art.grounding import Statement, contradictions
from calligram.errors import InputError

LONGEST = 600
"""Characters at most of one sentence."""
MOST_CITED = 8


def sentence_schema(facts: Facts) -> dict[str, Any]:
    """Return the JSON schema of one sentence with the facts and regions that it rests on."""
    keys = {"type": "string", "enum": list(facts.to_json())}
    place = {"type": "string", "description": "a field as B3, or a region as B3-D5", "maxLength": 9}
    return {
        "type": "object",
        "properties": {
            "text": {"type": "string", "minLength": 3, "maxLength": LONGEST},
            "facts": {"type": "array", "items": keys, "maxItems": MOST_CITED},
            "regions": {"type": "array", "items": place, "maxItems": MOST_CITED},
        },
        "required": ["text", "facts", "regions"],
        "additionalProperties": False,
    }


def citation_faults(entries: Iterable[Mapping[str, Any]], eyes: Eyes) -> Iterator[str]:
    """Yield what is wrong with the regions that sentences cite, a clause each."""
    for entry in entries:
        for name in entry["regions"]:
            try:
                eyes.region(name)
            except InputError as fault:
                yield str(fault)


def statements_of(
    entries: Sequence[Mapping[str, Any]], eyes: Eyes, english: bool = True
) -> tuple[Statement, ...]:
    """Return a model's sentences, those that contradict the facts marked.

    Args:
        entries: that meet :func:`sentence_schema`.
        eyes: what the model was given.
        english: whether they can be looked through for contradictions.
    """
    return tuple(
        Statement(
            " ".join(entry["text"].split()),
            tuple(dict.fromkeys(entry["facts"])),
            tuple(dict.fromkeys(_plain(name) for name in entry["regions"])),
            "model",
            contradictions(entry["text"], eyes.facts) if english else (),
        )
        for entry in entries
    )


def _plain(region: str) -> str:
    """Return the one spelling of a region.

    >>> _plain("b3 – d5")
    'B3-D5'
    """
    return re.sub(r"\s*[-–:]\s*", "-", region.strip().upper())
