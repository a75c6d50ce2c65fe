"""Pipelines of diffusers: tiny ones of the real classes are painted with, and each way they fail is told."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageChops

from calligram.errors import ContentRefusedError, MissingExtraError, ModelError, OptionError, RequestError
from calligram.painters.base import Order, Painted, Painter, open_painter

pytest.importorskip("diffusers", reason="pipelines need the extra diffusers")

FOX = Order("a red fox", width=64, height=64)
Open = Callable[..., Painter]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that gives the folder of a tiny pipeline, made when it is first asked for."""
    from tests.painters import pipelines

    parent = tmp_path_factory.mktemp("pipelines")

    def make(kind: str) -> Path:
        if not (parent / kind).exists():
            checker = {"checker": True} if kind == "checked" else {}
            name = "stable_diffusion" if checker else kind
            getattr(pipelines, f"make_{name}")(parent / kind, **checker)
        return parent / kind

    return make


@pytest.fixture
def opened(folders: Callable[[str], Path]) -> Open:
    """Return a function that opens the painter of a tiny pipeline, with options."""

    def open_with(kind: str = "stable_diffusion", **options: object) -> Painter:
        told = "&".join(f"{name}={value}" for name, value in {"device": "cpu", "steps": 2, **options}.items())
        return open_painter(f"diffusers:{folders(kind)}?{told}")

    return open_with


def same(one: Painted, other: Painted) -> bool:
    return one.image.tobytes() == other.image.tobytes()


def test_words_become_an_image_with_what_decides_how_it_looks(opened: Open) -> None:
    from importlib.metadata import version

    (painted,) = opened(guidance=5).paint(FOX)
    assert (painted.image.mode, painted.image.size, painted.seed) == ("RGB", (64, 64), 0)
    assert (painted.model, painted.version, painted.remarks) == ("stable_diffusion", "", ())
    assert painted.settings == {
        "steps": 2,
        "guidance": 5.0,
        "pipeline": "StableDiffusionPipeline",
        "scheduler": "DDIMScheduler",
        "dtype": "float32",
        "device": "cpu",
        "diffusers": version("diffusers"),
        "torch": version("torch"),
    }
    json.dumps(painted.settings)


def test_an_image_follows_from_its_own_seed_whatever_is_painted_beside_it(opened: Open) -> None:
    painter = opened()
    three = painter.paint(Order(FOX.words, seed=5, width=64, height=64), 3)
    (alone,) = painter.paint(Order(FOX.words, seed=7, width=64, height=64))
    assert [each.seed for each in three] == [5, 6, 7]
    assert same(three[2], alone)
    assert not same(three[0], three[1])


def test_another_scheduler_paints_and_is_told(opened: Open) -> None:
    painter = opened(scheduler="EulerAncestralDiscrete")
    first, again = painter.paint(FOX)[0], painter.paint(FOX)[0]
    assert same(first, again)
    assert first.settings["scheduler"] == "EulerAncestralDiscreteScheduler"


def test_chances_that_a_part_draws_of_its_own_are_seeded_and_the_callers_are_left_alone(opened: Open) -> None:
    import torch

    painter: Any = opened(steps=1)
    drawn: list[float] = []
    painter.asking.pipeline.unet.register_forward_pre_hook(lambda *given: drawn.append(float(torch.rand(()))))
    before = torch.random.get_rng_state()
    for seed in (3, 4, 3):
        painter.paint(Order(FOX.words, width=64, height=64, seed=seed))
    assert drawn[0] == drawn[2] != drawn[1]
    assert torch.equal(before, torch.random.get_rng_state())


def test_words_to_avoid_change_the_image(opened: Open) -> None:
    painter = opened()
    (plain,) = painter.paint(FOX)
    (without,) = painter.paint(Order(FOX.words, "snow", 64, 64))
    assert not same(plain, without)
    assert without.remarks == ()


def test_words_to_avoid_are_remarked_where_they_have_no_effect(opened: Open) -> None:
    (painted,) = opened(guidance=1).paint(Order(FOX.words, "snow", 64, 64))
    assert painted.remarks == (
        "the pipeline paints without guidance here, so that the words to avoid had no effect",
    )


def test_words_to_avoid_have_no_effect_in_a_flux_that_is_guided_by_its_training(opened: Open) -> None:
    (painted,) = opened("flux").paint(Order("a red fox", "snow", 32, 32))
    assert "the words to avoid had no effect" in painted.remarks[0]


