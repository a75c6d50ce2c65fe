import json
import math
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")
transformers = pytest.importorskip("transformers", reason="needs the extra hf")
pytest.importorskip("accelerate", reason="needs the extra hf")

from PIL import Image  # noqa: E402

from calligram.errors import ModelError, OptionError, OutputError, TrainingError  # noqa: E402
from calligram.training.text_batches import Collator  # noqa: E402
from calligram.training.text_course import open_course, read_course  # noqa: E402
from calligram.training.text_options import TextOptions  # noqa: E402
from calligram.training.text_run import Taught, teach  # noqa: E402

resource = pytest.importorskip("resource", reason="limits of the system are set as on Unix")

QUICK = TextOptions(
    batch=8, rate=0.01, steps=8, check_every=4, valid_share=0.2, samples=2, patience=0, precision="float32"
)
Write = Callable[..., Path]
MakeModel = Callable[[str], Path]


def rows(folder: Path) -> list[dict[str, Any]]:
    """Return the log without the time of day."""
    found = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [{name: value for name, value in row.items() if name != "time"} for row in found]


def losses(folder: Path, name: str = "loss") -> list[float]:
    return [row[name] for row in rows(folder) if name in row]


def validation_loss(file: str, folder: Path) -> float:
    """Return the loss that a finished model has on the lessons kept for validation."""
    plain = replace(QUICK, loss="all")
    course = open_course(read_course(file, f"hf:{folder}", plain), plain)
    batch = Collator(course.filler, packed=False)([[item] for item in course.valid])
    with torch.no_grad():
        return float(course.pupil.network.eval()(**batch).loss)


def loaded(folder: Path) -> Any:
    return transformers.AutoModelForCausalLM.from_pretrained(folder)


def test_a_taught_model_is_a_folder_that_transformers_loads_with_all_that_tells_of_it(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file(tasks="both")), f"hf:{language_model('gpt2')}"
    options = replace(QUICK, steps=30, check_every=10, loss="all")
    told: list[str] = []
    taught = teach(file, start, options, tmp_path / "run", begin=told.append)
    folder = tmp_path / "run"
    assert losses(folder)[-1] < losses(folder)[0] / 2
    assert taught.best_loss == pytest.approx(min(losses(folder, "eval_loss")))
    assert told == ["Computing on the processor in float32."]
    assert loaded(folder).config.use_cache is True
    assert transformers.AutoTokenizer.from_pretrained(folder).eos_token == "<|end|>"
    record = json.loads((folder / "run.json").read_text())
    assert record["asked"]["options"]["rate"] == 0.01
    assert list(record["asked"]["files"]) == ["train.jsonl"]
    assert record["versions"]["transformers"] == transformers.__version__
    with Image.open(folder / "curve.png") as curve:
        assert curve.format == "PNG"
    assert sorted(path.name for path in (folder / "samples").iterdir()) == [
        f"step-0000{step}.txt" for step in (10, 20, 30)
    ]
    said = (folder / "samples" / "step-000030.txt").read_text()
    assert "right answer: '" in said
    assert "Draw the digit" in said
    assert not (folder / "checkpoints").exists(), "the best one is the model"
    assert Taught(str(folder), **record["finished"]) == taught
    before = (folder / "run.json").stat().st_mtime_ns
    assert teach(file, start, options, folder) == taught, "what is finished is not done again"
    assert (folder / "run.json").stat().st_mtime_ns == before


