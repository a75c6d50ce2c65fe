"""The trainer: that of transformers, with whole checkpoints, a true log, and an end of our own."""

import math
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import Dataset
from transformers import Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_callback import PrinterCallback, ProgressCallback

from calligram.errors import TrainingError
from calligram.training.text_batches import UNCOUNTED, Collator, Rows
from calligram.training.text_checkpoints import checkpoints_in, write_through
from calligram.training.text_course import Course
from calligram.training.text_options import CHECKS, TextOptions
from calligram.training.text_record import CHECKPOINTS, RunFolder

STAGING = ".saving"
BEST = "eval_loss"
ROWS_OF_LOG = 200
"""About so many rows of the log tell the loss, however long the training."""

Look = Callable[[int], None]
"""Called at every look at validation with the step."""


class TextTrainer(Trainer):  # type: ignore[misc]
    """Saves checkpoints whole or not at all; keeps the best and the last."""

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        place = Path(self.args.output_dir)
        self.args.output_dir = str(place / STAGING)
        try:
            super()._save_checkpoint(model, trial)
            self.accelerator.wait_for_everyone()
            if self.args.should_save:
                name = f"checkpoint-{self.state.global_step}"
                write_through(place / STAGING / name)
                shutil.rmtree(place / name, ignore_errors=True)  # a damaged one that was passed over
                (place / STAGING / name).replace(place / name)
                write_through(place)
                self._prune(place)
        finally:
            self.args.output_dir = str(place)
            if self.args.should_save:
                shutil.rmtree(place / STAGING, ignore_errors=True)

    def _prune(self, place: Path) -> None:
        kept = {self.state.global_step, self.state.best_global_step}
        for step, folder in checkpoints_in(place).items():
            if step not in kept:
                shutil.rmtree(folder)


class Watch(TrainerCallback):  # type: ignore[misc]
    """Keeps log and progress, looks at validation, and ends a training that gets no better or breaks.

    Args:
        folder: takes the log.
        options: say when to look and when to end.
        every: steps between two looks.
        look: called at each of them.
        tell: told of steps done and steps in all, or None.
        board: takes figures for TensorBoard, or None.
        probe: says whether a network is still of use, before its weights are saved.
    """

    def __init__(
        self,
        folder: RunFolder,
        options: TextOptions,
        every: int,
        look: Look,
        tell: Callable[[int, int], None] | None,
        board: Any,
        probe: Callable[[Any], bool] = lambda network: True,
    ) -> None:
        self._probe = probe
        self._folder, self._options, self._every = folder, options, every
        self._look, self._tell, self._board = look, tell, board

    def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        """Look, log and save together, so that a training that goes on has the same rows.

        Weights that are of no use any more are not saved: a step's loss is that of the weights before it.
        """
        if state.global_step % self._every == 0 or state.global_step >= state.max_steps:
            control.should_log = control.should_evaluate = control.should_save = True
            if not self._probe(model):
                raise self._broken("the loss is no number any more", state.global_step)
        control.should_evaluate &= args.eval_strategy != "no"
        if self._tell:
            self._tell(state.global_step, state.max_steps)

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, float], **_: Any) -> None:
        """Write a row, and stop where a loss is no number."""
        row = {name: value for name, value in logs.items() if name in _ROW}
        if not row:
            return
        for name, told in (("loss", "loss"), (BEST, "loss"), ("grad_norm", "gradient")):
            if name in row and not math.isfinite(row[name]):
                raise self._broken(f"the {told} became {row[name]}", state.global_step)
        self._folder.note({"step": state.global_step, **row, "time": time.time()})
        if self._board:
            for name, value in row.items():
                self._board.add_scalar(name, value, state.global_step)

    def _broken(self, what: str, step: int) -> TrainingError:
        kept = max(checkpoints_in(self._folder.path / CHECKPOINTS), default=0)
        stays = f"; the checkpoint of step {kept} stays in {self._folder.path / CHECKPOINTS}" if kept else ""
        return TrainingError(
            f"{what} at step {step}: lower --rate (now {self._options.highest_rate:g}) or give "
            f"--precision float32, and begin in another --output{stays}"
        )

    def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Make samples, and end where validation gets no better."""
        self._look(state.global_step)
        if no_better(state.log_history, self._options.patience):
            control.should_training_stop = True

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Make samples where there is no validation to look at."""
        if args.eval_strategy == "no":
            self._look(state.global_step)


