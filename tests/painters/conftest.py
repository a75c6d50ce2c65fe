"""What the tests of painters share: no keys of a person's own, and a cache of the test's."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from tests.models.endpoints import running
from tests.painters.images_endpoint import ImagesEndpoint, ImagesHandler, png_of


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no key or address of a person's own environment in, and keep images in a folder of the test."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def images_endpoint() -> Iterator[ImagesEndpoint]:
    """A running endpoint that paints a square of one colour for each image."""
    with running(cast(Any, ImagesEndpoint()), cast(Any, ImagesHandler)) as served:
        yield cast(ImagesEndpoint, served)


@pytest.fixture(scope="session")
def tiny_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Stable Diffusion with random weights."""
    from tests.painters.pipelines import make_stable_diffusion

    return make_stable_diffusion(tmp_path_factory.mktemp("pipelines") / "tiny")


@pytest.fixture
def painting_script(tmp_path: Path) -> Path:
    """A script for the painter ``scripted`` that shows two images."""
    for name, colour in (("one.png", "red"), ("two.png", "blue")):
        (tmp_path / name).write_bytes(png_of(colour))
    script = tmp_path / "script.json"
    script.write_text(json.dumps([{"paint": ["one.png", "two.png"]}]), encoding="utf-8")
    return script


@pytest.fixture
def painted_file(tmp_path: Path) -> Path:
    """An image to be set in characters."""
    path = tmp_path / "square.png"
    path.write_bytes(png_of("teal"))
    return path
