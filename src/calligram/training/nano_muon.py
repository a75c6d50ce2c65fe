"""Muon, the optimizer of the matrices inside the layers."""

from collections.abc import Callable, Iterable
from itertools import groupby

import torch
from torch import Tensor

MOMENTUM = 0.95
STEPS = 5
COEFFICIENTS = (3.4445, -4.775, 2.0315)
"""Of Jordan's quintic, whose slope at nought is steep: five steps bring all singular values near one."""


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal, in float32 and for all matrices of one shape together.

    It differs from ``torch.optim.Muon`` in its numbers alone: that one computes in bfloat16, which a
    processor without it only imitates, so that a step takes ten times as long there.

    Args:
        matrices: the weights, each of two dimensions.
        lr: learning rate, scaled for each shape so that an update is as large as one of AdamW.
        weight_decay: share of a weight that is taken away, times the rate.

    Source: K. Jordan et al., Muon, 2024; the scale is that of J. Liu et al., Muon is scalable for LLM
        training, 2025.
    """

    def __init__(self, matrices: Iterable[Tensor], lr: float, weight_decay: float) -> None:
        super().__init__(matrices, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Change the weights by their gradients."""
        assert closure is None
        for group in self.param_groups:
            moved = [weight for weight in group["params"] if weight.grad is not None]
            shapes = groupby(
                sorted(moved, key=lambda weight: tuple(weight.shape)), lambda weight: weight.shape
            )
            for shape, same in shapes:
                weights = list(same)
                updates = make_orthogonal(torch.stack([self._momentum(weight) for weight in weights]))
                rate = group["lr"] * 0.2 * max(shape) ** 0.5
                for weight, update in zip(weights, updates, strict=True):
                    weight.mul_(1 - group["lr"] * group["weight_decay"]).sub_(update, alpha=rate)

    def _momentum(self, weight: Tensor) -> Tensor:
        assert weight.grad is not None
        state = self.state[weight]
        if not state:
            state["momentum"] = torch.zeros_like(weight)
        kept: Tensor = state["momentum"].lerp_(weight.grad, 1 - MOMENTUM)
        return weight.grad.lerp(kept, MOMENTUM)


def make_orthogonal(matrices: Tensor) -> Tensor:
    """Return matrices (N, rows, columns) with the same directions and singular values between 0.7 and 1.2."""
    tall = matrices.shape[1] > matrices.shape[2]
    made: Tensor = matrices.mT if tall else matrices
    made = made / made.flatten(1).norm(dim=1).clamp(min=1e-7)[:, None, None]
    a, b, c = COEFFICIENTS
    for _ in range(STEPS):
        square = made @ made.mT
        made = a * made + (b * square + c * square @ square) @ made
    return made.mT if tall else made