def test_an_answer_is_learnt_and_read_by_the_ordinary_model(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    from calligram.models.base import open_model
    from calligram.picture import decode, get_layout

    options = replace(QUICK, rate=0.02, steps=80, check_every=80, add_tokens=True, samples=0)
    file = training_file(count=60)
    taught = teach(str(file), f"hf:{language_model('llama')}", options, tmp_path / "run")
    assert taught.right is not None
    assert taught.right > 0.8  # chance is a third
    assert loaded(tmp_path / "run").get_input_embeddings().num_embeddings == 257 + 12
    picture = json.loads(file.read_text().splitlines()[1])["messages"][0]["content"].rpartition("\n")[0]
    levels = decode(picture + "\n").levels[None]
    reading = open_model(f"hf:{tmp_path / 'run'}").read(
        levels, get_layout("classic"), "What digit is this?", ["0", "1", "7"]
    )[0]
    assert reading.answer == "1"


@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_adapters_alone_and_merged_say_the_same(
    kind: str, training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    pytest.importorskip("peft", reason="needs the extra hf")
    file, start = str(training_file()), language_model(kind)
    options = replace(QUICK, method="lora", steps=4, check_every=4, lora_rank=4, samples=0)
    teach(file, f"hf:{start}", options, tmp_path / "alone")
    teach(file, f"hf:{start}", replace(options, merge=True), tmp_path / "merged")
    assert (tmp_path / "alone" / "adapter_model.safetensors").exists()
    assert not (tmp_path / "alone" / "model.safetensors").exists()
    assert not (tmp_path / "merged" / "adapter_config.json").exists()
    ids = torch.arange(20)[None]
    with torch.no_grad():
        first = loaded(start)(input_ids=ids).logits
        alone, merged = (loaded(tmp_path / name)(input_ids=ids).logits for name in ("alone", "merged"))
    assert torch.allclose(alone, merged, atol=1e-5)
    assert not torch.allclose(first, alone, atol=1e-3)


def test_tokens_that_were_added_are_learnt_by_adapters_too(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    pytest.importorskip("peft", reason="needs the extra hf")
    options = replace(QUICK, method="lora", steps=6, check_every=6, add_tokens=True, merge=True, loss="all")
    file = str(training_file())
    taught = teach(file, f"hf:{language_model('gpt2')}", options, tmp_path / "run")
    assert validation_loss(file, tmp_path / "run") == pytest.approx(taught.best_loss, abs=1e-4)
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "run")
    assert tokenizer.tokenize("<row:1>▓█</row:1>\n")[:4] == ["<row:1>", "▓", "█", "</row:1>"]
    table = loaded(tmp_path / "run").get_input_embeddings().weight
    old = loaded(language_model("gpt2")).get_input_embeddings().weight
    assert len(table) == len(tokenizer) == len(old) + 12
    assert torch.equal(table[: len(old)], old), "only the new ones were trained"
    teach(file, f"hf:{language_model('gpt2')}", replace(options, rate=1e-9), tmp_path / "still")
    still = loaded(tmp_path / "still").get_input_embeddings().weight
    assert not torch.allclose(table[len(old) :], still[len(old) :], atol=1e-3)


def test_tokens_that_were_added_are_learnt_in_an_output_layer_of_its_own(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    pytest.importorskip("peft", reason="needs the extra hf")
    options = replace(QUICK, method="lora", steps=6, check_every=6, add_tokens=True, merge=True, loss="all")
    file = str(training_file())
    taught = teach(file, f"hf:{language_model('llama')}", options, tmp_path / "run")
    assert validation_loss(file, tmp_path / "run") == pytest.approx(taught.best_loss, abs=1e-4)
    made = loaded(tmp_path / "run")
    assert not made.config.tie_word_embeddings
    for table in (made.get_input_embeddings().weight, made.get_output_embeddings().weight):
        new = table[257:]
        assert len(new) == 12
        apart = (new[:, None] - new[None]).abs().amax(-1) + torch.eye(12)
        assert (apart > 1e-3).all(), "no two new rows are alike any more"


def test_gathered_batches_are_one_step(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file(tasks="both")), f"hf:{language_model('llama')}"
    options = replace(QUICK, steps=3, samples=0, valid_share=0, loss="all")
    teach(file, start, options, tmp_path / "one")
    teach(file, start, replace(options, batch=2, accumulate=4), tmp_path / "four")
    assert losses(tmp_path / "four") == pytest.approx(losses(tmp_path / "one"), rel=1e-4)


def test_packed_texts_are_learnt_alike(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file(count=6)), f"hf:{language_model('llama')}"
    options = replace(QUICK, batch=6, steps=2, samples=0, valid_share=0)
    notes: list[str] = []
    teach(file, start, options, tmp_path / "apart")
    teach(file, start, replace(options, pack=True, context=256), tmp_path / "packed", begin=notes.append)
    assert "Packed texts do not see each other." in notes
    assert losses(tmp_path / "packed") == pytest.approx(losses(tmp_path / "apart"), rel=1e-4)


def test_a_model_that_cannot_keep_packed_texts_apart_is_told(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    shape = {"vocab_size": 257, "hidden_size": 16, "ffn_dim": 16, "word_embed_proj_dim": 16}
    shape |= {"num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": 256}
    network = transformers.OPTForCausalLM(transformers.OPTConfig(**shape, pad_token_id=1))
    network.save_pretrained(tmp_path / "opt")
    transformers.AutoTokenizer.from_pretrained(language_model("gpt2")).save_pretrained(tmp_path / "opt")
    options = replace(QUICK, steps=1, pack=True, samples=0)
    taught = teach(str(training_file(count=8)), f"hf:{tmp_path / 'opt'}", options, tmp_path / "run")
    assert any(note.startswith("Packed texts see the ones before them") for note in taught.notes)


def test_plain_texts_are_learnt(language_model: MakeModel, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for number in range(20):
        (tmp_path / "texts" / f"{number}.txt").write_text(f"A woman reads {number} books by the window. " * 8)
    options = replace(QUICK, context=64, pack=True, samples=1)
    taught = teach(str(tmp_path / "texts"), f"hf:{language_model('gpt2')}", options, tmp_path / "run")
    assert "Plain texts have no answers: all of each text is learnt." in taught.notes
    assert taught.right is None
    assert losses(tmp_path / "run")[-1] < losses(tmp_path / "run")[0]
    assert "⟶" in (tmp_path / "run" / "samples" / "step-000008.txt").read_text()


def test_a_training_ends_where_validation_gets_no_better(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file()), f"hf:{language_model('gpt2')}"
    options = replace(QUICK, rate=1.0, schedule="constant", steps=30, check_every=1, patience=2, samples=0)
    taught = teach(file, start, options, tmp_path / "run")
    found = losses(tmp_path / "run", "eval_loss")
    assert taught.steps == len(found) < 30
    assert taught.best_loss == pytest.approx(min(found))
    assert taught.best_step <= taught.steps - 2


def test_every_look_logs_checks_and_saves_at_once(tmp_path: Path) -> None:
    """A training that goes on from a checkpoint averages its losses from there."""
    from transformers import TrainerControl, TrainerState

    from calligram.training.text_record import RunFolder
    from calligram.training.text_trainer import Watch

    watch = Watch(RunFolder(tmp_path), QUICK, 4, lambda step: None, None, None)
    seen = []
    for step in range(1, 11):
        control = TrainerControl()
        arguments = SimpleNamespace(eval_strategy="steps")
        watch.on_step_end(arguments, TrainerState(global_step=step, max_steps=10), control)
        seen.append((control.should_log, control.should_evaluate, control.should_save))
    assert [step for step, flags in enumerate(seen, start=1) if all(flags)] == [4, 8, 10]
    assert [step for step, flags in enumerate(seen, start=1) if any(flags)] == [4, 8, 10]


KILLED = """
import os, signal, sys
from pathlib import Path
from calligram.training.text_options import TextOptions
from calligram.training.text_run import teach

def tell(what, done, total):
    if what == "teaching" and done == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)

options = TextOptions(**eval(sys.argv[5]))
teach(sys.argv[1], sys.argv[2], options, Path(sys.argv[3]), tell)
"""


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_training_that_was_killed_goes_on_with_the_same_curve(
    method: Literal["full", "lora"], training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file(tasks="both")), f"hf:{language_model('gpt2')}"
    options = replace(
        QUICK,
        method=method,
        loss="all",
        lora_dropout=0.3,
        batch=4,
        accumulate=2,
        steps=0,
        epochs=2.0,
        check_every=5,
    )
    words = [file, start, str(tmp_path / "killed"), "8", repr(vars(options))]
    done = subprocess.run([sys.executable, "-c", KILLED, *words], capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert [path.name for path in (tmp_path / "killed" / "checkpoints").iterdir()] == ["checkpoint-5"]
    assert not (tmp_path / "killed" / "model.safetensors").exists()
    resumed = teach(file, start, options, tmp_path / "killed")
    unbroken = teach(file, start, options, tmp_path / "unbroken")
    assert resumed.best_loss == pytest.approx(unbroken.best_loss, abs=1e-6)
    assert replace(resumed, folder="", best_loss=0) == replace(unbroken, folder="", best_loss=0)
    halved, whole = rows(tmp_path / "killed"), rows(tmp_path / "unbroken")
    assert [row["step"] for row in halved] == [row["step"] for row in whole], "nothing is told twice"
    for one, other in zip(halved, whole, strict=True):
        # the norm is a sum of float32 over all weights: 1.5e-6 apart was seen on busy processors
        assert one.pop("grad_norm", 0) == pytest.approx(other.pop("grad_norm", 0), rel=1e-5)
        assert one == pytest.approx(other, abs=1e-6)
    assert len(whole) > 15


@contextmanager
def limited(what: int, amount: int) -> Iterator[None]:
    """Let the system refuse more than an amount inside the block."""
    before = resource.getrlimit(what)
    resource.setrlimit(what, (amount, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(what, before)


@pytest.mark.parametrize("most", [100_000, 250_000], ids=["weights", "optimizer"])
def test_a_full_disk_is_one_sentence_and_the_training_goes_on_from_what_was_saved(
    most: int, training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file()), f"hf:{language_model('gpt2')}"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def tell(what: str, done: int, total: int) -> None:
        if what == "teaching" and done == 6:  # the checkpoint of step 4 stands
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))

    try:
        with pytest.raises(
            OutputError, match=r"there is no room to write in .* what was saved before is whole"
        ):
            teach(file, start, QUICK, tmp_path / "run", tell)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in (tmp_path / "run" / "checkpoints").iterdir()] == ["checkpoint-4"]
    resumed = teach(file, start, QUICK, tmp_path / "run")
    assert replace(resumed, folder="") == replace(teach(file, start, QUICK, tmp_path / "whole"), folder="")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited as on Linux")
def test_memory_that_runs_out_is_one_sentence_with_what_to_change(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file()), f"hf:{language_model('gpt2')}"
    teach(file, start, replace(QUICK, steps=1, samples=0), tmp_path / "warm")  # all libraries are loaded
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    room = pages * os.sysconf("SC_PAGE_SIZE") + 60 * 2**20
    greedy = replace(QUICK, batch=40, pack=True, steps=2, samples=0, valid_share=0)
    texts = tmp_path / "long.txt"
    texts.write_text("many words " * 4000)
    with (
        limited(resource.RLIMIT_AS, room),
        pytest.raises(TrainingError, match=r"memory ran out .*: lower --batch \(now 40\).* or --method lora"),
    ):
        teach(str(texts), start, greedy, tmp_path / "run")


def test_a_loss_that_is_no_number_is_one_sentence_and_no_checkpoint_is_spoilt(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    options = replace(QUICK, rate=1e30, warmup=0.0, samples=0, valid_share=0)
    with pytest.raises(
        TrainingError, match=r"the loss became (nan|inf) at step \d: lower --rate \(now 1e\+30\)"
    ):
        teach(str(training_file()), f"hf:{language_model('gpt2')}", options, tmp_path / "run")
    assert not list((tmp_path / "run").glob("checkpoints/*"))
    assert all(math.isfinite(loss) for loss in losses(tmp_path / "run"))


@pytest.mark.parametrize("rate", [1e30, 1e39], ids=["huge", "infinite"])
def test_weights_that_the_last_step_broke_are_neither_saved_nor_placed(
    rate: float, training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    options = replace(QUICK, rate=rate, warmup=0.0, steps=1, samples=0, valid_share=0)
    file, start = str(training_file()), f"hf:{language_model('gpt2')}"
    for _ in range(2):  # the same command again finds nothing to place either
        with pytest.raises(TrainingError, match=r"the loss is no number any more at step 1: lower --rate"):
            teach(file, start, options, tmp_path / "run")
    assert not (tmp_path / "run" / "model.safetensors").exists()
    assert not list((tmp_path / "run").glob("checkpoints/*"))


def test_a_gradient_that_is_no_number_ends_a_training(tmp_path: Path) -> None:
    from transformers import TrainerControl, TrainerState

    from calligram.training.text_record import RunFolder
    from calligram.training.text_trainer import Watch

    watch = Watch(RunFolder(tmp_path), QUICK, 4, lambda step: None, None, None)
    with pytest.raises(TrainingError, match=r"the gradient became nan at step 3: lower --rate"):
        watch.on_log(
            None, TrainerState(global_step=3), TrainerControl(), {"loss": 1.0, "grad_norm": math.nan}
        )


def test_answers_are_counted_right_only_where_they_alone_are_learnt(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file()), f"hf:{language_model('gpt2')}"
    options = replace(QUICK, steps=1, samples=0)
    assert teach(file, start, options, tmp_path / "answer").right is not None
    taught = teach(file, start, replace(options, loss="all"), tmp_path / "all")
    assert taught.right is None
    assert "answers right" not in "".join(taught.lines())
    assert not losses(tmp_path / "all", "eval_right")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_model_that_was_cut_short_is_one_sentence(
    name: str, training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    shutil.copytree(language_model("gpt2"), tmp_path / "cut")
    whole = (tmp_path / "cut" / name).read_bytes()
    (tmp_path / "cut" / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=r"can be loaded from .*cut'.*: give the whole folder"):
        teach(str(training_file()), f"hf:{tmp_path / 'cut'}", QUICK, tmp_path / "run")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited as on Linux")
@pytest.mark.parametrize("room_mb", [50, 300], ids=["file", "weights"])
def test_memory_that_runs_out_while_a_model_is_loaded_is_told_as_such(
    room_mb: int, training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file()), language_model("gpt2")
    warm = replace(QUICK, steps=1, samples=0)
    teach(file, f"hf:{start}", warm, tmp_path / "warm")  # all libraries are loaded
    shutil.copytree(start, tmp_path / "large")
    config = transformers.GPT2Config(vocab_size=257, n_positions=256, n_embd=768, n_layer=8, n_head=2)
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path / "large")
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    with (
        limited(resource.RLIMIT_AS, pages * os.sysconf("SC_PAGE_SIZE") + room_mb * 2**20),
        pytest.raises(TrainingError, match=r"memory ran out .*: lower --batch"),
    ):
        teach(file, f"hf:{tmp_path / 'large'}", QUICK, tmp_path / "run")


def stop_at(step: int) -> Callable[[str, int, int], None]:
    """Return what interrupts a training as Ctrl-C does."""

    def tell(what: str, done: int, total: int) -> None:
        if what in {"teaching", "spelling"} and done >= step:
            raise KeyboardInterrupt

    return tell


def test_a_dry_run_that_is_stopped_speaks_of_no_checkpoint(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    from calligram.training.text_rehearsal import rehearse

    with pytest.raises(TrainingError, match=r"^the dry run was stopped: nothing was written"):
        rehearse(str(training_file()), f"hf:{language_model('gpt2')}", QUICK, tmp_path / "run", stop_at(1))


def stopped(file: str, start: str, folder: Path) -> Path:
    """Leave a training with one checkpoint, of step 4, and return that."""

    def tell(what: str, done: int, total: int) -> None:
        if what == "teaching" and done == 6:
            raise KeyboardInterrupt

    with pytest.raises(TrainingError, match="the training was stopped: the same command goes on"):
        teach(file, start, QUICK, folder, tell)
    (checkpoint,) = (folder / "checkpoints").iterdir()
    return checkpoint


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before_it(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file()), f"hf:{language_model('gpt2')}"
    whole = stopped(file, start, tmp_path / "run")
    shutil.copytree(whole, whole.with_name("checkpoint-8"))
    os.truncate(whole.with_name("checkpoint-8") / "optimizer.pt", 1000)
    told: list[str] = []
    taught = teach(file, start, QUICK, tmp_path / "run", begin=told.append)
    assert told[-1] == "Damaged: checkpoint-8/optimizer.pt. The training goes on from step 4."
    assert replace(taught, folder="") == replace(teach(file, start, QUICK, tmp_path / "whole"), folder="")


@pytest.mark.parametrize(
    ("name", "size"), [("optimizer.pt", 0), ("model.safetensors", 5000), ("trainer_state.json", 10)]
)
def test_where_every_checkpoint_is_damaged_it_is_said_what_to_delete(
    name: str, size: int, training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file()), f"hf:{language_model('gpt2')}"
    checkpoint = stopped(file, start, tmp_path / "run")
    os.truncate(checkpoint / name, size)
    with pytest.raises(
        TrainingError, match=rf"checkpoint-4/{name} cannot be read.*: delete .*checkpoints, and"
    ):
        teach(file, start, QUICK, tmp_path / "run")
    shutil.rmtree(checkpoint.parent)
    assert teach(file, start, QUICK, tmp_path / "run").steps == 8


@pytest.mark.parametrize(("name", "other"), [("devices", 2), ("precision", "bfloat16")])
def test_a_training_goes_on_only_with_the_devices_and_the_precision_it_was_begun_with(
    name: str, other: object, training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file()), f"hf:{language_model('gpt2')}"
    stopped(file, start, tmp_path / "run")
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert record["machine"] == {"devices": 1, "precision": "float32"}
    record["machine"][name] = other
    (tmp_path / "run" / "run.json").write_text(json.dumps(record))
    with pytest.raises(
        TrainingError, match=rf"was begun with {name} {other}, not .*: go on where it was begun"
    ):
        teach(file, start, QUICK, tmp_path / "run")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="what a number stands for is told on Linux")
def test_a_checkpoint_is_on_the_disk_before_the_one_before_it_goes(
    training_file: Write, language_model: MakeModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, bool] = {}

    def fsync(number: int, really: Callable[[int], None] = os.fsync) -> None:
        path = Path(f"/proc/self/fd/{number}").readlink()
        seen[path.name] = (tmp_path / "run" / "checkpoints" / "checkpoint-4").exists()
        really(number)

    monkeypatch.setattr(os, "fsync", fsync)
    teach(str(training_file()), f"hf:{language_model('gpt2')}", QUICK, tmp_path / "run")
    names = {"model.safetensors", "optimizer.pt", "trainer_state.json", "checkpoint-8", "checkpoints"}
    assert names <= seen.keys()
    assert all(seen[name] for name in names), "the checkpoint of step 4 was still there"


def test_a_folder_of_another_training_or_of_other_things_is_refused(
    training_file: Write, language_model: MakeModel, tmp_path: Path
) -> None:
    file, start = str(training_file()), f"hf:{language_model('gpt2')}"
    options = replace(QUICK, steps=1, samples=0)
    teach(file, start, options, tmp_path / "run")
    with pytest.raises(TrainingError, match=r"holds another training \(rate was 0.01, now 0.02\)"):
        teach(file, start, replace(options, rate=0.02), tmp_path / "run")
    with pytest.raises(OutputError, match="holds files of something else"):
        teach(file, start, options, tmp_path)


@pytest.mark.parametrize(
    ("model", "changes", "error", "sentence"),
    [
        ("hf:no/such/folder", {}, ModelError, "no tokenizer can be loaded from 'no/such/folder'"),
        ("builtin", {}, OptionError, "cannot be taught from training files: give hf:FOLDER"),
        ("", {"context": 4096}, OptionError, "context is 4096, but the model takes at most 256"),
        ("", {"merge": True}, OptionError, "--merge puts adapters into the weights"),
        (
            "",
            {"method": "lora", "add_tokens": True},
            OptionError,
            "cannot carry added tokens .* give --merge",
        ),
        ("", {"method": "lora", "lora_targets": "q"}, OptionError, "no adapters can be made for q"),
        ("", {"batch": 0}, OptionError, "batch is 0, but must be at least 1"),
        ("", {"context": 30}, TrainingError, "all 36 texts have more than 30 tokens"),
    ],
)
def test_what_cannot_begin_leaves_nothing_behind(
    model: str,
    changes: dict[str, Any],
    error: type[Exception],
    sentence: str,
    training_file: Write,
    language_model: MakeModel,
    tmp_path: Path,
) -> None:
    spelling = model or f"hf:{language_model('gpt2')}"
    with pytest.raises(error, match=sentence):
        teach(str(training_file()), spelling, replace(QUICK, **changes), tmp_path / "run")
    assert not (tmp_path / "run").exists()
