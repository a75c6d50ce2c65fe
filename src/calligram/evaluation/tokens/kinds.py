"""The kinds of tokenizers, each behind its own library: tokenizers, sentencepiece, tiktoken, and our own."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from calligram.evaluation.tokens.splitting import Span, Tokenizer
from calligram.nano.vocabulary import END, PAD, Vocabulary

_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")


class BuiltinTokenizer(Tokenizer):
    """The built-in model's vocabulary; needs no other package."""

    kind = "built-in"

    def __init__(self, name: str, vocabulary: Vocabulary) -> None:
        self.name, self.size, self._vocabulary = name, len(vocabulary), vocabulary

    def encode(self, text: str) -> Sequence[int]:
        return self._vocabulary.encode(text)

    def decode(self, ids: Sequence[int]) -> str:
        return self._vocabulary.decode(ids)

    def content(self, token: int) -> bytes:
        told = self._vocabulary.tokens[token]
        return b"" if told in (PAD, END) else _spelled(told)


class HuggingFaceTokenizer(Tokenizer):
    """A tokenizer of the package ``tokenizers``.

    Args:
        name: how it was asked for.
        loaded: a ``tokenizers.Tokenizer``; its truncation and padding are taken away.
    """

    def __init__(self, name: str, loaded: Any) -> None:
        loaded.no_truncation()
        loaded.no_padding()
        told = json.loads(loaded.to_str())
        parts = json.dumps([told["pre_tokenizer"], told["decoder"]])
        self.name, self.size, self._loaded = name, loaded.get_vocab_size(), loaded
        self._byte_level = '"ByteLevel"' in parts
        self.kind = f"byte-level {told['model']['type']}" if self._byte_level else str(told["model"]["type"])
        self._added: dict[int, str] = {entry["id"]: entry["content"] for entry in told["added_tokens"]}

    def encode(self, text: str) -> Sequence[int]:
        ids: list[int] = self._loaded.encode(text, add_special_tokens=False).ids
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        return str(self._loaded.decode(ids, skip_special_tokens=False))

    def content(self, token: int) -> bytes | None:
        told: str | None = self._loaded.id_to_token(token)
        if told is None:
            return None
        if token in self._added:
            return self._added[token].encode()
        if not self._byte_level:
            return _spelled(told.replace("▁", " "))
        if any(character not in BYTES for character in told):
            return None
        return bytes(BYTES[character] for character in told)

    def offsets(self, text: str) -> Sequence[Span]:
        spans: list[Span] = self._loaded.encode(text, add_special_tokens=False).offsets
        return spans


class SentencePieceTokenizer(Tokenizer):
    """A SentencePiece model of the package ``sentencepiece``.

    Args:
        name: how it was asked for.
        loaded: a ``sentencepiece.SentencePieceProcessor``.
    """

    kind = "SentencePiece"

    def __init__(self, name: str, loaded: Any) -> None:
        self.name, self.size, self._loaded = name, loaded.get_piece_size(), loaded

    def encode(self, text: str) -> Sequence[int]:
        ids: list[int] = self._loaded.encode(text)
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        return str(self._loaded.decode(list(ids)))

    def content(self, token: int) -> bytes | None:
        if self._loaded.is_unknown(token):
            return None
        return _spelled(self._loaded.id_to_piece(token).replace("▁", " "))

    def offsets(self, text: str) -> Sequence[Span]:
        # the library counts bytes
        places = [place for place, character in enumerate(text) for _ in character.encode()]
        places.append(len(text))
        pieces = self._loaded.encode(text, return_type="proto").pieces
        return [(places[piece.begin], places[piece.end]) for piece in pieces]


class RanksTokenizer(Tokenizer):
    """Byte pairs by rank, of the package ``tiktoken``.

    Args:
        name: how it was asked for.
        loaded: a ``tiktoken.Encoding``.
    """

    kind = "byte pairs by rank"

    def __init__(self, name: str, loaded: Any) -> None:
        self.name, self.size, self._loaded = name, loaded.n_vocab, loaded

    def encode(self, text: str) -> Sequence[int]:
        ids: list[int] = self._loaded.encode_ordinary(text)
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        return str(self._loaded.decode(ids))

    def content(self, token: int) -> bytes:
        return bytes(self._loaded.decode_single_token_bytes(token))


def _spelled(token: str) -> bytes:
    """Return the bytes of a token that is text, or ``<0x41>`` for a single byte."""
    byte = _BYTE.fullmatch(token)
    return bytes.fromhex(byte[1]) if byte else token.encode()


def _byte_characters() -> Mapping[str, int]:
    """Return the byte for each character of byte-level vocabularies.

    Source: ``bytes_to_unicode`` of GPT-2's published encoder (MIT): printing Latin-1 stands for itself, the
    other bytes for the characters from U+0100 on, in order.
    """
    printing = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printing]
    shown = {chr(byte): byte for byte in printing}
    return shown | {chr(0x100 + place): byte for place, byte in enumerate(others)}


BYTES = _byte_characters()