@pytest.mark.parametrize("kind", ["flux", "latent_consistency"])
def test_pipelines_of_other_kinds_paint_too(kind: str, opened: Open) -> None:
    first, second = opened(kind).paint(Order("a red fox", width=32, height=32), 2)
    assert first.image.size == (32, 32)
    assert not same(first, second)
    assert "Flux" in str(first.settings["pipeline"]) or "LatentConsistency" in str(first.settings["pipeline"])


def test_a_pipeline_without_words_to_avoid_remarks_that(opened: Open) -> None:
    (painted,) = opened("latent_consistency").paint(Order("a red fox", "snow", 64, 64))
    assert any(each.endswith("takes no words to avoid, so they were left out") for each in painted.remarks)


def test_a_pipeline_that_changes_images_paints_from_words_with_the_same_parts(opened: Open) -> None:
    (painted,) = opened("image_to_image").paint(FOX)
    assert painted.settings["pipeline"] == "StableDiffusionPipeline"
    assert same(painted, opened().paint(FOX)[0])


def test_words_that_the_pipeline_does_not_read_are_remarked(opened: Open) -> None:
    (painted,) = opened().paint(Order("fox " * 40, width=64, height=64))
    assert painted.remarks == ("the words are 122 tokens, and the pipeline reads the first 77",)


def test_an_adapter_changes_the_image_as_strongly_as_is_told(
    opened: Open, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    pytest.importorskip("peft", reason="adapters need peft")
    from tests.painters.pipelines import make_adapter

    folder = make_adapter(folders("stable_diffusion"), tmp_path / "lora")
    (plain,) = opened().paint(FOX)
    (strong,) = opened(adapter=folder / "pytorch_lora_weights.safetensors").paint(FOX)
    (none,) = opened(adapter=folder, adapter_strength=0).paint(FOX)
    assert not same(plain, strong)
    assert ImageChops.difference(plain.image, none.image).getextrema() == ((0, 0),) * 3
    assert strong.settings["adapter"] == "pytorch_lora_weights.safetensors"
    assert strong.settings["adapter_strength"] == 1.0


def test_an_adapter_that_does_not_fit_is_told(opened: Open, tmp_path: Path) -> None:
    pytest.importorskip("peft", reason="adapters need peft")
    with pytest.raises(ModelError, match=r"the adapter '.*nothing' does not fit diffusers:.*give a LoRA"):
        opened(adapter=tmp_path / "nothing", offline="yes")


def test_what_the_safety_checker_blackens_is_a_refusal(opened: Open) -> None:
    with pytest.raises(
        ContentRefusedError, match=r"the safety checker of diffusers:.* holds all that it painted unsafe"
    ):
        opened("checked").paint(FOX, 2)


def test_single_images_that_the_safety_checker_blackens_are_left_out_and_remarked(opened: Open) -> None:
    import torch

    painter: Any = opened("checked")
    checker, calls = painter.asking.pipeline.safety_checker, []

    def every_second(module: Any, given: Any, answer: tuple[Any, list[bool]]) -> tuple[Any, list[bool]]:
        calls.append(answer)
        return answer[0], [len(calls) % 2 == 0]

    checker.register_forward_hook(every_second)
    painted = painter.paint(FOX, 2)
    assert [each.seed for each in painted] == [0]
    assert "1 of 2 images were held unsafe by the safety checker" in painted[0].remarks
    assert torch.is_tensor(checker.concept_embeds)


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (
            Order("a fox", width=100, height=64),
            r"width is 100, but diffusers:.* paints multiples of 8: ask for 96",
        ),
        (
            Order("a fox", width=8000, height=8000),
            r"8000 x 8000 pixels, more than the 16,777,216 that are tried",
        ),
        (Order(" "), r"was given no words"),
        (Order("a fox", seed=-1), r"takes seeds from 0 to 9223372036854775807, not -1"),
        (Order("a fox", seed=1 << 63), r"takes seeds from 0 to"),
    ],
)
def test_orders_that_cannot_be_painted_are_refused(order: Order, told: str, opened: Open) -> None:
    with pytest.raises(RequestError, match=told):
        opened().paint(order)


def test_an_unknown_scheduler_is_told_with_those_that_fit(opened: Open) -> None:
    with pytest.raises(
        OptionError, match=r"scheduler is 'magic', but diffusers:.* takes DDIM, .*: choose one"
    ):
        opened(scheduler="magic")
    with pytest.raises(OptionError, match=r"scheduler is 'DDIM', but diffusers:.* takes FlowMatch"):
        opened("flux", scheduler="DDIM")


def test_a_pipeline_that_takes_no_words_is_refused(opened: Open) -> None:
    with pytest.raises(ModelError, match=r"is a DDPMPipeline, which does not turn words into images"):
        opened("latent_diffusion_without_words")


