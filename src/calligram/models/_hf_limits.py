"""Limits of a Hugging Face model: how long a text it reads, and what to say where its memory does not do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from calligram.devices import is_of_memory
from calligram.errors import ModelError

LENGTHS = (
    "max_position_embeddings",
    "n_positions",
    "max_sequence_length",
    "seq_length",
    "max_seq_len",
    "n_ctx",
)
"""What configurations call the longest text."""

WITHOUT_LIMIT = 1 << 17
"""Tokens at most for a model that tells no limit, as recurrent ones."""


def longest_text(config: Any, tokenizer: Any) -> int:
    """Return the longest text in tokens, from a network's configuration or else its tokenizer."""
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    for name in LENGTHS:
        if isinstance(found := getattr(text, name, None), int) and found > 0:
            return found
    return min(int(tokenizer.model_max_length), WITHOUT_LIMIT)


def check_cache(network: Any, name: str) -> None:
    """Raise ModelError where a network keeps nothing of what it read that others could go on from."""
    if getattr(network, "_is_stateful", False):
        raise ModelError(
            f"{name} is a {type(network).__name__}, which keeps no keys and values of what it read: "
            "take a transformer, as hf:openai-community/gpt2"
        )


@contextmanager
def memory_told(torch: Any, name: str, device: Any, batch: int) -> Iterator[None]:
    """Tell in one sentence where the memory is too small for what is done in a block.

    Raises:
        ModelError: it is.
    """
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as fault:
        if not is_of_memory(torch, fault):
            raise
        smaller = (
            f"lower batch, as {name}?batch={max(1, batch // 4)}" if batch > 1 else "take a smaller model"
        )
        raise ModelError(
            f"{name} has run out of memory on {device} with batch={batch}: {smaller}, or ?dtype=bfloat16"
        ) from fault
