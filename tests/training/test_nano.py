import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("sklearn", reason="needs the extra train")
pytest.importorskip("onnx", reason="needs the extra train")

from calligram.errors import OptionError, SourceError, TrainingError  # noqa: E402
from calligram.models.base import SamplingOptions, open_model  # noqa: E402
from calligram.nano import prompts  # noqa: E402
from calligram.nano.folder import open_folder  # noqa: E402
from calligram.picture import get_layout  # noqa: E402
from calligram.sources.base import open_source  # noqa: E402
from calligram.training.nano import read_state, train, vocabulary_for  # noqa: E402
from calligram.training.nano_augment import DIGITS, distort  # noqa: E402
from calligram.training.nano_examples import ExampleMaker, Mixture, Subject, follow, whole_images  # noqa: E402
from calligram.training.nano_options import NanoOptions  # noqa: E402
from calligram.training.nano_plan import Plan  # noqa: E402
from calligram.training.nano_run import train_model  # noqa: E402
from calligram.training.nano_strangers import strangers  # noqa: E402
from calligram.training.nano_teacher import Teacher  # noqa: E402

SMALL = {"width": 32, "layers": 1, "batch_tokens": 1200, "check_every": 100}


@pytest.fixture(scope="module")
def subject() -> Subject:
    images, labels = whole_images(open_source("digits", "train"))
    return Subject("digit", prompts.SUBJECTS["digit"], images, labels, DIGITS)


def test_a_toy_training_ends_in_a_model_that_reads_and_draws(tmp_path: Path) -> None:
    options = NanoOptions(steps=150, width=64, layers=1, batch_tokens=4000, check_every=150)
    card = train_model(["digits:"], options, tmp_path / "toy")
    assert card.validation["digit classic"] > 0.25  # chance is a tenth
    model = open_model(f"builtin:{tmp_path / 'toy'}")
    layout = get_layout("classic")
    drawn = model.draw(("digit", "3"), layout, 2, SamplingOptions(seed=1))
    assert [grid.shape for grid in drawn] == [(11, 20)] * 2
    reading = model.read(np.zeros((1, 11, 20), np.uint8), layout, "What digit is this?")[0]
    assert {answer for answer, _ in reading.candidates} == set("0123456789")
    kept = json.loads((tmp_path / "toy" / "training.json").read_text())
    assert kept["legs"][0]["steps"] == 150
    assert kept["sources"][0]["name"] == "digits:"


def test_a_training_that_was_stopped_goes_on_to_the_same_weights(subject: Subject, tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(step: int, line: str) -> None:
        raise StopError

    often = NanoOptions(steps=40, save_every_s=0, **SMALL)
    with pytest.raises(StopError):  # the first word comes at step 20, so 19 steps are saved
        train([subject], [], often, tmp_path / "halved", stop)
    resumed = train([subject], [], often, tmp_path / "halved")
    again = train([subject], [], often, tmp_path / "again")
    for one, other in zip(resumed.network.parameters(), again.network.parameters(), strict=True):
        assert torch.equal(one, other)
    logs = [(tmp_path / name / "log.jsonl").read_text().splitlines() for name in ("halved", "again")]
    halved, whole = ([(row["step"], row.get("answer")) for row in map(json.loads, log)] for log in logs)
    assert halved == whole, "what was done twice is told once"


def test_a_batch_asks_behind_the_picture_and_requests_before_it(subject: Subject) -> None:
    layout = get_layout("classic")
    vocabulary = vocabulary_for([subject], [layout])
    batch = ExampleMaker([subject], vocabulary, 1).batch(layout, [20], Mixture(0.25, 0.1))
    read, drawn = (vocabulary.decode(batch.ids[row].tolist()) for row in (0, 19))
    assert batch.readings == 15
    assert read.startswith("<row:1>")
    assert read.endswith(("What digit is this?\n", "What is this?\n"))
    assert drawn.startswith("Draw this digit, classic:\n")
    assert drawn.endswith("</row:11>\n")
    assert torch.allclose(batch.shares.sum(1), torch.ones(15))


def test_each_token_is_guided_by_the_place_above_its_own(subject: Subject) -> None:
    layout = get_layout("fine")
    vocabulary = vocabulary_for([subject], [layout])
    torch.manual_seed(2)
    teacher = Teacher(classes=10).eval()
    taught = Subject("digit", subject.answers, subject.images, subject.labels, DIGITS, teacher)
    batch = ExampleMaker([taught], vocabulary, 1).batch(layout, [40], Mixture(0.25, 0.5))
    assert batch.guides.shape == (len(batch.guided), 14, 7, Teacher.CHANNELS)
    assert len(batch.guided) < batch.readings == 30, "what shows nothing has no guide"
    assert torch.allclose(batch.guides.mean(-1), torch.zeros(1), atol=1e-4)
    pixels = torch.zeros(1, 28, 28)
    pixels[:, :4] = 1
    _, guides = follow(taught, pixels, np.zeros(1, np.int64), layout)
    seen = torch.nn.functional.layer_norm(teacher.local(pixels).permute(0, 2, 3, 1), (Teacher.CHANNELS,))
    assert guides is not None
    near = (guides[0, 2:4].mean((0, 1)) - seen[0].mean(1)).square().mean(1)
    assert near.argmin() == 0, "rows 2 and 3 stand beside the second row of places and look at the first"


def test_a_loss_that_is_no_number_stops_with_one_sentence(subject: Subject, tmp_path: Path) -> None:
    bad = Subject(subject.kind, subject.answers, subject.images, subject.labels, DIGITS, _Broken())
    with pytest.raises(TrainingError, match="loss became nan"):
        train([bad], [], NanoOptions(steps=3, **SMALL), tmp_path)


class _Broken(Teacher):
    def __init__(self) -> None:
        super().__init__(classes=10)

    def answer(self, seen: "torch.Tensor") -> "torch.Tensor":
        return torch.full((len(seen), 10), float("nan"))


def test_a_training_without_drawings_learns_to_read_alone(subject: Subject, tmp_path: Path) -> None:
    run = train([subject], [], NanoOptions(steps=2, drawn=0, layouts="fine", **SMALL), tmp_path)
    assert all(weight.isfinite().all() for weight in run.network.parameters())


def test_two_sources_of_one_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="a kind of its own"):
        train_model(["digits:", "digits:"], NanoOptions(), tmp_path)


