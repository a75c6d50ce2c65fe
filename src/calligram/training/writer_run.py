"""One training of a writer's network, on a GPU where there is one: teachers, then a student of theirs.

With little text a small network learns more from what larger ones hold probable than from the text alone
(Hinton et al., Distilling the Knowledge in a Neural Network, 2015; Kim et al., Pre-training under Infinite
Compute, 2025, on several teachers and few texts). The rate falls to nought in a straight line.
"""

import math
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from calligram.errors import TrainingError
from calligram.training.nano_muon import Muon
from calligram.training.writer_network import WriterNetwork, matrices, others
from calligram.training.writer_tokens import Rows
from calligram.whole_files import writing_whole

LIKELIEST = 48
"""So many of the likeliest tokens are kept of what teachers say of a place."""
WARM_UP = 0.02
MOST_NORM = 1.0
TOLD_EVERY = 5
Batch = tuple[Tensor, ...]
Loss = Callable[[Tensor, Any], Tensor]
Tell = Callable[[int, float], None]


@dataclass(frozen=True)
class Course:
    """How one network is trained.

    Args:
        rate: largest learning rate.
        decay: weight decay.
        steps: how many.
        checkpoint: the file that keeps the training between two sittings; None keeps none.
        save_every_s: seconds between two checkpoints.
        asked: what the training follows from; a checkpoint of another one is refused.
    """

    rate: float
    decay: float
    steps: int
    checkpoint: Path | None = None
    save_every_s: float = 120
    asked: str = ""


@dataclass(frozen=True)
class Taught:
    """What teachers say of packed texts.

    Args:
        rows: the texts.
        tokens: the likeliest at each place, ``(rows, positions, LIKELIEST)`` int16.
        shares: their probabilities, the same shape, float16.
    """

    rows: Rows
    tokens: Tensor
    shares: Tensor


def train(
    network: WriterNetwork, batches: Callable[[int], Iterator[Batch]], loss: Loss, course: Course, tell: Tell
) -> None:
    """Train a network in place, going on from its checkpoint.

    Args:
        network: on the device it is trained on.
        batches: gives the batches from a step on, each beginning with the rows' tokens.
        loss: from the network's scores and a batch, in nats a token.
        course: how.
        tell: told of steps done and the loss.

    Raises:
        TrainingError: the loss became no number, or the checkpoint is of another training.
    """
    device = next(network.parameters()).device
    fast: Any = torch.compile(network) if device.type == "cuda" else network
    optimizers = _optimizers(network, course)
    first = _resume(network, optimizers, course)
    saved = time.monotonic()
    network.train()
    for step, batch in zip(range(first, course.steps), batches(first), strict=False):
        share = step / course.steps
        for group in (group for optimizer in optimizers for group in optimizer.param_groups):
            group["lr"] = course.rate * min(1.0, share / WARM_UP + 1e-3) * (1 - share)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            scores = fast(batch[0][:, :-1])
        value = loss(scores, batch)
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), MOST_NORM)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        if (step + 1) % TOLD_EVERY == 0 or step + 1 == course.steps:
            _check_finite(float(value.detach()), step, course)
            tell(step + 1, float(value.detach()))
        if course.checkpoint and time.monotonic() - saved > course.save_every_s:
            _save(network, optimizers, step + 1, course)
            saved = time.monotonic()
    network.eval()


def _check_finite(value: float, step: int, course: Course) -> None:
    if not math.isfinite(value):
        raise TrainingError(
            f"the loss became {value} at step {step}: lower --rate (now {course.rate}), "
            "and start in a new folder"
        )


def _save(
    network: WriterNetwork, optimizers: Sequence[torch.optim.Optimizer], step: int, course: Course
) -> None:
    assert course.checkpoint
    state = {
        "asked": course.asked,
        "step": step,
        "network": network.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
    }
    with writing_whole(course.checkpoint) as stream:
        torch.save(state, stream)


def _resume(network: WriterNetwork, optimizers: Sequence[torch.optim.Optimizer], course: Course) -> int:
    """Return the first step that is not done, with the network as it was then."""
    if course.checkpoint is None or not course.checkpoint.exists():
        return 0
    try:
        state = torch.load(course.checkpoint, weights_only=True, map_location="cpu")
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as fault:
        raise TrainingError(
            f"the checkpoint {course.checkpoint} cannot be read ({str(fault).splitlines()[0]}): take it away "
            "to begin anew"
        ) from fault
    if state["asked"] != course.asked:
        raise TrainingError(
            f"{course.checkpoint.parent} holds another training, of other texts or options: choose a new "
            "folder, or give the same command again"
        )
    network.load_state_dict(state["network"])
    for optimizer, kept in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(kept)
    return int(state["step"])


def _optimizers(network: WriterNetwork, course: Course) -> list[torch.optim.Optimizer]:
    """Return Muon for the weights between layers (Jordan et al. 2024), AdamW for the rest."""
    muon = Muon(matrices(network), course.rate, course.decay)
    adam = torch.optim.AdamW(
        others(network), lr=course.rate, betas=(0.9, 0.95), weight_decay=course.decay / 4
    )
    return [muon, adam]


