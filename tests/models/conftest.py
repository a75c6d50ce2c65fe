"""A tiny untrained model, written once."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with both graphs."""
    pytest.importorskip("onnx", reason="writing a graph needs the extra train")
    from calligram.nano.tiny import make_model

    return make_model(tmp_path_factory.mktemp("nano") / "tiny")
