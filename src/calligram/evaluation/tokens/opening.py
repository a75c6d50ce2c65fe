"""Opens a tokenizer from whatever a model comes with; the kind is told by the content, not by the name."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from calligram.errors import MissingExtraError, ModelError
from calligram.evaluation.tokens.kinds import (
    BuiltinTokenizer,
    HuggingFaceTokenizer,
    RanksTokenizer,
    SentencePieceTokenizer,
)
from calligram.evaluation.tokens.splitting import Tokenizer
from calligram.nano.folder import SHIPPED, TOKENIZER
from calligram.nano.vocabulary import Vocabulary

WANTED = (
    "give a tokenizer.json, a SentencePiece tokenizer.model, a .tiktoken file, a folder that has one of them "
    "or vocab.json and merges.txt, hf:ORG/NAME, or builtin"
)

SINGLE_FILES = ("tokenizer.json", "tokenizer.model", "tekken.json")
"""What a model's folder holds its tokenizer in, the most exact first."""

PAIRS = (("vocab.json", "merges.txt"), ("encoder.json", "vocab.bpe"))
"""Byte-level BPE as two files, by the names of ``transformers`` and of GPT-2's own publication."""

EXTRAS = {"tokenizers": "tokens", "tiktoken": "tokens", "transformers": "hf"}
"""The extra that brings each package."""

_GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_CL100K = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
PATTERNS: Mapping[int, tuple[str, str]] = {
    50256: ("GPT-2", _GPT2),
    50257: ("Whisper", _GPT2),
    50280: ("p50k", _GPT2),
    100256: ("cl100k", _CL100K),
    128000: ("Llama 3", _CL100K),
    151643: ("Qwen", _CL100K.replace(r"\p{N}{1,3}", r"\p{N}")),
    199998: ("o200k", _O200K),
}
"""Number of ranks -> whose they are, and how that model cuts text first, which a file of ranks does not say.

Source: ``tiktoken_ext/openai_public.py`` (MIT), and the tokenizers published with Llama 3, Qwen and Whisper.
"""


def open_tokenizer(spelling: str) -> Tokenizer:
    """Return a tokenizer.

    Args:
        spelling: ``builtin`` or ``builtin:FOLDER``, ``hf:ORG/NAME``, a folder, or a file: ``tokenizer.json``,
            a SentencePiece model, ranks (``.tiktoken``, ``tekken.json``, or JSON with ``pat_str``).

    Raises:
        ModelError: there is none, or it cannot be used.
        MissingExtraError: the package for this kind is not installed.
    """
    name, _, rest = spelling.partition(":")
    if name == "builtin":
        folder = Path(rest) if rest else SHIPPED
        return BuiltinTokenizer(spelling, Vocabulary.load(folder / TOKENIZER))
    if name == "hf":
        return _open_hub(spelling, rest)
    path = Path(spelling)
    if path.is_dir():
        return _open_folder(spelling, path)
    if not path.is_file():
        raise ModelError(f"there is no file or folder {spelling!r}: {WANTED}")
    return _open_file(spelling, path)


def _open_folder(spelling: str, folder: Path) -> Tokenizer:
    for name in SINGLE_FILES:
        if (folder / name).is_file():
            return _open_file(spelling, folder / name)
    for vocabulary, merges in PAIRS:
        if (folder / vocabulary).is_file() and (folder / merges).is_file():
            return _open_pair(spelling, folder / vocabulary, folder / merges)
    ranks = sorted(folder.glob("*.tiktoken"))
    if len(ranks) == 1:
        return _open_file(spelling, ranks[0])
    found = f"{len(ranks)} files of ranks" if ranks else "no tokenizer"
    raise ModelError(f"the folder {spelling} holds {found}: {WANTED}")


def _open_file(spelling: str, path: Path) -> Tokenizer:
    """Return the tokenizer of a file, whose first bytes tell its kind."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise ModelError(f"{path} cannot be read ({fault.strerror}): {WANTED}") from fault
    if content.lstrip()[:1] == b"{":
        return _open_json(spelling, path, content)
    if re.match(rb"[A-Za-z0-9+/]+=* \d+\r?\n", content):
        return _open_ranks(spelling, _read_ranks(path, content), None)
    if content[:1] == b"\x0a":
        return _open_sentencepiece(spelling, path, content)
    raise ModelError(f"{path} is no tokenizer of a known kind: {WANTED}")


def _open_json(spelling: str, path: Path, content: bytes) -> Tokenizer:
    try:
        told = json.loads(content)
    except ValueError as fault:
        raise ModelError(f"{path} is no valid JSON ({fault}): copy it again") from fault
    if "model" in told:
        return _open_tokenizers(spelling, content)
    if "bpe_ranks" in told and "pat_str" in told:
        return _open_ranks(spelling, _unpack_ranks(path, told["bpe_ranks"]), told["pat_str"])
    if isinstance(told.get("vocab"), list) and "pattern" in told.get("config", {}):
        return _open_ranks(spelling, _tekken_ranks(path, told), told["config"]["pattern"])
    raise ModelError(
        f"{path} is JSON, but no whole tokenizer (it begins with the keys {', '.join(list(told)[:3])}): "
        "a vocabulary alone does not say how text is cut; give the folder that has its merges too"
    )


def _open_tokenizers(spelling: str, content: bytes) -> Tokenizer:
    tokenizers = _import("tokenizers", spelling)
    try:
        return HuggingFaceTokenizer(spelling, tokenizers.Tokenizer.from_str(content.decode("utf-8")))
    except Exception as fault:  # the package raises bare Exception
        raise _unusable(spelling, "tokenizers", fault) from fault


def _open_pair(spelling: str, vocabulary: Path, merges: Path) -> Tokenizer:
    """Return GPT-2's form: byte-level BPE without a blank put before the text."""
    tokenizers = _import("tokenizers", spelling)
    try:
        loaded = tokenizers.Tokenizer(tokenizers.models.BPE.from_file(str(vocabulary), str(merges)))
    except Exception as fault:  # the package raises bare Exception
        raise _unusable(spelling, "tokenizers", fault) from fault
    loaded.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    loaded.decoder = tokenizers.decoders.ByteLevel()
    return HuggingFaceTokenizer(spelling, loaded)


