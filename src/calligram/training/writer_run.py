"""One training of a writer's network, on a GPU where there is one: teachers, then a student of theirs.

With little text a small network learns more from what larger ones hold probable than from the text alone
(Hinton et al., Distilling the Knowledge in a Neural Network, 2015; Kim et al., Pre-training under Infinite
Compute, 2025, on several teachers and few texts). The rate falls to nought in a straight line.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from calligram.training.writer_network import WriterNetwork, matrices, others
from calligram.training.writer_tokens import Rows

LIKELIEST = 48
"""So many of the likeliest tokens are kept of what teachers say of a place."""
WARM_UP = 0.02
MOST_NORM = 1.0
Loss = Callable[[Tensor, Any], Tensor]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Course:
    """How one network is trained.

    Args:
        rate: largest learning rate.
        decay: weight decay.
        rows: texts' rows in one step.
        steps: how many steps; None goes by time.
        seconds: how long, where ``steps`` is None.
    """

    rate: float
    decay: float
    rows: int = 64
    steps: int | None = None
    seconds: float = 60.0


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


def train(network: WriterNetwork, batches: Iterator[Any], loss: Loss, course: Course, tell: Tell) -> None:
    """Train a network in place.

    Args:
        network: on the device it is trained on.
        batches: what ``loss`` takes beside the network's scores; each begins with the rows' tokens.
        loss: from scores and batch, in nats a token.
        course: how.
        tell: told of progress, a line each.
    """
    fast: Any = torch.compile(network) if next(network.parameters()).is_cuda else network
    device = next(network.parameters()).device
    optimizers = _optimizers(network, course)
    begun, step, shown = time.monotonic(), 0, torch.zeros((), device=device)
    network.train()
    while (progress := _progress(course, step, begun)) < 1:
        for group in (group for optimizer in optimizers for group in optimizer.param_groups):
            group["lr"] = course.rate * min(1.0, progress / WARM_UP + 1e-3) * (1 - progress)
        batch = next(batches)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            scores = fast(batch[0][:, :-1])
        value = loss(scores, batch)
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), MOST_NORM)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        shown, step = shown + value.detach(), step + 1
        if step == 1:
            begun = time.monotonic() if course.steps is None else begun  # compiling is not counted
        if step % 100 == 0:
            took = time.monotonic() - begun
            tell(f"step {step}, {progress:.0%}, {took:.0f} s, loss {float(shown) / 100:.4f}")
            shown = torch.zeros_like(shown)
    network.eval()


def _progress(course: Course, step: int, begun: float) -> float:
    if course.steps is not None:
        return step / course.steps
    return (time.monotonic() - begun) / course.seconds if step else 0.0


def _optimizers(network: WriterNetwork, course: Course) -> list[torch.optim.Optimizer]:
    """Return Muon for the weights between layers (Jordan et al. 2024), AdamW for the rest."""
    muon = torch.optim.Muon(
        matrices(network), lr=course.rate, weight_decay=course.decay, adjust_lr_fn="match_rms_adamw"
    )
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
    packs: Callable[[int], Rows], rows: int, device: torch.device, seed: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield batches without end, epoch after epoch.

    Args:
        packs: the packed texts of an epoch.
        rows: in a batch.
        device: where batches lie.
        seed: of the order.
    """
    chance, epoch = np.random.default_rng(seed), 0
    while True:
        packed = packs(epoch)
        ids, learnt = torch.from_numpy(packed.ids).to(device), torch.from_numpy(packed.learnt).to(device)
        for places in _places(len(packed.ids), rows, chance, device):
            yield ids[places].long(), learnt[places]
        epoch += 1


def taught_batches(
    taught: Sequence[Taught], rows: int, device: torch.device, seed: int
) -> Iterator[tuple[Tensor, ...]]:
    """Yield batches with what teachers say, without end, one pack after another."""
    chance, epoch = np.random.default_rng(seed), 0
    loaded = [
        (torch.from_numpy(each.rows.ids).to(device), torch.from_numpy(each.rows.learnt).to(device))
        for each in taught
    ]
    while True:
        pack, (ids, learnt) = taught[epoch % len(taught)], loaded[epoch % len(taught)]
        for places in _places(len(ids), rows, chance, device):
            yield ids[places].long(), learnt[places], pack.tokens[places], pack.shares[places]
        epoch += 1


def _places(count: int, rows: int, chance: np.random.Generator, device: torch.device) -> Iterator[Tensor]:
    order = torch.from_numpy(chance.permutation(count)).to(device)
    full = max(count - count % rows, rows if count >= rows else 0)
    if not full:
        order = order.repeat(math.ceil(rows / count))
        full = rows
    for start in range(0, full, rows):
        yield order[start : start + rows]


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
        ids = torch.from_numpy(rows.ids[start : start + size, :-1]).to(device).long()
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
