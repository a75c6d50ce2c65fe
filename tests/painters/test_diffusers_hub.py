"""Pipelines of the hub: fetched once, known by their commit, and each way that fails told; over loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from tests.models.endpoints import running
from tests.painters.pipelines_hub import NAME, SHA, HubHandler, PipelinesHub

from calligram.errors import ModelError
from calligram.painters.base import Order, open_painter

pytest.importorskip("diffusers", reason="pipelines need the extra diffusers")

FOX = Order("a fox", width=64, height=64)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny pipeline."""
    from tests.painters.pipelines import make_stable_diffusion

    return make_stable_diffusion(tmp_path_factory.mktemp("hub") / "tiny")


@pytest.fixture
def hub(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PipelinesHub]:
    """A running hub that holds it, and a cache of its own."""
    with running(cast(Any, PipelinesHub()), cast(Any, HubHandler)) as served:
        hub = cast(PipelinesHub, served)
        hub.hold(folder)
        reach(hub.base_url, tmp_path, monkeypatch)
        yield hub


def reach(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the hub's client ask an address, and keep what it fetches in a folder of the test."""
    there = "huggingface_hub.constants."
    monkeypatch.setattr(there + "ENDPOINT", url)
    monkeypatch.setattr(
        there + "HUGGINGFACE_CO_URL_TEMPLATE", url + "/{repo_id}/resolve/{revision}/{filename}"
    )
    monkeypatch.setattr(there + "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(there + "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.setattr(there + "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(there + "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr("huggingface_hub.hf_api.api.endpoint", url)


def test_a_pipeline_of_the_hub_is_fetched_once_and_known_by_its_commit(
    hub: PipelinesHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (painted,) = open_painter(f"diffusers:{NAME}?device=cpu&steps=1").paint(FOX)
    assert (painted.model, painted.version, painted.remarks) == (NAME, SHA, ())
    assert painted.settings["licence"] == "mit"
    hub.asked.clear()
    (again,) = open_painter(f"diffusers:{NAME}?device=cpu&steps=1&offline=yes").paint(FOX)
    assert hub.asked == []
    assert again == painted


def test_a_hub_that_does_not_answer_is_remarked_where_a_copy_is_on_disk(
    hub: PipelinesHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_painter(f"diffusers:{NAME}?device=cpu")
    reach("http://127.0.0.1:9", tmp_path, monkeypatch)
    (painted,) = open_painter(f"diffusers:{NAME}?device=cpu&steps=1").paint(FOX)
    assert painted.version == SHA
    assert painted.remarks[0].startswith("the hub could not be asked (")
    with pytest.raises(
        ModelError, match=r"the hub cannot be reached .* no whole copy of a/b is on this disk"
    ):
        open_painter("diffusers:a/b?device=cpu")


@pytest.mark.parametrize(
    ("spelling", "told"),
    [
        (
            "someone/else",
            r"there is no folder 'someone/else' here and no such pipeline on the hub: check the name",
        ),
        (f"{NAME}?revision=old", rf"diffusers:{NAME} has no revision 'old' on the hub: check it"),
        (
            f"{NAME}?offline=yes",
            r"no whole copy of that pipeline on this disk, and offline is yes: leave offline",
        ),
        ("so me/thing", r"there is no folder 'so me/thing' here and no such pipeline on the hub"),
        ("a/b/c", r"there is no folder 'a/b/c': check the path"),
    ],
)
def test_what_the_hub_does_not_have_is_told(spelling: str, told: str, hub: PipelinesHub) -> None:
    with pytest.raises(ModelError, match=told):
        open_painter(f"diffusers:{spelling}")


def test_a_closed_pipeline_says_where_it_is_opened(hub: PipelinesHub) -> None:
    hub.refused = ("GatedRepo", 403)
    with pytest.raises(ModelError, match=r"to those alone who accepted its terms: .*'hf auth login'"):
        open_painter(f"diffusers:{NAME}")


def test_a_repository_that_is_no_pipeline_is_told_before_anything_large_is_fetched(hub: PipelinesHub) -> None:
    del hub.files["model_index.json"]
    with pytest.raises(
        ModelError, match=r"is no pipeline of diffusers, since its repository has no model_index"
    ):
        open_painter(f"diffusers:{NAME}")
    assert not any(".safetensors" in path for path in hub.asked)


def test_a_pipeline_of_the_hub_with_code_of_its_own_is_refused_before_it_is_fetched(
    hub: PipelinesHub,
) -> None:
    hub.files["model_index.json"] = hub.files["model_index.json"].replace(
        b'"StableDiffusionPipeline"', b'["pipeline", "Mine"]'
    )
    hub.files["pipeline.py"] = b"raise SystemExit"
    with pytest.raises(ModelError, match=r"needs code that is not part of .*\(pipeline/Mine\)"):
        open_painter(f"diffusers:{NAME}")
    assert not any(path.endswith((".safetensors", ".py")) for path in hub.asked)
