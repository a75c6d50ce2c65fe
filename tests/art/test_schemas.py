"""Answers in JSON: found in what models write around them, and checked as JSON Schema says."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calligram.art.schemas import faults_of, find_json

OBJECT = {
    "type": "object",
    "properties": {
        "level": {"type": "integer", "minimum": 1, "maximum": 5},
        "mood": {"enum": ["calm", "wild", 1]},
        "words": {"type": "array", "items": {"type": "string", "maxLength": 5}, "minItems": 1, "maxItems": 2},
    },
    "required": ["level", "words"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1]}',
        '```json\n{"a": [1]}\n```',
        'Here you are:\n\n```\n{"a": [1]}\n```\nI hope that helps.',
        'Sure! {"a": [1]} is my answer.',
        '<think>{"a": 2}? No.</think>\n{"a": [1]}',
        'A set {of things} first. {"a": [1]}',
    ],
)
def test_an_answer_is_found_whatever_stands_around_it(text: str) -> None:
    assert find_json(text) == {"a": [1]}


@pytest.mark.parametrize("text", ["", "no", '{"a": [1', "<think>{}</think>", '```json\n{"a":}\n```'])
def test_what_is_no_json_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"line \d+ column \d+"):
        find_json(text)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ([], "the answer is [], but must be an object"),
        ({"words": ["a"]}, "the answer has no 'level'"),
        ({"level": 9, "words": ["a"]}, "level is 9, but at most 5 is allowed"),
        ({"level": 0, "words": ["a"]}, "level is 0, but at least 1 is wanted"),
        ({"level": True, "words": ["a"]}, "level is true, but must be a whole number"),
        ({"level": 1, "words": []}, "words has 0 entries, but at least 1 are wanted"),
        ({"level": 1, "words": ["a"] * 3}, "words has 3 entries, but at most 2 are allowed"),
        ({"level": 1, "words": ["abcdef"]}, "entry 1 of words has 6 characters, but at most 5 are allowed"),
        ({"level": 1, "words": ["a"], "mood": "sad"}, 'mood is "sad", but must be one of "calm", "wild", 1'),
        ({"level": 1, "words": ["a"], "more": 1}, "the answer has 'more', which is not wanted"),
    ],
)
def test_each_fault_is_one_clause(value: Any, fault: str) -> None:
    assert list(faults_of(value, OBJECT)) == [fault]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text("ab", max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
LEAVES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(
            ["string", "integer", "number", "boolean", "null", ["string", "null"], "array"]
        ),
        "enum": st.lists(VALUES, min_size=1, max_size=3),
        "const": VALUES,
        "minimum": st.integers(-5, 5),
        "maximum": st.integers(-5, 5),
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(0, 3),
        "pattern": st.sampled_from(["^a", "b$", "ab"]),
        "minItems": st.integers(0, 2),
        "maxItems": st.integers(0, 2),
    },
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: (
        st.fixed_dictionaries({"items": inner})
        | st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=2)})
        | st.fixed_dictionaries(
            {"properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2)},
            optional={
                "type": st.just("object"),
                "required": st.lists(st.sampled_from("abc"), unique=True, max_size=2),
                "additionalProperties": st.booleans() | inner,
            },
        )
    ),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None)
@given(VALUES, SCHEMAS)
def test_values_are_refused_where_json_schema_refuses_them(value: Any, schema: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="the oracle of schemas is in the extra dev")
    assert bool(list(faults_of(value, schema))) != jsonschema.Draft202012Validator(schema).is_valid(value)