_ROW = {"loss", "grad_norm", "learning_rate", BEST, "eval_right"}


def make_trainer(
    course: Course, rows: Dataset[Any], steps: int, folder: RunFolder, watch: Watch
) -> TextTrainer:
    """Return the trainer of one run.

    Args:
        course: what is taught to whom, and how.
        rows: of tokens to learn.
        steps: to be done in all.
        folder: of the run.
        watch: log, looks and end.
    """
    options, machine = course.options, course.pupil.machine
    valid = Rows(course.valid) if course.valid else None
    # how much of a drawing, or of pictures that are learnt too, is foretold rightly says little
    read_only = all(lesson.task == "read" for lesson in course.lessons.valid)
    counts_right = bool(valid) and read_only and options.loss == "answer"
    arguments = TrainingArguments(
        output_dir=str(folder.path / CHECKPOINTS),
        max_steps=steps,
        per_device_train_batch_size=options.batch,
        per_device_eval_batch_size=options.batch,
        gradient_accumulation_steps=options.accumulate,
        learning_rate=options.highest_rate,
        lr_scheduler_type="constant_with_warmup" if options.schedule == "constant" else options.schedule,
        warmup_steps=math.ceil(options.warmup * steps),
        weight_decay=options.weight_decay,
        bf16=machine.bfloat16,
        use_cpu=machine.processor,
        seed=options.seed,
        logging_steps=max(1, steps // ROWS_OF_LOG),
        logging_nan_inf_filter=False,
        eval_strategy="steps" if valid is not None else "no",
        eval_steps=steps,  # the watch says when
        save_strategy="steps",
        save_steps=steps,
        metric_for_best_model=BEST if valid is not None else None,
        greater_is_better=False,
        prediction_loss_only=not counts_right,
        ddp_find_unused_parameters=False,
        report_to=[],
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=not machine.processor,
    )
    trainer = TextTrainer(
        model=course.pupil.network,
        args=arguments,
        data_collator=Collator(course.filler, course.takes_places),
        train_dataset=rows,
        eval_dataset=valid,
        processing_class=course.pupil.tokenizer,
        callbacks=[watch],
        compute_metrics=count_right if counts_right else None,
        preprocess_logits_for_metrics=_likeliest if counts_right else None,
    )
    for shown in (PrinterCallback, ProgressCallback):
        trainer.remove_callback(shown)
    return trainer


def probe_of(course: Course) -> Callable[[Any], bool]:
    """Return what says whether every trained weight of a network and its loss over one text are numbers."""
    batch = Collator(course.filler, course.takes_places)([[course.train[0]]])

    def probe(network: Any) -> bool:
        if not all(bool(w.isfinite().all()) for w in network.parameters() if w.requires_grad):
            return False
        network.eval()
        with torch.no_grad():
            at = next(network.parameters()).device
            loss = network(**{name: tensor.to(at) for name, tensor in batch.items()}).loss
        network.train()
        return bool(loss.isfinite())

    return probe


def look_every(options: TextOptions, steps: int) -> int:
    """Return how many steps lie between two looks."""
    return options.check_every or max(1, math.ceil(steps / CHECKS))


def steps_of(options: TextOptions, rows: int, devices: int = 1) -> int:
    """Return how many steps a training has.

    Args:
        options: how it is taught.
        rows: in the training data.
        devices: that share each step.
    """
    batches = math.ceil(rows / (options.batch * devices))
    return options.steps or max(1, math.ceil(math.ceil(batches / options.accumulate) * options.epochs))


def no_better(history: list[dict[str, Any]], patience: int) -> bool:
    """Return whether the last looks at validation brought no better loss.

    >>> no_better([{"eval_loss": 2.0}, {"eval_loss": 1.0}, {"eval_loss": 1.5}, {"eval_loss": 1.0}], 2)
    True
    """
    losses = [row[BEST] for row in history if BEST in row]
    return bool(patience) and len(losses) > patience and min(losses[:-patience]) <= min(losses[-patience:])


def count_right(predicted: Any) -> dict[str, float]:
    """Return the share of texts whose learnt tokens are all foretold rightly, each after the right ones."""
    guesses, labels = predicted.predictions[:, :-1], predicted.label_ids[:, 1:]
    return {"right": float(((guesses == labels) | (labels == UNCOUNTED)).all(1).mean())}


def _likeliest(logits: Any, labels: Any) -> Any:
    return (logits[0] if isinstance(logits, tuple) else logits).argmax(-1)
