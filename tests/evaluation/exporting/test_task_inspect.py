"""``inspect_ai`` runs the exported folder against served models, and gives our own answers."""

from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.exporting.conftest import Export, Read, firsts, need, right

from calligram.models.base import Model, open_model

pytestmark = pytest.mark.filterwarnings("ignore")  # of the harness and what it loads, not of ours
inspect_ai = need("inspect_ai")
need("openai")


@pytest.fixture(scope="module")
def folder(export: Export) -> Path:
    return export("inspect").folder


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLIGRAM_API_KEY", "none")


def run(folder: Path, task: str, name: str, url: str, logs: Path) -> tuple[list[Any], float]:
    """Return the samples in order, and the accuracy that the harness tells."""
    (log,) = inspect_ai.eval(
        f"{folder / 'task.py'}@{task}",
        model=f"openai-api/calligram/{name}",
        model_base_url=url,
        display="none",
        log_dir=str(logs),
    )
    assert log.status == "success", log.error
    return sorted(log.samples, key=lambda sample: sample.id), log.results.scores[0].metrics["accuracy"].value


def check(samples: list[Any], accuracy: float, model: Model, read: Read) -> None:
    readings = read(model)
    assert [sample.scores["pattern"].answer for sample in samples] == firsts(readings)
    assert accuracy == pytest.approx(right(firsts(readings), [sample.target for sample in samples]))


@pytest.mark.parametrize("task", ["bare", "told"])
def test_the_served_built_in_model_gets_our_own_score(
    task: str, builtin: Model, served: str, folder: Path, read: Read, tmp_path: Path
) -> None:
    samples, accuracy = run(folder, task, "builtin", served, tmp_path)
    check(samples, accuracy, builtin, read)


def test_some_answers_count_though_the_model_abstained(builtin: Model, read: Read) -> None:
    assert any(reading.abstained for reading in read(builtin))


def test_a_served_local_model_gets_our_own_score(folder: Path, read: Read, tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="models of Hugging Face need the extra hf")
    from tests.models.hugging import make_gpt2
    from tests.server.conftest import running

    model = open_model(f"hf:{make_gpt2(tmp_path / 'gpt2')}")
    with running(model) as port:
        samples, accuracy = run(folder, "bare", model.name, f"http://127.0.0.1:{port}/v1", tmp_path / "logs")
    check(samples, accuracy, model, read)
