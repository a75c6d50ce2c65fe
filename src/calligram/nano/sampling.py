"""How the next token is chosen: the options, the rules that narrow the choice, and the draw itself.

The rules apply in the order repetition penalty, temperature, top-k, top-p, min-p, as in ``transformers``.
Guidance works on the scores before them. Each sequence has random numbers of its own, so that it comes out
the same whatever it is made beside.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from calligram.settings import option

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Real = TypeVar("Real", npt.NDArray[np.float32], npt.NDArray[np.float64])


@dataclass(frozen=True)
class SamplingOptions:
    """How a model chooses among the next tokens while it draws or writes."""

    temperature: float = option(
        1.0, "sampling temperature; 0 always takes the likeliest", minimum=0, maximum=10
    )
    top_k: int = option(0, "sample among the likeliest so many tokens; 0 is all", minimum=0)
    top_p: float = option(
        1.0, "sample among the likeliest tokens that reach this share", minimum=0, maximum=1
    )
    min_p: float = option(
        0.0, "leave out tokens below this share of the likeliest one's probability", minimum=0, maximum=1
    )
    repetition_penalty: float = option(
        1.0, "divide the scores of tokens already used by this; 1 is none", minimum=0.1, maximum=10
    )
    guidance: float | None = option(
        None,
        "how far drawings follow the request: 1 as the model would, above 1 further; none: its usual",
        minimum=0,
        maximum=10,
    )
    beams: int = option(
        1, "follow so many drawings at once and keep the likeliest; 1 samples", minimum=1, maximum=64
    )
    seed: int | None = option(
        None, "seed of the first drawing, each next one adds 1; fresh where not given", minimum=0
    )

    def seeded(self) -> "SamplingOptions":
        """Return these options with a seed: the given one, or a fresh one where there is none."""
        return self if self.seed is not None else replace(self, seed=secrets.randbelow(2**31))


def uniforms(seeds: Sequence[int], steps: int) -> npt.NDArray[np.float64]:
    """Return random numbers from 0 to 1, ``(seeds, steps)``; each row follows from its seed alone."""
    return np.stack([np.random.default_rng(seed).random(steps) for seed in seeds])


def choose(
    logits: Floats, options: SamplingOptions, chance: npt.NDArray[np.float64], used: Floats | None
) -> Ids:
    """Return one choice for each sequence, ``(N,)``, as places in the rows of ``logits``.

    Args:
        logits: scores of the allowed tokens, ``(N, K)``.
        options: the rules.
        chance: one random number from 0 to 1 for each sequence, ``(N,)``.
        used: ``(N, K)``, above 0 where a sequence holds the token already; None where no penalty is wanted.
    """
    logits = penalise(logits, used, options.repetition_penalty)
    if options.temperature == 0:
        return np.asarray(logits.argmax(1), np.int64)
    reached = np.cumsum(probabilities(logits, options), axis=1, dtype=np.float64)
    return np.array([_pick(row, share) for row, share in zip(reached, chance, strict=True)], np.int64)


def _pick(reached: npt.NDArray[np.float64], share: float) -> int:
    """Return the place at which growing sums reach a share of the last of them."""
    place = reached.searchsorted(share * reached[-1], side="right")
    # never behind the last place with any probability, should rounding push the share up to the whole
    return int(min(place, reached.searchsorted(reached[-1], side="left")))


def penalise(logits: Floats, used: Floats | None, penalty: float) -> Floats:
    """Return the scores with those of used tokens made smaller (Keskar et al. 2019)."""
    if used is None or penalty == 1:
        return logits
    return np.where(used > 0, np.where(logits > 0, logits / penalty, logits * penalty), logits)


def probabilities(logits: Floats, options: SamplingOptions) -> Floats:
    """Return the probabilities to sample from, ``(N, K)``, at a temperature above 0."""
    kept = logits / np.float32(options.temperature)
    if 0 < options.top_k < kept.shape[1]:
        least = np.partition(kept, -options.top_k, axis=1)[:, -options.top_k, None]
        kept = np.where(kept < least, -np.inf, kept)
    if options.top_p < 1:
        kept = _keep_top_p(kept, options.top_p)
    if options.min_p > 0:
        shares = softmax(kept)
        kept = np.where(shares < options.min_p * shares.max(1, keepdims=True), -np.inf, kept)
    return softmax(kept)


def _keep_top_p(logits: Floats, top_p: float) -> Floats:
    left = int(np.isfinite(logits).sum(1).max())
    # what top-k left out needs no sorting; places in order, so that of equals the first comes first
    best = np.sort(np.argpartition(-logits, left - 1, axis=1)[:, :left], axis=1)
    out = np.full_like(logits, -np.inf)
    np.put_along_axis(out, best, _cut_top_p(np.take_along_axis(logits, best, axis=1), top_p), axis=1)
    return out


def _cut_top_p(logits: Floats, top_p: float) -> Floats:
    order = np.argsort(-logits, axis=1, kind="stable")
    shares = np.take_along_axis(softmax(logits), order, axis=1)
    before = np.cumsum(shares, axis=1) - shares
    dropped = before >= top_p
    dropped[:, 0] = False  # the likeliest always stays
    out = np.zeros_like(dropped)
    np.put_along_axis(out, order, dropped, axis=1)
    return np.where(out, -np.inf, logits)


def softmax(logits: Real) -> Real:
    """Return probabilities of each row, of the given precision; a score of minus infinity has none."""
    powers: Real = logits - logits.max(1, keepdims=True)
    np.exp(powers, out=powers)
    powers /= powers.sum(1, keepdims=True)
    return powers


def log_softmax(logits: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return natural log-probabilities over the last axis, float64."""
    shifted = logits - logits.max(-1, keepdims=True)
    sums = np.exp(shifted).sum(-1, keepdims=True, dtype=np.float64)
    logs: npt.NDArray[np.float64] = shifted - np.log(sums)
    return logs