def _open_sentencepiece(spelling: str, path: Path, content: bytes) -> Tokenizer:
    import sentencepiece

    loaded = sentencepiece.SentencePieceProcessor()
    try:
        loaded.load_from_serialized_proto(content)
    except Exception as fault:  # the package raises RuntimeError, or aborts with others
        raise _unusable(str(path), "sentencepiece", fault) from fault
    return SentencePieceTokenizer(spelling, loaded)


def _open_ranks(spelling: str, ranks: dict[bytes, int], pattern: str | None) -> Tokenizer:
    tiktoken = _import("tiktoken", spelling)
    if pattern is None:
        if len(ranks) not in PATTERNS:
            known = ", ".join(f"{name} ({count:,})" for count, (name, _) in PATTERNS.items())
            raise ModelError(
                f"{spelling} holds {len(ranks):,} ranks, but not how text is cut before they apply, which is "
                f"known for {known}: give the model's tokenizer.json, or JSON with pat_str and bpe_ranks"
            )
        pattern = PATTERNS[len(ranks)][1]
    try:
        return RanksTokenizer(
            spelling, tiktoken.Encoding(spelling, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        )
    except Exception as fault:  # the package raises ValueError, or panics with others
        raise _unusable(spelling, "tiktoken", fault) from fault


def _read_ranks(path: Path, content: bytes) -> dict[bytes, int]:
    try:
        pairs = (line.split() for line in content.splitlines() if line)
        return {base64.b64decode(token, validate=True): int(rank) for token, rank in pairs}
    except (ValueError, binascii.Error) as fault:
        raise ModelError(f"{path} is a damaged file of ranks ({fault}): copy it again") from fault


def _unpack_ranks(path: Path, packed: Any) -> dict[bytes, int]:
    """Return ranks as JavaScript's tiktoken packs them: in each line a mark, the first rank, and tokens."""
    try:
        ranks: dict[bytes, int] = {}
        for line in packed.split("\n"):
            _, first, *tokens = line.split(" ")
            ranks |= {base64.b64decode(token): int(first) + place for place, token in enumerate(tokens)}
        return ranks
    except (AttributeError, ValueError) as fault:
        raise ModelError(f"the bpe_ranks of {path} are damaged ({fault}): copy it again") from fault


def _tekken_ranks(path: Path, told: Mapping[str, Any]) -> dict[bytes, int]:
    """Return the ranks of Mistral's ``tekken.json``, of which only so many count as its size allows."""
    try:
        count = told["config"]["default_vocab_size"] - told["config"]["default_num_special_tokens"]
        return {base64.b64decode(entry["token_bytes"]): entry["rank"] for entry in told["vocab"][:count]}
    except (KeyError, TypeError, ValueError) as fault:
        raise ModelError(f"the ranks of {path} are damaged ({fault!r}): copy it again") from fault


def _open_hub(spelling: str, name: str) -> Tokenizer:
    transformers = _import("transformers", spelling)
    try:
        loaded = transformers.AutoTokenizer.from_pretrained(name)
    except Exception as fault:  # as many kinds as there are tokenizers
        raise _unusable(spelling, "transformers", fault) from fault
    if not getattr(loaded, "is_fast", False):
        raise ModelError(
            f"the tokenizer {spelling} runs in Python alone ({type(loaded).__name__}): "
            "give its tokenizer.model file, or a folder with its tokenizer.json"
        )
    return HuggingFaceTokenizer(spelling, loaded.backend_tokenizer)


def _unusable(spelling: str, package: str, fault: Exception) -> ModelError:
    told = next(iter(str(fault).splitlines()), type(fault).__name__)
    return ModelError(f"{spelling} cannot be used as a tokenizer ({package} says: {told}): {WANTED}")


def _import(package: str, spelling: str) -> Any:
    try:
        return import_module(package)
    except ImportError as fault:
        raise MissingExtraError(package, EXTRAS[package], f"the tokenizer {spelling}") from fault
