"""One export for each harness, one server, and what our own evaluation says of the same pictures."""

from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

import pytest

from calligram.evaluation.examples import load_grids
from calligram.evaluation.exporting.exports import Exported, export_task
from calligram.evaluation.exporting.options import ExportOptions
from calligram.models.base import Model, Reading, open_model
from calligram.nano.folder import SHIPPED
from calligram.picture import get_layout

SOURCE, SPLIT, LIMIT = "digits:", "test", 8

Export = Callable[..., Exported]
Read = Callable[[Model], list[Reading]]


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    """Return a function that exports the same pictures for any harness."""
    pytest.importorskip("sklearn", reason="the digits of scikit-learn need the extra train")

    def make(harness: str, limit: int = LIMIT) -> Exported:
        folder = tmp_path_factory.mktemp("tasks") / harness
        return export_task(harness, SOURCE, folder, ExportOptions(split=SPLIT, limit=limit))

    return make


@pytest.fixture(scope="session")
def read() -> Read:
    """Return a function that reads the exported pictures as ``calligram evaluate`` does."""
    grids = load_grids(SOURCE, SPLIT, get_layout("classic"), LIMIT)

    def ask(model: Model) -> list[Reading]:
        return model.read(grids.levels, grids.layout, grids.question, grids.classes)

    return ask


@pytest.fixture(scope="session")
def builtin() -> Model:
    """The model that comes with the package."""
    if not (SHIPPED / "model.safetensors").exists():
        pytest.skip("the built-in model's weights are not there yet")
    return open_model()


@pytest.fixture(scope="session")
def served(builtin: Model) -> Iterator[str]:
    """The address at which the built-in model is served."""
    from tests.server.conftest import running

    with running(builtin) as port:
        yield f"http://127.0.0.1:{port}/v1"


def need(harness: str) -> ModuleType:
    """Return a harness, or skip; what it warns of at its import is its own affair."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module: ModuleType = pytest.importorskip(harness, reason=f"{harness} is not installed")
    return module


def firsts(readings: Sequence[Reading]) -> list[str]:
    """Return the candidates that count."""
    return [reading.candidates[0][0] for reading in readings]


def right(answers: Sequence[str], truth: Sequence[Any]) -> float:
    """Return the share of right answers."""
    return sum(one == other for one, other in zip(answers, truth, strict=True)) / len(truth)
