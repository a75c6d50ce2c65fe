"""Trains the built-in model: reading and drawing together, from labelled images alone.

The loop in :func:`train` reads top to bottom. What it needs beside the images: nothing.
"""

import json
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from calligram.errors import TrainingError
from calligram.nano import prompts
from calligram.nano.folder import SHIPPED, WEIGHTS, ModelFolder, open_folder
from calligram.nano.network import Network, Shape, start_from, token_looks
from calligram.nano.vocabulary import Vocabulary, build
from calligram.nano.weights import find_weights, read_weight
from calligram.picture import Layout, encode_batch, get_ramp
from calligram.training.nano_checkpoint import Run
from calligram.training.nano_exam import Exam
from calligram.training.nano_examples import Batch, ExampleMaker, Subject
from calligram.training.nano_options import NanoOptions
from calligram.training.nano_plan import HEAD_WIDTH, Plan

RAMPS = ("classic", "grey8")
"""Every built-in model has tokens for these ramps, whichever layouts it is taught."""

RATE_SHARES = (1.0, 0.3)
"""Parts of the learning rate that Muon and AdamW take; embeddings never rest with the whole of it."""

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
        progress: told of every step and of every line of the log.

    Raises:
        TrainingError: the loss became no number, or the training was interrupted; its checkpoint is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    plan = Plan(options, [subject.kind for subject in subjects])
    layouts = plan.layouts
    vocabulary = vocabulary_for(subjects, layouts)
    network = Network(
        Shape(options.width, options.layers, options.width // HEAD_WIDTH, options.width * 3),
        _looks(vocabulary),
    )
    helper = nn.Linear(options.width, max(len(s.answers) for s in subjects) * len(subjects))
    run = Run(
        network,
        helper,
        _optimizers(network, helper, options),
        ExampleMaker(subjects, vocabulary, options.seed),
    )
    forward = torch.compile(network, dynamic=False) if options.compile else network

    if options.start:
        folder_before = open_folder(SHIPPED if options.start == "builtin" else options.start)
        start_from(network, vocabulary, read_state(folder_before), folder_before.vocabulary)
    run.resume(folder, options)
    with run.saved_when_stopped(folder):
        for layout in plan.layouts_from(run.step):
            batch = run.maker.batch(layout, plan.images(layout), options.drawn, options.unknown)
            with torch.autocast("cpu", torch.bfloat16):
                table = network.table()
                state = forward(batch.ids, table)
                answer_loss, picture_loss, helper_loss = _losses(state, table, batch, helper, len(vocabulary))
            loss = answer_loss + options.picture_loss * picture_loss + 0.3 * helper_loss
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
                losses = {"answer": answer_loss.item(), "picture": picture_loss.item()}
                _note(folder, {"step": run.step, "layout": layout.name, **losses, "time": time.time()})
                told = " ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
                progress(run.step, f"{layout.name} {told}")
            if run.step % options.check_every == 0 or run.step == options.steps:
                marks = {
                    f"{exam.kind} {at.name}": score(network, vocabulary, exam, at, GLANCE)
                    for exam in exams
                    for at in layouts
                }
                _note(folder, {"step": run.step, "validation": marks})
            run.save_now_and_then(folder, options.save_every_s)
    run.save(folder)
    return run


def _losses(
    state: Tensor, table: Tensor, batch: Batch, helper: nn.Linear, tokens: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the loss on the answers, on the pictures, and of the helper that reads the mean state."""
    answer = functional.linear(state[: batch.readings, batch.question_at], table).float()
    target = torch.zeros(batch.readings, tokens).scatter_add_(1, batch.answers, batch.shares)
    answer_loss = functional.cross_entropy(answer, target)

    mask = batch.picture_mask[batch.pictured][:, 1:]
    before = state[batch.pictured, :-1][mask]
    foretold = functional.linear(before, table).float()
    picture_loss = functional.cross_entropy(foretold, batch.ids[batch.pictured, 1:][mask])

    # a training aid only: the mean over the picture must tell the answer too, which reaches every place
    mean = state[: batch.readings, 1 : batch.question_at].mean(1)
    kinds = helper.out_features // batch.shares.shape[1]
    guess = helper(mean).float().view(batch.readings, kinds, -1).logsumexp(1)
    helper_loss = functional.cross_entropy(guess, batch.shares)
    return answer_loss, picture_loss, helper_loss


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
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        table = network.table()
        for start in range(0, total, batch):
            end = min(start + batch, total)
            grids = encode_batch(exam.images[start:end], layout)
            pictures = vocabulary.picture_ids(grids, layout.symbols)
            ids = np.concatenate([pictures, np.full((len(pictures), 1), question)], axis=1)
            state = network(torch.from_numpy(ids), table)[:, -1]
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


def _optimizers(network: Network, helper: nn.Linear, options: NanoOptions) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for the matrices inside the layers, AdamW for everything else."""
    matrices = [p for p in network.layers.parameters() if p.ndim == 2]
    others = [p for p in network.parameters() if p.ndim != 2 or not any(p is q for q in matrices)]
    muon = torch.optim.Muon(matrices, lr=options.rate, weight_decay=0.02, adjust_lr_fn="match_rms_adamw")
    adam = torch.optim.AdamW(
        [*others, *helper.parameters()], lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0
    )
    return [muon, adam]


def _rate(step: int, options: NanoOptions) -> float:
    """Return the share of the highest rate: a short rise, a plain, a straight fall to zero."""
    rise = min(1.0, (step + 1) / min(200, options.steps / 10 + 1))
    left = (options.steps - step) / max(1.0, options.decay * options.steps)
    return min(rise, left, 1.0)


def _note(folder: Path, row: dict[str, object]) -> None:
    with (folder / "log.jsonl").open("a", encoding="utf-8") as log_file:
        log_file.write(json.dumps(row) + "\n")
