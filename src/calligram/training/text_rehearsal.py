"""A dry run: what a training would take, measured by a few real steps that leave nothing behind."""

import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calligram.training.text_course import Course, Tell, devices, open_course, quiet_libraries, read_course
from calligram.training.text_faults import told_plainly
from calligram.training.text_options import TextOptions
from calligram.training.text_record import RunFolder
from calligram.training.text_tokens import show_item

MEASURED_STEPS = 3


@dataclass(frozen=True)
class Rehearsal:
    """What a dry run found.

    Args:
        tokens: mean and largest number of tokens of a text, how many there are in all, how many are learnt.
        texts: to learn, and kept for validation.
        rows: of tokens in the training data; fewer than texts where they are packed.
        steps: of the training.
        weights: in the model, and how many of them are trained.
        held_bytes: for weights, gradients and the optimizer's notes.
        peak_bytes: of memory while steps were made, in all; None where it cannot be measured.
        step_s: seconds for one step.
        total_s: for the whole training, looks at validation included.
        example: one text, with ``⟦ ⟧`` around what the loss counts.
        notes: what a person should know, one sentence each.
    """

    tokens: tuple[float, int, int, int]
    texts: tuple[int, int]
    rows: int
    steps: int
    weights: tuple[int, int]
    held_bytes: int
    peak_bytes: int | None
    step_s: float
    total_s: float
    example: str
    notes: list[str]

    def lines(self) -> list[str]:
        """Return what a person is told."""
        mean, longest, total, learned = self.tokens
        all_weights, trained = self.weights
        peak = "" if self.peak_bytes is None else f", {_size(self.peak_bytes)} at most while steps were made"
        return [
            *self.notes,
            f"texts: {self.texts[0]:,} to learn, {self.texts[1]:,} for validation, in {self.rows:,} rows",
            f"tokens: {mean:.1f} a text, {longest} the longest, {total:,} in all, {learned:,} of them learnt",
            f"weights: {all_weights:,}, of which {trained:,} ({trained / all_weights:.2%}) are trained",
            f"steps: {self.steps:,}",
            f"memory: {_size(self.held_bytes)} for weights, gradients and optimizer{peak}",
            f"time: {self.step_s:.2f} s a step, about {_span(self.total_s)} in all",
            "One text, with ⟦ ⟧ around what the loss counts:",
            self.example,
        ]


def rehearse(
    dataset: str, model: str, options: TextOptions, folder: Path, tell: Tell | None = None
) -> Rehearsal:
    """Return what a training would take; nothing is written.

    Args:
        dataset: as for the training.
        model: as for the training.
        options: how it is taught.
        folder: where the run would go; only looked at.
        tell: told what is done, steps done and steps in all.

    Raises:
        CalligramError: the training could not start, or memory ran out.
    """
    with told_plainly(options):
        opened = read_course(dataset, model, options)
        RunFolder(folder).check(opened.asked)
        with quiet_libraries():
            course = open_course(opened, options, tell)
            return _measure(course)


def _measure(course: Course) -> Rehearsal:
    from calligram.training.text_batches import Rows
    from calligram.training.text_trainer import look_every, steps_of

    options = course.options
    rows = Rows(course.train, course.room)
    steps = steps_of(options, len(rows), devices(options))
    batch_s, peak = _try_steps(course, rows)
    looks = math.ceil(steps / look_every(options, steps))
    # a look goes forward only, a third of the work of a step
    looking_s = looks * math.ceil(len(course.valid) / options.batch) * batch_s / 3
    weights = list(course.pupil.network.parameters())
    trained = [weight for weight in weights if weight.requires_grad]
    held = sum(w.numel() * w.element_size() for w in weights)
    held += sum(w.numel() * (w.element_size() + 8) for w in trained)  # Adam notes two numbers for each
    lengths = np.array([len(item.ids) for item in course.train])
    learned = sum(int(item.learned.sum()) for item in course.train)
    return Rehearsal(
        tokens=(float(lengths.mean()), int(lengths.max()), int(lengths.sum()), learned),
        texts=(len(course.train), len(course.valid)),
        rows=len(rows),
        steps=steps,
        weights=course.pupil.sizes(),
        held_bytes=held,
        peak_bytes=peak,
        step_s=batch_s * options.accumulate,
        total_s=batch_s * options.accumulate * steps + looking_s,
        example=show_item(course.pupil.tokenizer, course.train[0]),
        notes=course.notes,
    )


def _try_steps(course: Course, rows: Any) -> tuple[float, int | None]:
    """Return the seconds one batch takes, and the most memory held, trying the longest rows first."""
    import torch

    from calligram.training.text_batches import Collator

    options, network = course.options, course.pupil.network
    if torch.cuda.is_available() and options.device == "auto":
        network = network.cuda()
    collate = Collator(course.filler, course.takes_places)
    by_length = sorted(range(len(rows)), key=lambda place: -sum(len(item.ids) for item in rows[place]))
    spread = np.linspace(0, len(rows) - 1, MEASURED_STEPS * options.batch).astype(int)
    batches = [
        by_length[: options.batch],
        *(part.tolist() for part in np.array_split(spread, MEASURED_STEPS)),
    ]
    optimizer = torch.optim.AdamW([w for w in network.parameters() if w.requires_grad], lr=1e-9)
    network.train()
    started = 0.0
    for number, places in enumerate(batches):
        if number == 1:  # the first one takes memory that the others find
            started = time.perf_counter()
        batch = {
            name: tensor.to(network.device) for name, tensor in collate([rows[p] for p in places]).items()
        }
        with torch.autocast(network.device.type, torch.bfloat16, enabled=course.pupil.machine.bfloat16):
            loss = network(**batch).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        loss.item()
    return (time.perf_counter() - started) / MEASURED_STEPS, _peak(network.device)


def _peak(device: Any) -> int | None:
    import torch

    if device.type == "cuda":
        return torch.cuda.max_memory_allocated()
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.2f} GB" if size_bytes >= 1e8 else f"{size_bytes / 1e6:.1f} MB"


def _span(seconds: float) -> str:
    """Return a span of time as people say it.

    >>> _span(42), _span(5000)
    ('42 s', '1 h 23 min')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
