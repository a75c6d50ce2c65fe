"""Descriptions and critiques by models behind endpoints, over the wire of OpenAI and of Anthropic."""

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler, running

from calligram.art.critique import CritiqueOptions, critique_image
from calligram.art.describing_images import describe_image
from calligram.art.describing_options import DescribeOptions
from calligram.art.voices import STEPS
from calligram.errors import EndpointError
from calligram.models.base import Model, open_model

SEA = np.full((80, 100, 3), (20, 50, 80), np.uint8)
SEA[:30] = (170, 200, 230)
SENTENCE = {"text": "The upper part is pale blue.", "facts": ["palette"], "regions": ["A1-H2"]}


def answer(body: dict[str, Any]) -> str:
    """Answer as a model does that follows the schema, in the reply's own fences."""
    told = json.dumps(body)
    value = {step: [SENTENCE] for step in STEPS} if "critique in" in told else {"sentences": [SENTENCE]}
    return f"```json\n{json.dumps(value)}\n```"


@pytest.fixture(params=["openai", "anthropic"])
def served(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Endpoint, Model]]:
    """Give a running endpoint of each kind, and the model behind it, which takes images."""
    kind = request.param
    pytest.importorskip(kind, reason="endpoints need the extra endpoints")
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path))
    handler = OpenAIHandler if kind == "openai" else AnthropicHandler
    with running(Endpoint(answer), handler) as endpoint:
        yield endpoint, open_model(f"{kind}:any?retries=0&images=yes", endpoint.base_url)


def images_in(body: dict[str, Any]) -> list[bytes]:
    """Return the images of a request, whichever interface it is of."""
    content = body["messages"][0]["content"]
    spelled = [
        part["image_url"]["url"].partition("base64,")[2] if "image_url" in part else part["source"]["data"]
        for part in (content if isinstance(content, list) else [])
        if part["type"] != "text"
    ]
    return [base64.b64decode(each) for each in spelled]


def test_an_image_is_described_from_its_facts(served: tuple[Endpoint, Model]) -> None:
    endpoint, model = served
    (statement,) = describe_image(SEA, model=model).statements
    assert (statement.text, statement.grounded) == (SENTENCE["text"], True)
    (asked,) = endpoint.asked
    assert "Orientation: landscape" in json.dumps(asked)
    assert '"json_schema"' in json.dumps(asked)
    assert images_in(asked) == []


def test_the_image_itself_is_sent_when_asked(served: tuple[Endpoint, Model]) -> None:
    endpoint, model = served
    describe_image(SEA, DescribeOptions(image_too=True), model)
    (png,) = images_in(endpoint.asked[0])
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), SEA)


def test_a_critique_comes_in_four_steps(served: tuple[Endpoint, Model]) -> None:
    _, model = served
    found = critique_image(SEA, CritiqueOptions(voice="studio"), model)
    assert [len(claims) for claims in found.steps.values()] == [1, 1, 1, 1]


def test_the_same_question_is_asked_once(served: tuple[Endpoint, Model]) -> None:
    endpoint, model = served
    texts = {describe_image(SEA, model=model).text for _ in range(2)}
    assert (len(texts), len(endpoint.asked)) == (1, 1)


def test_a_cut_connection_is_one_clear_sentence(served: tuple[Endpoint, Model]) -> None:
    endpoint, model = served
    endpoint.failures = [503]
    with pytest.raises(EndpointError, match="503"):
        critique_image(SEA, model=model)
