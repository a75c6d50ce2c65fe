"""Tokens that are added to a model: which are wanting, how their rows begin, and how adapters train them."""

from collections.abc import Iterable, Sequence
from typing import Any


def wanting_tokens(tokenizer: Any, symbols: Iterable[str]) -> list[str]:
    """Return the symbols that a tokenizer does not have as one token, in their order.

    Args:
        tokenizer: of transformers. A byte-level one spells its tokens in letters of its own, so that a
            symbol is looked for by what it is cut into.
        symbols: texts that should be one token each.
    """
    known = set(tokenizer.get_vocab())
    return [symbol for symbol in symbols if symbol not in known and not _is_one_token(tokenizer, symbol)]


def _is_one_token(tokenizer: Any, symbol: str) -> bool:
    ids = tokenizer(symbol, add_special_tokens=False)["input_ids"]
    # what a tokenizer does not know at all may be one token too, the unknown one
    return len(ids) == 1 and tokenizer.decode(ids, clean_up_tokenization_spaces=False) == symbol


def begin_rows(network: Any, tokenizer: Any, added: Sequence[int]) -> None:
    """Make the tables of a model as long as its tokenizer; rows of added tokens begin as the mean of the old.

    Args:
        network: of transformers; a table may have had rows to spare, which nothing was learnt in.
        tokenizer: with the added tokens.
        added: their numbers.
    """
    import torch

    if len(tokenizer) > network.get_input_embeddings().weight.shape[0]:
        network.resize_token_embeddings(len(tokenizer), pad_to_multiple_of=None)
    if not added:
        return
    old = torch.ones(len(tokenizer), dtype=torch.bool)
    old[list(added)] = False
    with torch.no_grad():
        for layer in (network.get_input_embeddings(), network.get_output_embeddings()):
            for rows in (getattr(layer, "weight", None), getattr(layer, "bias", None)):
                if rows is not None:
                    rows[list(added)] = rows[: len(old)][old].float().mean(0).to(rows.dtype)


def trained_rows(network: Any, added: Sequence[int]) -> dict[str, Any]:
    """Return what makes adapters train the rows of added tokens, as arguments of ``peft.LoraConfig``.

    A table of its own for what is said needs them as well as the one for what is read. peft trains single
    rows of a layer without bias only, so that another is trained whole.
    """
    if not added:
        return {}
    read, said = network.get_input_embeddings(), network.get_output_embeddings()
    if said is None or said.weight is read.weight:
        return {"trainable_token_indices": list(added)}
    names = {id(module): name for name, module in network.named_modules()}
    if getattr(said, "bias", None) is not None:
        told: dict[str, Any] = {"trainable_token_indices": {names[id(read)]: list(added)}}
        return told | {"modules_to_save": [names[id(said)]]}
    return {"trainable_token_indices": {names[id(layer)]: list(added) for layer in (read, said)}}
