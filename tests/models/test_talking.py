"""Conversations: schemas and images as each interface takes them, and what local chats are told."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler, running

from calligram.errors import ModelError
from calligram.models._schemas import is_strict, portable
from calligram.models.base import Model, Reply, SamplingOptions, Talking, Turn, open_model

HANDLERS = {"openai": OpenAIHandler, "anthropic": AnthropicHandler}
OPTIONS = SamplingOptions(temperature=0.5, seed=1)
PNG = b"\x89PNG\r\n\x1a\n one image"
SCHEMA = {
    "type": "object",
    "properties": {"words": {"type": "array", "items": {"type": "string", "maxLength": 9}, "minItems": 2}},
    "required": ["words"],
}
BARE = {
    "type": "object",
    "properties": {"words": {"type": "array", "items": {"type": "string"}}},
    "required": ["words"],
    "additionalProperties": False,
}


@pytest.fixture(params=list(HANDLERS))
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of endpoint."""
    name: str = request.param
    pytest.importorskip(name, reason="endpoints need the extra endpoints")
    return name


@pytest.fixture
def endpoint(kind: str) -> Iterator[Endpoint]:
    """A running endpoint that says how many turns it was told."""
    with running(Endpoint(lambda body: f"turn {len(body['messages'])}"), HANDLERS[kind]) as served:
        yield served


def open_at(kind: str, endpoint: Endpoint, more: str = "") -> Any:
    model = open_model(f"{kind}:any?retries=0{more}", endpoint.base_url)
    assert isinstance(model, Talking)
    return model


def talks(model: Model) -> bool:
    return isinstance(model, Talking)


def test_a_conversation_is_told_turn_by_turn(kind: str, endpoint: Endpoint) -> None:
    turns = [Turn("user", "one"), Turn("assistant", "two"), Turn("user", "three")]
    assert open_at(kind, endpoint).reply(turns, OPTIONS, 100) == Reply("turn 3")
    told = [(turn["role"], turn["content"]) for turn in endpoint.asked[0]["messages"]]
    assert told == [("user", "one"), ("assistant", "two"), ("user", "three")]


def test_a_schema_is_handed_on_without_limits_that_services_refuse(kind: str, endpoint: Endpoint) -> None:
    open_at(kind, endpoint).reply([Turn("user", "say")], OPTIONS, 100, SCHEMA)
    (body,) = endpoint.asked
    if kind == "anthropic":
        assert body["output_config"] == {"format": {"type": "json_schema", "schema": BARE}}
    else:
        told = {"name": "answer", "schema": BARE, "strict": True}
        assert body["response_format"] == {"type": "json_schema", "json_schema": told}


def test_a_schema_with_optional_properties_is_not_strict() -> None:
    inner = {"type": "object", "properties": {"a": {"type": "string"}}, "required": []}
    assert is_strict(portable(SCHEMA))
    assert not is_strict(portable({"type": "array", "items": inner}))


def test_an_endpoint_that_knows_no_schemas_is_asked_without() -> None:
    pytest.importorskip("openai", reason="endpoints need the extra endpoints")
    plain = Endpoint(lambda body: "{}", refused=frozenset({"response_format"}))
    with running(plain, OpenAIHandler) as served:
        model = open_at("openai", served)
        assert model.reply([Turn("user", "say")], OPTIONS, 100, SCHEMA).text == "{}"
        assert "response_format" not in served.asked[-1]
        assert model.remarks() == ["openai:any takes no response_format, which was left out"]


def test_images_go_over_the_wire_as_they_are_and_are_kept_by_what_they_hold(
    kind: str, endpoint: Endpoint, tmp_path: Path
) -> None:
    model = open_at(kind, endpoint, "&images=yes")
    assert model.takes_images
    for image in (PNG, PNG, PNG + b" and another"):
        assert model.reply([Turn("user", "What is it?", (image,))], OPTIONS, 100).text == "turn 1"
    assert len(endpoint.asked) == 2
    shown, told = endpoint.asked[0]["messages"][0]["content"]
    assert told == {"type": "text", "text": "What is it?"}
    if kind == "anthropic":
        assert (shown["source"]["type"], shown["source"]["media_type"]) == ("base64", "image/png")
        spelled = shown["source"]["data"]
    else:
        head, spelled = shown["image_url"]["url"].split(",")
        assert head == "data:image/png;base64"
    assert base64.b64decode(spelled) == PNG
    kept = "".join(path.read_text() for path in (tmp_path / "cache").rglob("*.json"))
    assert spelled not in kept


def test_images_are_refused_where_nobody_said_that_they_are_taken(kind: str, endpoint: Endpoint) -> None:
    with pytest.raises(ModelError, match=rf"not said to take any: write {kind}:any\?images=yes"):
        open_at(kind, endpoint).reply([Turn("user", "?", (PNG,))], OPTIONS, 100)
    assert not endpoint.asked


def test_completions_follow_no_instructions(endpoint: Endpoint, kind: str) -> None:
    if kind == "openai":
        assert not talks(open_model("openai:any?api=completions", endpoint.base_url))


def test_thoughts_are_no_part_of_an_answer(script: Callable[..., Path]) -> None:
    path = script({"say": "<think>hm</think>\nYes."})
    model: Any = open_model(f"scripted:{path}")
    assert model.reply([Turn("user", "?")], OPTIONS, 10) == Reply("Yes.")


def test_scripts_say_objects_as_json_and_count_images(script: Callable[..., Path]) -> None:
    model: Any = open_model(f"scripted:{script({'say': [{'a': 1}, 'no']})}?images=yes")
    assert json.loads(model.reply([Turn("user", "?", (PNG, PNG))], OPTIONS, 10).text) == {"a": 1}
    assert model.reply([Turn("user", "?")], OPTIONS, 10).text == "no"
    assert model.describe()["images"] == 2


def test_a_script_can_be_one_that_only_writes(script: Callable[..., Path]) -> None:
    path = script({"say": "x"})
    assert talks(open_model(f"scripted:{path}"))
    assert not talks(open_model(f"scripted:{path}?talks=no"))


def test_a_local_chat_is_told_its_own_template(llama_folder: Path, gpt2_folder: Path) -> None:
    import transformers

    model: Any = open_model(f"hf:{llama_folder}")
    turns = [Turn("user", "What"), Turn("assistant", "digit"), Turn("user", "is this?")]
    reply = model.reply(turns, SamplingOptions(temperature=0), 6)
    tokenizer = transformers.AutoTokenizer.from_pretrained(llama_folder)
    told = tokenizer.apply_chat_template(
        [{"role": turn.role, "content": turn.text} for turn in turns],
        tokenize=False,
        add_generation_prompt=True,
    )
    assert told.endswith("[user]\nis this?\n[assistant]\n")
    said = "".join(piece.text for piece in model.speak(told, SamplingOptions(temperature=0), 6))
    assert reply == Reply(said, whole=False)
    assert not talks(open_model(f"hf:{gpt2_folder}"))


def test_a_local_chat_takes_no_images(llama_folder: Path) -> None:
    model: Any = open_model(f"hf:{llama_folder}")
    assert not model.takes_images
    with pytest.raises(ModelError, match="which takes none"):
        model.reply([Turn("user", "?", (PNG,))], OPTIONS, 5)
