"""One whole training of a Hugging Face model: training files in, a folder that transformers loads out."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram.picture.saving import Finish, Origin, as_it_is
from calligram.training.text_course import (
    Course,
    Tell,
    devices,
    open_course,
    quiet_libraries,
    read_course,
    world,
)
from calligram.training.text_curve import draw_curve
from calligram.training.text_faults import told_plainly
from calligram.training.text_options import TextOptions
from calligram.training.text_record import CHECKPOINTS, RunFolder
from calligram.training.text_samples import choose_samples, say_all
from calligram.whole_files import make_folder, write_whole

CURVE, SAMPLES, BOARD = "curve.png", "samples", "tensorboard"


@dataclass(frozen=True)
class Taught:
    """What a finished training tells.

    Args:
        folder: where the model is.
        steps: done in all.
        best_step: whose weights were taken.
        best_loss: on validation at that step, or None without validation.
        right: share of validation readings foretold rightly at that step, or None.
        notes: what a person should know, one sentence each.
    """

    folder: str
    steps: int
    best_step: int
    best_loss: float | None
    right: float | None
    notes: list[str]

    def lines(self) -> list[str]:
        """Return what a person is told at the end."""
        told = [f"The model is in {self.folder}: calligram see --model hf:{self.folder} picture.png"]
        if self.best_loss is not None:
            right = f", {self.right:.1%} of the answers right" if self.right is not None else ""
            told.append(
                f"  validation loss {self.best_loss:.4f}{right}, at step {self.best_step} of {self.steps}"
            )
        return told


def teach(
    dataset: str,
    model: str,
    options: TextOptions,
    folder: Path,
    tell: Tell | None = None,
    begin: Callable[[str], None] = lambda line: None,
    finish: Finish = as_it_is,
) -> Taught:
    """Teach a model and return what came of it; an interrupted training goes on where it was.

    Args:
        dataset: a training file, a folder of them, or plain texts.
        model: as ``"hf:FOLDER"`` or ``"hf:ORG/NAME"``.
        options: how it is taught.
        folder: where model, record, log, curve and samples go.
        tell: told what is done, steps done and steps in all.
        begin: told what a person should know before it starts.
        finish: labels the picture of the curve.

    Raises:
        InputError: an option or the data cannot be used.
        ModelError: the model is missing, or its tokenizer cannot spell the pictures.
        MissingExtraError: a package is not installed.
        TrainingError: memory ran out, the loss became no number, or the folder holds another training.
        OutputError: the folder holds other files, or there is no room to write.
    """
    rank, _ = world()
    run = RunFolder(folder, rank == 0, finish)
    with told_plainly(options, folder):
        opened = read_course(dataset, model, options)
        known = run.check(opened.asked)
        if known and known["finished"]:
            return Taught(str(folder), **known["finished"])
        with quiet_libraries():
            course = open_course(opened, options, tell)
            for note in course.notes:
                begin(note)
            return _train(course, run, opened.asked, tell, begin)


def _train(
    course: Course, run: RunFolder, asked: dict[str, Any], tell: Tell | None, say: Callable[[str], None]
) -> Taught:
    from calligram.training.text_checkpoints import check_whole, checkpoints_in, read_state
    from calligram.training.text_finish import place_model

    record = run.begin(asked, course.machine)
    last = _do_steps(course, run, tell, say)
    if not run.writes:
        return Taught(str(run.path), last, 0, None, None, course.notes)
    place = run.path / CHECKPOINTS
    checkpoints = checkpoints_in(place)
    state = read_state(checkpoints[last])
    best = int(state["best_global_step"] or state["global_step"])
    check_whole(checkpoints[best])
    place_model(checkpoints[best], run.path, course)
    finished: dict[str, Any] = {
        "steps": state["global_step"],
        "best_step": best,
        "best_loss": _figure(state, best, "eval_loss"),
        "right": _figure(state, best, "eval_right"),
        "notes": course.notes,
    }
    run.write(record | {"finished": finished, "ended": time.time()})
    shutil.rmtree(place, ignore_errors=True)
    return Taught(str(run.path), **finished)


def _do_steps(course: Course, run: RunFolder, tell: Tell | None, say: Callable[[str], None]) -> int:
    """Do the steps that are not done yet, and return the number of the last one."""
    from calligram.training.text_batches import Rows
    from calligram.training.text_checkpoints import last_whole, read_state
    from calligram.training.text_trainer import (
        Watch,
        look_every,
        make_trainer,
        no_better,
        probe_of,
        steps_of,
    )

    options, rows = course.options, Rows(course.train, course.room)
    steps = steps_of(options, len(rows), devices(options))
    last = last_whole(run.path / CHECKPOINTS, say)
    run.forget_rows_after(last[0] if last else 0)
    if last:
        state = read_state(last[1])
        if last[0] >= steps or no_better(state["log_history"], options.patience):
            return last[0]
    board = _board(run) if options.tensorboard and run.writes else None
    told = (lambda done, total: tell("teaching", done, total)) if tell else None
    watch = Watch(
        run, options, look_every(options, steps), _looker(course, run), told, board, probe_of(course)
    )
    trainer = make_trainer(course, rows, steps, run, watch)
    trainer.train(resume_from_checkpoint=str(last[1]) if last else None)
    if board:
        board.close()
    return int(trainer.state.global_step)


def _looker(course: Course, run: RunFolder) -> Callable[[int], None]:
    """Return what is done at every look: samples are written, and the curve is drawn anew."""
    shown = choose_samples(course.lessons.valid or course.lessons.train, course.options.samples)

    def look(step: int) -> None:
        if not run.writes:
            return
        if shown:
            said = say_all(course.pupil, course.speller, shown, course.options.seed)
            make_folder(run.path / SAMPLES)
            write_whole(run.path / SAMPLES / f"step-{step:06d}.txt", said.encode())
        write_whole(run.path / CURVE, run.finish(draw_curve(run.rows()), Origin()))

    return look


def _figure(state: dict[str, Any], step: int, name: str) -> float | None:
    found = [row[name] for row in state["log_history"] if row["step"] == step and name in row]
    return float(found[-1]) if found else None


def _board(run: RunFolder) -> Any:
    """Return what writes figures for TensorBoard."""
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(run.path / BOARD))
