"""Trains the built-in model: reading and drawing together, from labelled images alone.

The loop in :func:`train` reads top to bottom. What it needs beside the images: nothing.
"""

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from calligram.errors import TrainingError
from calligram.nano import prompts
from calligram.nano.folder import SHIPPED, WEIGHTS, ModelFolder, open_folder
from calligram.nano.network import Network, Shape, start_from, token_looks
from calligram.nano.precision import quick_numbers
from calligram.nano.vocabulary import Vocabulary, build
from calligram.nano.weights import find_weights, read_weight
from calligram.picture import Layout, encode_batch, get_ramp
from calligram.training.nano_checkpoint import Run
from calligram.training.nano_elder import follow_elder
from calligram.training.nano_exam import Exam
from calligram.training.nano_examples import ExampleMaker, Mixture, Subject
from calligram.training.nano_losses import Helper, losses
from calligram.training.nano_muon import Muon
from calligram.training.nano_options import NanoOptions
from calligram.training.nano_plan import HEAD_WIDTH, Plan, read_starts
from calligram.training.nano_wear import wear
from calligram.whole_files import write_whole

RAMPS = ("classic", "grey8")
"""Every built-in model has tokens for these ramps, whichever layouts it is taught."""

RATE_SHARES = (1.0, 0.3)
"""Parts of the learning rate that Muon and AdamW take; embeddings never rest with the whole of it."""

WEIGHT_DECAY = 0.1
"""Keeps the matrices, and with them the stream between the layers, from growing."""

LOG = "log.jsonl"

GLANCE = 750
"""Validation images of each kind that are looked at during training."""


def vocabulary_for(subjects: Sequence[Subject], layouts: Sequence[Layout]) -> Vocabulary:
    """Return the vocabulary a model of these subjects and layouts needs."""
    phrases = prompts.phrases([s.kind for s in subjects], [layout.name for layout in layouts])
    answers = [*(answer for subject in subjects for answer in subject.answers), prompts.NONE]
    return build([get_ramp(name) for name in RAMPS], phrases, answers)