def test_shares_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(OptionError, match=r"classic:0\.4"):
        Plan(NanoOptions(layouts="classic:much"), ["digit"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"width": 100}, "multiple of 32"),
        ({"weights": "shoe:1"}, "the sources show digit"),
        ({"weights": "digit:0"}, "no image"),
        ({"layouts": ","}, "at least one share"),
        ({"layouts": "classic", "late": "classic"}, "not all"),
        ({"steps": -1}, "at least 0"),
    ],
)
def test_options_that_cannot_be_are_one_sentence(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(OptionError, match=told):
        Plan(NanoOptions(**wrong), ["digit"])  # type: ignore[arg-type]


def test_steps_are_shared_among_layouts_and_late_ones_join_late() -> None:
    options = NanoOptions(layouts="classic:1,fine:1,full:2", late="full", late_from=0.5, steps=400)
    names = [layout.name for layout in Plan(options, ["digit"]).layouts_from(0)]
    assert "full" not in names[:200]
    assert names[200:].count("full") == 100
    assert names[:200].count("classic") == 100
    assert [layout.name for layout in Plan(options, ["digit"]).layouts_from(150)] == names[150:]


def test_the_checkpoint_of_another_training_is_refused(subject: Subject, tmp_path: Path) -> None:
    train([subject], [], NanoOptions(steps=2, **SMALL), tmp_path)
    with pytest.raises(TrainingError, match="another training"):
        train([subject], [], NanoOptions(steps=4, **{**SMALL, "layers": 2}), tmp_path)


def test_options_changed_on_the_way_are_on_record(subject: Subject, tmp_path: Path) -> None:
    train([subject], [], NanoOptions(steps=2, **SMALL), tmp_path)
    run = train([subject], [], NanoOptions(steps=4, rate=0.001, **SMALL), tmp_path)
    assert [(leg["from_step"], leg["rate"]) for leg in run.legs] == [(0, 0.003), (2, 0.001)]


def test_distorted_images_keep_their_ink_and_follow_from_the_seed() -> None:
    image = torch.zeros(4, 28, 28)
    image[:, 9:19, 9:19] = 1
    once, twice = (distort(image, DIGITS, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(once, twice)
    assert once.sum((1, 2)).min() > 60
    assert not torch.equal(once[0], image[0])


def test_strangers_are_images_of_many_sorts() -> None:
    made = strangers(200, np.random.default_rng(0))
    assert made.shape == (200, 28, 28)
    assert made.dtype == np.uint8
    assert len(np.unique(made.mean((1, 2)).round(-1))) > 10


def test_the_mean_of_several_models_is_a_model(tmp_path: Path) -> None:
    short = NanoOptions(steps=1, width=32, layers=1, batch_tokens=1200, check_every=100)
    train_model(["digits:"], short, tmp_path / "one")
    train_model(["digits:"], replace(short, rate=0.1, start=str(tmp_path / "one")), tmp_path / "two")
    start = f"{tmp_path / 'one'}:1,{tmp_path / 'two'}:3"
    card = train_model(["digits:"], replace(short, steps=0, start=start), tmp_path / "mean")
    assert [one["part"] for one in card.before] == [0.25, 0.75]
    one, two, mean = (read_state(open_folder(tmp_path / name)) for name in ("one", "two", "mean"))
    for name, weight in mean.items():
        assert torch.allclose(weight, 0.25 * one[name] + 0.75 * two[name], atol=1e-5)
    name = "model.layers.0.self_attn.q_proj.weight"
    assert not torch.allclose(one[name], two[name], atol=1e-2)
    told = (tmp_path / "mean" / "README.md").read_text(encoding="utf-8")
    assert told.count("**Training 1**: from nothing, 1 steps.") == 1
    assert "**Training 2**: from the weights of training 1, 1 steps." in told
    assert (
        "**Training 3**: from the mean of the weights of training 1 (25%), training 2 (75%), no further step."
        in told
    )


def test_no_steps_need_a_start(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="steps is 0, but only weights that start names need no step"):
        train_model(["digits:"], NanoOptions(steps=0), tmp_path / "none")


def test_models_of_other_widths_have_no_mean(tmp_path: Path) -> None:
    short = NanoOptions(steps=1, width=32, layers=1, batch_tokens=1200, check_every=100)
    train_model(["digits:"], short, tmp_path / "small")
    start = f"{tmp_path / 'small'}:1,builtin:1"
    with pytest.raises(TrainingError, match="only models of the same tokens, width and layers have a mean"):
        train_model(["digits:"], replace(short, start=start), tmp_path / "mean")


@pytest.mark.parametrize("start", ["one:1,two", "one:0,two:1", "one:1,two:x", ":1,two:1"])
def test_a_start_of_several_needs_a_part_for_each(start: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="several folders must each have a part above 0"):
        train_model(["digits:"], NanoOptions(start=start), tmp_path / "none")
    assert not (tmp_path / "none" / "log.jsonl").exists()