def text_loss(scores: Tensor, batch: tuple[Tensor, Tensor]) -> Tensor:
    """Return the mean cost of the tokens to be learnt, in nats."""
    ids, learnt = batch
    costs = functional.cross_entropy(scores.flatten(0, 1).float(), ids[:, 1:].flatten(), reduction="none")
    weights = learnt[:, 1:].flatten().float()
    return (costs * weights).sum() / weights.sum()


def taught_loss(scores: Tensor, batch: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
    """Return how far scores are from what teachers say: the cross entropy with their shares, in nats.

    What they give to all tokens that are not among the likeliest is one share.
    """
    _, learnt, tokens, shares = batch
    logs = torch.log_softmax(scores.float(), -1)
    known = logs.gather(-1, tokens.long())
    rest = torch.log1p(-known.exp().sum(-1).clamp(max=1 - 1e-4))
    told = shares.float()
    costs = -(told * known).sum(-1) - (1 - told.sum(-1)).clamp(min=0) * rest
    weights = learnt[:, 1:].float()
    return (costs * weights).sum() / weights.sum()


def text_batches(
    packs: Callable[[int], Rows], rows: int, device: torch.device, seed: int, first: int = 0
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield batches without end, epoch after epoch; they follow from the seed, wherever they begin.

    Args:
        packs: the packed texts of an epoch.
        rows: in a batch.
        device: where batches lie.
        seed: of the order.
        first: leave out so many.
    """
    epoch, skipped = 0, 0
    while True:
        packed = packs(epoch)
        ids, learnt = torch.from_numpy(packed.ids).to(device), torch.from_numpy(packed.learnt).to(device)
        for places in _places(len(packed.ids), rows, (seed, epoch), device):
            skipped += 1
            if skipped > first:
                yield ids[places], learnt[places]
        epoch += 1


def taught_batches(
    taught: Sequence[Taught], rows: int, device: torch.device, seed: int, first: int = 0
) -> Iterator[tuple[Tensor, ...]]:
    """Yield batches with what teachers say, without end, one pack after another; see :func:`text_batches`."""
    epoch, skipped = 0, 0
    while True:
        pack = taught[epoch % len(taught)]
        ids, learnt = torch.from_numpy(pack.rows.ids), torch.from_numpy(pack.rows.learnt)
        for places in _places(len(ids), rows, (seed, epoch), torch.device("cpu")):
            skipped += 1
            if skipped > first:
                there = places.to(pack.tokens.device)
                told = pack.tokens[there], pack.shares[there]
                yield ids[places].to(device), learnt[places].to(device), *told
        epoch += 1


def _places(count: int, rows: int, seed: tuple[int, int], device: torch.device) -> Iterator[Tensor]:
    """Yield the rows of each batch of one epoch; few rows are repeated until they fill one."""
    order = np.random.default_rng(seed).permutation(count)
    order = np.resize(order, max(rows, count - count % rows))
    for start in range(0, len(order), rows):
        yield torch.from_numpy(order[start : start + rows]).to(device)


@torch.no_grad()
def ask_teachers(teachers: Sequence[WriterNetwork], rows: Rows, size: int = 64) -> Taught:
    """Return what teachers say together of packed texts: the mean of their probabilities.

    Args:
        teachers: all on one device.
        rows: the texts.
        size: rows read at once.
    """
    device = next(teachers[0].parameters()).device
    kept = []
    for start in range(0, len(rows.ids), size):
        ids = torch.from_numpy(rows.ids[start : start + size, :-1]).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            shares = sum(torch.softmax(teacher(ids).float(), -1) for teacher in teachers) / len(teachers)
        assert isinstance(shares, Tensor)
        best, tokens = shares.topk(min(LIKELIEST, shares.shape[-1]), -1)
        kept.append((tokens.to(torch.int16), best.half()))
    return Taught(rows, torch.cat([each[0] for each in kept]), torch.cat([each[1] for each in kept]))


@torch.no_grad()
def bits(networks: Sequence[WriterNetwork], texts: Sequence[tuple[np.ndarray, int]], size: int = 32) -> float:
    """Return how many bits networks need together for texts, each text by itself.

    Args:
        networks: their probabilities are averaged.
        texts: tokens, and how many of the first are given.
        size: texts read at once; they are sorted by length.
    """
    device, total = next(networks[0].parameters()).device, 0.0
    ordered = sorted(texts, key=lambda text: len(text[0]))
    for start in range(0, len(ordered), size):
        part = ordered[start : start + size]
        longest = max(len(ids) for ids, _ in part)
        ids = np.zeros((len(part), longest), np.int64)
        wanted = np.zeros((len(part), longest), np.bool_)
        for number, (each, given) in enumerate(part):
            ids[number, : len(each)] = each
            wanted[number, given : len(each)] = True
        tokens, mask = torch.from_numpy(ids).to(device), torch.from_numpy(wanted[:, 1:]).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            shares = sum(torch.softmax(each(tokens[:, :-1]).float(), -1) for each in networks) / len(networks)
        assert isinstance(shares, Tensor)
        found = shares.gather(-1, tokens[:, 1:, None])[..., 0]
        total += float(-found[mask].log2().sum())
    return total