def train(
    subjects: Sequence[Subject],
    exams: Sequence[Exam],
    options: NanoOptions,
    folder: Path,
    progress: Callable[[int, str], None] = lambda step, line: None,
) -> Run:
    """Return a finished run, whose network is trained, going on from the checkpoint in ``folder``.

    Args:
        subjects: what to teach.
        exams: validation images, looked at now and then.
        options: how.
        folder: where checkpoint, log and curve are kept.
        progress: told of every twentieth step.

    Raises:
        TrainingError: the loss became no number, or the training was interrupted; its checkpoint is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(options, [subject.kind for subject in subjects])
    run = _begin(subjects, plan.layouts, options)
    run.resume(folder, options)
    _forget_rows_after(folder, run.step)
    forward = torch.compile(run.network, dynamic=False) if options.compile else run.network
    weights = {"answer": 1.0, "picture": options.picture_loss, "helper": 0.3, "guide": options.guide}
    with run.saved_when_stopped(folder):
        for layout in plan.layouts_from(run.step):
            # less and less changed in the second half, so that it ends near the images as they are
            distorted = max(0.25, min(1.0, 2 - 2 * run.step / options.steps))
            mixture = Mixture(options.drawn, options.unknown, plan.worn, distorted)
            batch = run.maker.batch(layout, plan.images(layout), mixture)
            parts = losses(forward, run.network, run.helper, batch)
            loss = torch.stack([weights[name] * part for name, part in parts.items()]).sum()
            if not math.isfinite(loss.item()):
                raise TrainingError(
                    f"the loss became {loss.item()} at step {run.step}: lower --rate (now {options.rate}) "
                    f"and start again in a new folder; the last checkpoint is in {folder}"
                )
            loss.backward()  # type: ignore[no-untyped-call]
            for optimizer, share in zip(run.optimizers, RATE_SHARES, strict=True):
                for group in optimizer.param_groups:
                    group["lr"] = share * options.rate * _rate(run.step, options)
                optimizer.step()
                optimizer.zero_grad()
            run.step += 1
            if run.step % 20 == 0:
                shown = {name: parts[name].item() for name in ("answer", "picture", "guide")}
                _note(folder, {"step": run.step, "layout": layout.name, **shown, "time": time.time()})
                told = " ".join(f"{name} {part:.3f}" for name, part in shown.items())
                progress(run.step, f"{layout.name} {told}")
            if run.step % options.check_every == 0 or run.step == options.steps:
                _note(folder, {"step": run.step, "validation": _glance(run, exams, plan.layouts)})
            run.save_now_and_then(folder, options.save_every_s)
    run.save(folder)
    return run


def _begin(subjects: Sequence[Subject], layouts: Sequence[Layout], options: NanoOptions) -> Run:
    """Return a run at step 0: a fresh network, or one with another's weights."""
    torch.manual_seed(options.seed)
    vocabulary = vocabulary_for(subjects, layouts)
    shape = Shape(options.width, options.layers, options.width // HEAD_WIDTH, options.width * 3)
    network = Network(shape, _looks(vocabulary))
    helper = Helper(options.width, max(len(s.answers) for s in subjects) * len(subjects))
    if options.start:
        _take_weights(network, vocabulary, options.start)
    elder = None
    if options.elder:
        old = Network(shape, _looks(vocabulary))
        _take_weights(old, vocabulary, options.elder)
        elder = follow_elder(old)
    maker = ExampleMaker(subjects, vocabulary, options.seed, elder)
    return Run(network, helper, _optimizers(network, helper, options), maker)


def _take_weights(network: Network, vocabulary: Vocabulary, start: str) -> None:
    """Give a network another's weights, or the mean of several that began alike (Wortsman et al. 2022)."""
    shares = read_starts(start)
    folders = [open_folder(SHIPPED if place == "builtin" else place) for place in shares]
    states, known = [read_state(folder) for folder in folders], folders[0].vocabulary
    shapes = [{name: weight.shape for name, weight in state.items()} for state in states]
    if any(shape != shapes[0] for shape in shapes) or any(
        folder.vocabulary.tokens != known.tokens for folder in folders
    ):
        raise TrainingError(
            f"start is {start!r}, but only models of the same tokens, width and layers have a mean: "
            "give one of them"
        )
    mean = {name: torch.zeros_like(weight, dtype=torch.float32) for name, weight in states[0].items()}
    for state, share in zip(states, shares.values(), strict=True):
        for name, weight in state.items():
            mean[name] += share * weight
    start_from(network, vocabulary, mean, known)


def _glance(run: Run, exams: Sequence[Exam], layouts: Sequence[Layout]) -> dict[str, float]:
    """Return the marks of some validation images, as they are and worn."""
    vocabulary = run.maker.vocabulary
    shown = {exam.kind: exam for exam in exams} | {f"worn {exam.kind}": _worn(exam) for exam in exams}
    return {
        f"{name} {at.name}": score(run.network, vocabulary, exam, at, GLANCE)
        for name, exam in shown.items()
        for at in layouts
    }


def _worn(exam: Exam) -> Exam:
    """Return the images that are glanced at, damaged, the same each time."""
    pixels = torch.from_numpy(exam.images[:GLANCE]).float() / 255
    damaged = wear(pixels, torch.Generator().manual_seed(0))
    return replace(exam, images=(damaged * 255).byte().numpy(), labels=exam.labels[:GLANCE])


def score(
    network: Network,
    vocabulary: Vocabulary,
    exam: Exam,
    layout: Layout,
    most: int | None = None,
    batch: int = 250,
) -> float:
    """Return the share of the first ``most`` validation images whose likeliest answer is right."""
    candidates = torch.tensor([vocabulary.ids[answer] for answer in exam.answers])
    question = vocabulary.ids[prompts.question(exam.kind)]
    right, total = 0, min(most or len(exam.images), len(exam.images))
    with torch.no_grad(), quick_numbers():
        table = network.table()
        for start in range(0, total, batch):
            end = min(start + batch, total)
            grids = encode_batch(exam.images[start:end], layout)
            pictures = vocabulary.picture_ids(grids, layout.symbols)
            ids = np.concatenate([pictures, np.full((len(pictures), 1), question)], axis=1)
            state = network(torch.from_numpy(ids), table)[0][:, -1]
            best = functional.linear(state, table[candidates]).argmax(1).numpy()
            right += int((best == exam.labels[start:end]).sum())
    return right / total


def read_state(folder: ModelFolder) -> dict[str, Tensor]:
    """Return all weights of a model folder by name."""
    path = folder.path / WEIGHTS
    return {
        name: torch.from_numpy(read_weight(path, place).copy()) for name, place in find_weights(path).items()
    }


def _looks(vocabulary: Vocabulary) -> Tensor:
    return token_looks(vocabulary, [get_ramp(name) for name in RAMPS])


def _optimizers(network: Network, helper: nn.Module, options: NanoOptions) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers, AdamW for everything else."""
    matrices = [p for p in network.layers.parameters() if p.ndim == 2]
    others = [p for p in network.parameters() if p.ndim != 2 or not any(p is q for q in matrices)]
    muon = Muon(matrices, lr=options.rate, weight_decay=WEIGHT_DECAY)
    adam = torch.optim.AdamW(
        [*others, *helper.parameters()], lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0
    )
    return [muon, adam]


def _rate(step: int, options: NanoOptions) -> float:
    """Return the share of the highest rate: a short rise, a plain, a straight fall to zero."""
    rise = min(1.0, (step + 1) / min(200, options.steps / 10 + 1))
    left = (options.steps - step) / max(1.0, options.decay * options.steps)
    return min(rise, left, 1.0)


def _forget_rows_after(folder: Path, step: int) -> None:
    """Take out of the log what was done after the checkpoint, since it is done again."""
    log_file = folder / LOG
    if log_file.exists():
        rows = log_file.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [row for row in rows if row.endswith("\n") and json.loads(row)["step"] <= step]
        write_whole(log_file, "".join(kept).encode())


def _note(folder: Path, row: dict[str, object]) -> None:
    with (folder / LOG).open("a", encoding="utf-8") as log_file:
        log_file.write(json.dumps(row) + "\n")
