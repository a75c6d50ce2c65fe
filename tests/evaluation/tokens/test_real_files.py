"""The real files of large models, where a package that carries them is installed."""

import base64
import json
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calligram.evaluation.tokens.kinds import BYTES
from calligram.evaluation.tokens.measuring import spellings
from calligram.evaluation.tokens.opening import open_tokenizer
from calligram.evaluation.tokens.splitting import Tokenizer
from calligram.picture import get_layout, spell

SameTokens = Callable[[Tokenizer, Any, Sequence[str]], None]


def data_of(package: str, *place: str) -> Path:
    """Return a file that a package carries, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"the package {package}, which carries real tokenizers, is not installed")
    return Path(spec.submodule_search_locations[0], *place)


@pytest.fixture(scope="module")
def pictures() -> list[str]:
    """Return a picture of noise and one of a bar in every spelling."""
    texts = []
    for layout in spellings(get_layout("classic")):
        noise = np.random.default_rng(5).integers(0, layout.level_count, (11, 20)).astype(np.uint8)
        bar = np.where((np.arange(20) // 3) % 2, layout.level_count - 1, 0) * np.ones((11, 1), int)
        texts += [spell(levels, layout) for levels in (noise, bar.astype(np.uint8))]
    return texts


@pytest.mark.parametrize("name", ["tokenizer.model.v1", "mistral_instruct_tokenizer_240323.model.v3"])
def test_mistrals_sentencepiece_is_right_to_the_token(
    name: str,
    same_tokens: SameTokens,
    sentencepiece_as_tokenizers: Callable[[Path], Any],
    pictures: list[str],
) -> None:
    path = data_of("mistral_common", "data", name)
    same_tokens(open_tokenizer(str(path)), sentencepiece_as_tokenizers(path), pictures)


def test_mistrals_ranks_are_right_to_the_token(same_tokens: SameTokens, pictures: list[str]) -> None:
    path = data_of("mistral_common", "data", "tekken_240911.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    count = told["config"]["default_vocab_size"] - told["config"]["default_num_special_tokens"]
    ranks = {base64.b64decode(each["token_bytes"]): each["rank"] for each in told["vocab"][:count]}
    reference = ranks_as_tokenizers(ranks, told["config"]["pattern"])
    same_tokens(open_tokenizer(str(path)), reference, pictures)


def test_gpt2s_ranks_are_right_to_the_token(same_tokens: SameTokens, pictures: list[str]) -> None:
    path = data_of("whisper", "assets", "gpt2.tiktoken")
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    ranks = {base64.b64decode(token): int(rank) for token, rank in lines}
    same_tokens(open_tokenizer(str(path)), ranks_as_tokenizers(ranks, None), pictures)


def ranks_as_tokenizers(ranks: dict[bytes, int], pattern: str | None) -> Any:
    """Return byte pairs by rank as ``tokenizers`` runs them: as merges, in the order of the ranks.

    Args:
        ranks: each token's bytes and rank.
        pattern: how text is cut first; None cuts as GPT-2 does.
    """
    tokenizers = pytest.importorskip("tokenizers")
    shown = {byte: sign for sign, byte in BYTES.items()}
    vocabulary = {"".join(shown[byte] for byte in token): rank for token, rank in ranks.items()}
    merges = []
    for token, rank in ranks.items():
        pairs = [(token[:cut], token[cut:]) for cut in range(1, len(token))]
        known = [
            (ranks[one], ranks[other], pair)
            for pair in pairs
            for one, other in [pair]
            if {one, other} <= ranks.keys()
        ]
        merges += [(rank, first, second, pair) for first, second, pair in known]
    spelled = [tuple("".join(shown[byte] for byte in part) for part in pair) for *_, pair in sorted(merges)]
    made = tokenizers.Tokenizer(tokenizers.models.BPE(vocabulary, spelled))
    byte_level = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=pattern is None)
    made.pre_tokenizer = byte_level
    if pattern is not None:
        split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated")
        made.pre_tokenizer = tokenizers.pre_tokenizers.Sequence([split, byte_level])
    made.decoder = tokenizers.decoders.ByteLevel()
    return made
