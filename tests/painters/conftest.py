"""What the tests of painters share: no keys of a person's own, and a cache of the test's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from tests.models.endpoints import running
from tests.painters.images_endpoint import ImagesEndpoint, ImagesHandler


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
