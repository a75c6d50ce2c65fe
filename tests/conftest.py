"""What tests of several rooms share: a tiny model in a folder, and the command line as a function."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from calligram.cli.main import run


class Outcome(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the spelling of an untrained model, which answers and draws at random."""
    pytest.importorskip("onnx", reason="the tiny model's graphs are written with onnx, of the extra train")
    from calligram.nano.tiny import make_model

    return f"builtin:{make_model(tmp_path_factory.mktemp('models') / 'tiny')}"


@pytest.fixture
def calligram_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Sequence[str]], Outcome]:
    """Return a function that runs the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def call(words: Sequence[str]) -> Outcome:
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