def test_too_little_memory_is_told(opened: Open) -> None:
    import torch

    painter: Any = opened()

    def fail(*given: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 80 GiB")

    painter.asking.pipeline.unet.register_forward_pre_hook(fail)
    with pytest.raises(ModelError, match=r"has run out of memory on cpu: ask for a smaller image"):
        painter.paint(FOX)


def test_parts_that_do_not_belong_together_are_told(opened: Open) -> None:
    painter: Any = opened()
    painter.asking.pipeline.text_encoder = painter.asking.pipeline.vae
    with pytest.raises(ModelError, match=r"failed while it painted \(.*\): try another size or scheduler"):
        painter.paint(FOX)


def copied(folders: Callable[[str], Path], to: Path, **changes: object) -> str:
    """Copy a pipeline with changes to its index, and return its spelling."""
    shutil.copytree(folders("stable_diffusion"), to)
    index = json.loads((to / "model_index.json").read_text())
    (to / "model_index.json").write_text(json.dumps(index | changes))
    return f"diffusers:{to}?device=cpu"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"_class_name": ["pipeline", "Mine"]},
            r"needs code that is not part of .* \(pipeline/Mine\), which is never run",
        ),
        ({"unet": ["os", "system"]}, r"needs code that is not part of .* \(os/system\), which is never run"),
        ({"unet": ["../../x", "Net"]}, r"\(\.\./\.\./x/Net\), which is never run"),
        (
            {"_class_name": "FuturePipeline"},
            r"is a FuturePipeline, which diffusers [\d.]+ does not know: update it",
        ),
        ({"unet": ["diffusers", "NoSuchNet"]}, r"cannot be loaded \(.*NoSuchNet.*\): check its files"),
    ],
)
def test_pipelines_with_code_of_others_are_refused_before_anything_is_loaded(
    changes: dict[str, object], told: str, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=told):
        open_painter(copied(folders, tmp_path / "changed", **changes))


def test_weights_that_are_pickles_are_read_only_on_request(
    opened: Open, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import load_file

    spelling = copied(folders, tmp_path / "old")
    weights = tmp_path / "old" / "unet" / "diffusion_pytorch_model.safetensors"
    torch.save(load_file(weights), weights.with_suffix(".bin"))
    weights.unlink()
    with pytest.raises(
        ModelError, match=r"cannot be loaded .*write \?only_safetensors=no if you trust who made it"
    ):
        open_painter(spelling)
    (painted,) = open_painter(f"{spelling}&steps=2&only_safetensors=no").paint(FOX)
    assert same(painted, opened().paint(FOX)[0])


def test_damaged_weights_and_indexes_are_told(folders: Callable[[str], Path], tmp_path: Path) -> None:
    spelling = copied(folders, tmp_path / "cut")
    weights = tmp_path / "cut" / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(ModelError, match=r"cannot be loaded \(.*\): check its files, or fetch it again"):
        open_painter(spelling)
    (tmp_path / "cut" / "model_index.json").write_text("{")
    with pytest.raises(ModelError, match=r"the model_index.json of diffusers:.* is damaged"):
        open_painter(spelling)


def test_what_is_no_pipeline_is_told(tmp_path: Path) -> None:
    (tmp_path / "one.safetensors").write_bytes(b"")
    for place, told in (
        (tmp_path, r"is no pipeline of diffusers, since it has no model_index.json"),
        (tmp_path / "one.safetensors", r"is a single file, and a pipeline is a folder"),
        (tmp_path / "nowhere", r"there is no folder '.*nowhere': check the path"),
        ("", r"the painter diffusers names no pipeline: write diffusers:FOLDER"),
    ):
        with pytest.raises(ModelError, match=told):
            open_painter(f"diffusers:{place}")


@pytest.mark.parametrize("package", ["diffusers", "torch", "transformers"])
def test_a_missing_package_names_the_command_that_installs_it(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        MissingExtraError,
        match=rf"needs the package '{package}', .*: run pip install 'calligram\[diffusers\]'",
    ):
        open_painter("diffusers:anywhere")


def test_the_card_of_a_pipeline_tells_its_licence(folders: Callable[[str], Path], tmp_path: Path) -> None:
    spelling = copied(folders, tmp_path / "carded")
    (tmp_path / "carded" / "README.md").write_text("---\nlicense: openrail++\ntags: [x]\n---\n# Mine\n")
    (painted,) = open_painter(f"{spelling}&steps=1").paint(FOX)
    assert painted.settings["licence"] == "openrail++"
