"""The bytes of a Hugging Face tokenizer's tokens, so that text can be put together token by token."""

import json
import re
from functools import cache
from typing import Any

BYTE_TOKEN = re.compile(r"<0x([0-9A-F]{2})>")
SPACE_MARK = "\u2581"
"""What SentencePiece writes for a space."""


def token_bytes(tokenizer: Any) -> list[bytes]:
    """Return each token's bytes by its number; special tokens have none.

    Args:
        tokenizer: as ``transformers.AutoTokenizer`` gives it.
    """
    byte_level, marks_spaces = _spelling_of(tokenizer)
    special = set(tokenizer.all_special_ids)
    added = tokenizer.added_tokens_decoder
    found = []
    for number in range(_size(tokenizer)):
        token = tokenizer.convert_ids_to_tokens(number)
        if number in special or token is None:
            found.append(b"")
        elif match := BYTE_TOKEN.fullmatch(token):
            found.append(bytes.fromhex(match[1]))
        elif number in added:
            found.append(b"" if added[number].special else str(added[number].content).encode())
        elif byte_level:
            found.append(bytes(_bytes_of_letters()[letter] for letter in token))
        else:
            found.append((token.replace(SPACE_MARK, " ") if marks_spaces else token).encode())
    return found


def _size(tokenizer: Any) -> int:
    """Return how many numbers of tokens there are; some of them may have no token."""
    return max(len(tokenizer), 1 + max(tokenizer.get_vocab().values(), default=-1))


def _spelling_of(tokenizer: Any) -> tuple[bool, bool]:
    """Return whether tokens are spelled byte by byte, and whether spaces have a mark of their own."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        return False, True
    told = json.loads(backend.to_str())
    parts = json.dumps([told.get("decoder"), told.get("pre_tokenizer"), told.get("normalizer")])
    return '"ByteLevel"' in json.dumps(told.get("decoder")), SPACE_MARK in json.loads(f"[{parts}]").__repr__()


@cache
def _bytes_of_letters() -> dict[str, int]:
    """Return the byte that each letter stands for in byte-level vocabularies.

    Printable bytes stand for themselves, the others for letters from U+0100 on. Source: GPT-2's encoder.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = {chr(byte): byte for byte in printable}
    return letters | {chr(0x100 + place): byte for place, byte in enumerate(others)}
