"""Answers in JSON: which forms are kept to, and which are refused."""

import json
from typing import Any

import pytest

from calligram.models.base import Reading
from calligram.server.refusals import RefusalError
from calligram.server.schemas import parse_form

SURE = Reading("7", 0.9, [("7", 0.9), ("1", 0.06)], 0.5, False)
UNSURE = Reading(None, 0.4, [("7", 0.4), ("1", 0.3)], 0.0, True)


def wanted(properties: Any, **more: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, **more}
    return {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}


def fill(properties: Any, reading: Reading, **more: Any) -> Any:
    form = parse_form(wanted(properties, **more))
    assert form is not None
    filled = form.fill(reading)
    return None if filled is None else json.loads(filled)


def test_plain_words_have_no_form() -> None:
    assert parse_form(None) is None
    assert parse_form({"type": "text"}) is None


def test_any_json_has_an_answer_or_null() -> None:
    form = parse_form({"type": "json_object"})
    assert form is not None
    assert form.fill(SURE) == '{"answer": "7"}'
    assert form.fill(UNSURE) == '{"answer": null}'


@pytest.mark.parametrize(
    ("schema", "answer"),
    [
        ({"type": "string"}, "7"),
        ({}, "7"),
        ({"type": "integer"}, 7),
        ({"type": ["string", "null"]}, "7"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 7),
        ({"enum": ["1", "2"]}, "1"),
        ({"enum": [1, 7]}, 7),
        ({"const": "1"}, "1"),
        ({"$ref": "#/$defs/Digit"}, "1"),
        ({"anyOf": [{"enum": ["1"]}, {"type": "null"}]}, "1"),
    ],
)
def test_the_answer_is_of_the_wanted_type_and_among_the_choices(schema: Any, answer: object) -> None:
    shared = {"Digit": {"type": "string", "enum": ["1", "2"]}}
    assert fill({"answer": schema}, SURE, **{"$defs": shared}) == {"answer": answer}


def test_other_fields_are_told_where_they_are_asked_for() -> None:
    properties = {"abstained": {"type": "boolean"}, "answer": {}, "confidence": {"type": "number"}}
    assert fill(properties, SURE) == {"abstained": False, "answer": "7", "confidence": 0.9}


def test_the_confidence_is_that_of_the_answer_that_is_told() -> None:
    properties = {"answer": {"enum": ["1", "2"]}, "confidence": {"type": "number"}}
    assert fill(properties, SURE) == {"answer": "1", "confidence": 0.06}


@pytest.mark.parametrize("schema", [{"type": "string"}, {"type": "integer"}, {"enum": ["1", "7"]}])
def test_no_answer_has_no_place_where_none_is_allowed(schema: Any) -> None:
    assert fill({"answer": schema}, UNSURE) is None


def test_an_answer_that_is_no_number_has_no_place_among_numbers() -> None:
    assert fill({"answer": {"type": "integer"}}, Reading("bag", 0.9, [("bag", 0.9)], None, False)) is None


def test_choices_that_the_model_does_not_know_leave_no_answer() -> None:
    assert fill({"answer": {"enum": ["cat", "dog"]}}, SURE) is None


def nested(depth: int) -> Any:
    schema: Any = {"type": "string"}
    for _ in range(depth):
        schema = {"anyOf": [schema]}
    return schema


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"type": "grammar"}, "its type is 'grammar'"),
        ({"type": "json_schema"}, "no schema of an object"),
        ({"type": "json_schema", "json_schema": {"schema": {"type": "string"}}}, "no schema of an object"),
        (wanted({"colour": {"type": "string"}}), "asks for 'colour'"),
        (wanted({"confidence": {"type": "number"}}), "no property 'answer'"),
        (wanted({"answer": {"type": "array"}}), "'answer' is to be array"),
        (wanted({"answer": {}, "confidence": {"type": "string"}}), "'confidence' is to be string"),
        (wanted({"answer": {}}, required=["colour"]), "requires 'colour'"),
        (wanted({"answer": {"$ref": "#/$defs/Nowhere"}}), "the schema of 'answer' is no object"),
        (wanted({"answer": 5}), "the schema of 'answer' is no object"),
        ({"type": "json_schema", "json_schema": "x"}, "no schema of an object"),
        ({"type": {}}, "its type is {}"),
        (wanted({"answer": {"type": {}}}), "'answer' is to be {}"),
        (wanted({"answer": {}}, **{"$defs": [1]}), r"\$defs must be an object"),
        (wanted({"answer": {}}, required=5), "required a list of names"),
        (wanted({"answer": {}}, required=[{}]), "requires {}"),
        (wanted({"answer": nested(5000)}), "nested too deep"),
    ],
)
def test_a_form_that_cannot_be_kept_to_is_refused(given: Any, words: str) -> None:
    with pytest.raises(RefusalError, match=words) as refused:
        parse_form(given)
    assert refused.value.param == "response_format"
