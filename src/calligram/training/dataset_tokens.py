"""Counts the tokens of text pictures, with the built-in vocabulary or any tokenizer."""

from collections.abc import Callable
from pathlib import Path

import calligram.nano
from calligram.errors import MissingExtraError, ModelError
from calligram.nano.vocabulary import Vocabulary

Count = Callable[[str], int]


def open_counter(tokenizer: str) -> tuple[str, Count] | None:
    """Return a tokenizer's name and a function that counts the tokens of a text.

    Args:
        tokenizer: a ``tokenizer.json``, a folder that has one, a name on the Hugging Face hub, or empty for
            the built-in model's vocabulary.

    Returns:
        None where the built-in vocabulary is wanted, but this installation carries none.

    Raises:
        MissingExtraError: the package tokenizers is not installed.
        ModelError: there is no such tokenizer.
    """
    if not tokenizer:
        found = sorted(Path(calligram.nano.__path__[0]).rglob("tokenizer.json"))
        if not found:
            return None
        vocabulary = Vocabulary.load(found[0])
        return "builtin", lambda text: len(vocabulary.encode(text))
    try:
        from tokenizers import Tokenizer
    except ImportError as fault:
        raise MissingExtraError("tokenizers", "train", f"the tokenizer {tokenizer}") from fault
    path = Path(tokenizer) / "tokenizer.json" if Path(tokenizer).is_dir() else Path(tokenizer)
    try:
        loaded = Tokenizer.from_file(str(path)) if path.is_file() else Tokenizer.from_pretrained(tokenizer)
    except Exception as fault:  # the package raises bare Exception
        raise ModelError(
            f"the tokenizer {tokenizer} cannot be loaded: {str(fault).splitlines()[0]}: "
            "give a tokenizer.json, a folder that has one, or a name on the Hugging Face hub"
        ) from fault
    return tokenizer, lambda text: len(loaded.encode(text, add_special_tokens=False).ids)
