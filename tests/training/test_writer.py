"""Teaching a writer."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="a writer is taught with torch, of the extra train")

from calligram.errors import OptionError, OutputError, SourceError, TrainingError
from calligram.models.base import SamplingOptions, Writing, open_model
from calligram.training.writer import teach_writer
from calligram.training.writer_options import WriterTraining

TINY = WriterTraining(start="none", steps=30, rows=4, vocabulary=320, width=64, layers=1, rate=0.01)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    place = tmp_path / "texts.jsonl"
    lines = [
        {"id": number, "text": f"The grey heron waits by the {colour} reeds at dusk. It waits for fish."}
        for number, colour in enumerate(["green", "brown", "yellow", "pale", "dark"] * 8)
    ]
    place.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return place


def test_a_writer_is_taught_from_nothing_and_writes_in_the_texts_words(texts: Path, tmp_path: Path) -> None:
    taught = teach_writer(texts, TINY, tmp_path / "writer")
    assert taught.before is None
    model = open_model(f"builtin:{tmp_path / 'writer'}?drafts=1")
    assert isinstance(model, Writing)
    (text,) = model.write("The grey", 1, SamplingOptions(temperature=0), 12)
    assert "heron" in text.text


def test_a_pupil_learns_from_teachers(texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import calligram.training.writer as writer
    from calligram.nano.network import Shape

    monkeypatch.setattr(writer, "TEACHER", Shape(64, 1, 1, 128, 512))
    told = []
    options = WriterTraining(**{**vars(TINY), "teachers": 2, "teacher_steps": 20})
    teach_writer(texts, options, tmp_path / "writer", lambda what, done, total: told.append(what))
    assert {"teacher 1 of 2", "teacher 2 of 2", "teaching"} == set(told)


def test_a_taught_writer_knows_the_new_voice_better(tiny_writer: str, texts: Path, tmp_path: Path) -> None:
    options = WriterTraining(start=tiny_writer.partition(":")[2], steps=25, rate=0.01, valid_share=0.3)
    taught = teach_writer(texts, options, tmp_path / "mine")
    assert taught.before is not None
    assert taught.after is not None
    assert taught.after < taught.before


def test_a_taught_writer_copies_neither_old_texts_nor_new(tiny_writer: str, tmp_path: Path) -> None:
    run = "the grey heron waits by the green reeds at dusk and waits for the small fish"
    (tmp_path / "own.txt").write_text(run, encoding="utf-8")
    options = WriterTraining(start=tiny_writer.partition(":")[2], steps=1, valid_share=0)
    teach_writer(tmp_path / "own.txt", options, tmp_path / "mine")
    known = open_model(f"builtin:{tmp_path / 'mine'}").engine.folder.known  # type: ignore[attr-defined]
    assert known.copied(run)
    assert known.copied("two green trees stand beside a red field the light is blue") or len(known.runs) == 2


def test_a_killed_training_goes_on_where_it_was(texts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "writer"
    words = [
        "train",
        "writer",
        str(texts),
        "-o",
        str(folder),
        "--start",
        "none",
        "--steps",
        "400",
        "--rows",
        "4",
    ]
    words += ["--vocabulary", "320", "--width", "64", "--layers", "1", "--save-every-s", "0", "-q"]
    command = [
        sys.executable,
        "-c",
        "import sys; from calligram.cli.main import run; sys.exit(run(sys.argv[1:]))",
    ]
    begun = subprocess.Popen([*command, *words])
    deadline = time.monotonic() + 120
    while not (folder / "checkpoint.pt").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(begun.pid, signal.SIGKILL)
    begun.wait()
    first = (folder / "log.jsonl").read_text().count("\n") if (folder / "log.jsonl").exists() else 0
    assert not (folder / "model.safetensors").exists()
    done = subprocess.run([*command, *words], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    steps = [json.loads(line)["step"] for line in (folder / "log.jsonl").read_text().splitlines()]
    assert steps[-1] == 400
    assert len(steps) <= 81 + 1, f"{first} lines before it was killed"
    assert not (folder / "checkpoint.pt").exists()


def test_a_folder_with_another_training_is_refused_and_the_same_is_done(texts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "writer"
    first = teach_writer(texts, TINY, folder)
    written = (folder / "model.safetensors").stat().st_mtime_ns
    assert teach_writer(texts, TINY, folder) == first
    assert (folder / "model.safetensors").stat().st_mtime_ns == written
    with pytest.raises(TrainingError, match="holds another training"):
        teach_writer(texts, WriterTraining(**{**vars(TINY), "seed": 2}), folder)


def test_a_folder_with_other_files_is_left_as_it_is(texts: Path, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.safetensors").write_bytes(b"mine")
    with pytest.raises(OutputError, match="model"):
        teach_writer(texts, TINY, tmp_path / "model")
    assert (tmp_path / "model" / "model.safetensors").read_bytes() == b"mine"


def test_titles_and_tags_alone_teach_a_writer(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('title,tags\nThe Ferry at Dusk,"river, boat"\n', encoding="utf-8")
    assert (
        teach_writer(tmp_path / "a.csv", WriterTraining(**{**vars(TINY), "steps": 3}), tmp_path / "w").works
        == 1
    )


@pytest.mark.parametrize("words", [["--dry-run"], ["--method", "lora"], ["--model", "builtin:"]])
def test_what_the_writer_does_not_have_is_refused(
    words: list[str], texts: Path, calligram_command: Callable[[Sequence[str]], Any]
) -> None:
    done = calligram_command(["train", str(texts), "--model", "builtin:writer", *words])
    assert done.code == 2
    assert "is taught without" in done.err or "is no writer" in done.err


@pytest.mark.parametrize("content", ["", "a b"])
def test_texts_too_short_to_learn_from_are_told(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=r"holds no texts|nothing of the texts"):
        teach_writer(tmp_path, WriterTraining(filtered=True), tmp_path / "writer")


def test_teachers_of_shipped_weights_are_refused(texts: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="give --start none"):
        teach_writer(texts, WriterTraining(teachers=1), tmp_path / "writer")
