"""Writing with ``transformers``: one text by a search along several beams, which are sampled."""

import threading
from collections.abc import Sequence
from typing import Any

import torch

from calligram.models.base import SamplingOptions

_LOCK = threading.Lock()
"""The random numbers of ``generate`` are torch's own, which all threads share."""


def search_text(
    network: Any, given: Sequence[int], options: SamplingOptions, steps: int, ends: Sequence[int]
) -> list[int]:
    """Return the tokens of the best text of one search, the one that ends it included.

    Args:
        network: a causal model of ``transformers``.
        given: tokens of the opening, at least one.
        options: how to sample, with a seed; at temperature 0 the search samples nothing.
        steps: the most tokens.
        ends: tokens that end a text.

    Source: ``generate`` of transformers with ``num_beams`` and ``do_sample``.
    """
    ids = torch.tensor([list(given)], device=network.device)
    with _LOCK, torch.random.fork_rng(_cards(network)):
        torch.manual_seed(options.seed or 0)
        made = network.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=steps,
            num_beams=options.beams,
            num_return_sequences=1,
            repetition_penalty=options.repetition_penalty,
            eos_token_id=list(ends) or None,
            pad_token_id=ends[0] if ends else 0,
            **_sampling(options),
        )
    tokens: list[int] = made[0, len(given) :].tolist()
    whole = next((place for place, token in enumerate(tokens, 1) if token in ends), len(tokens))
    return tokens[:whole]


def _sampling(options: SamplingOptions) -> dict[str, Any]:
    if options.temperature == 0:
        return {"do_sample": False, "temperature": None, "top_k": None, "top_p": None, "min_p": None}
    return {
        "do_sample": True,
        "temperature": options.temperature,
        "top_k": options.top_k,
        "top_p": options.top_p,
        "min_p": options.min_p or None,
    }


def _cards(network: Any) -> list[Any]:
    return [network.device] if network.device.type == "cuda" else []
