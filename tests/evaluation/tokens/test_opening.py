"""Every kind of tokenizer, to the token, against the library it comes from or another that reads the same."""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calligram.errors import MissingExtraError, ModelError
from calligram.evaluation.tokens.opening import open_tokenizer
from calligram.evaluation.tokens.splitting import Tokenizer
from calligram.nano.folder import SHIPPED, TOKENIZER

SameTokens = Callable[[Tokenizer, Any, list[str]], None]

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def joined(tokenizer: Tokenizer, text: str) -> bytes:
    return b"".join(tokenizer.content(token) or b"" for token in tokenizer.encode(text))


def test_byte_level_bpe_is_right_to_the_token(
    byte_level: Any, texts: list[str], same_tokens: SameTokens
) -> None:
    for place in (byte_level.folder, byte_level.folder / "tokenizer.json", byte_level.folder / "pair"):
        tokenizer = open_tokenizer(str(place))
        assert (tokenizer.kind, tokenizer.size) == ("byte-level BPE", 330)
        same_tokens(tokenizer, byte_level.loaded, texts)
        assert all(joined(tokenizer, text) == text.encode() for text in texts)


def test_ours_is_right_to_the_token(texts: list[str], same_tokens: SameTokens) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    reference = tokenizers.Tokenizer.from_file(str(SHIPPED / TOKENIZER))
    ours, read_as_any_other = open_tokenizer("builtin"), open_tokenizer(str(SHIPPED))
    assert (ours.kind, read_as_any_other.kind) == ("built-in", "BPE")
    for tokenizer in (ours, read_as_any_other):
        same_tokens(tokenizer, reference, texts)
        assert all(joined(tokenizer, text) == text.encode() for text in texts)


def test_sentencepiece_is_right_to_the_token(
    sentencepiece_file: Path,
    sentencepiece_as_tokenizers: Callable[[Path], Any],
    texts: list[str],
    same_tokens: SameTokens,
) -> None:
    tokenizer = open_tokenizer(str(sentencepiece_file))
    assert tokenizer.kind == "SentencePiece"
    same_tokens(tokenizer, sentencepiece_as_tokenizers(sentencepiece_file), texts)


def test_ranks_are_right_to_the_token(
    byte_level: Any,
    packed_ranks: str,
    ranks: dict[bytes, int],
    texts: list[str],
    tmp_path: Path,
    same_tokens: SameTokens,
) -> None:
    lines = [line.split() for line in packed_ranks.splitlines()]
    packed = "\n".join(f"! {rank} {token}" for token, rank in lines)
    (tmp_path / "ranks.json").write_text(json.dumps({"pat_str": GPT2, "bpe_ranks": packed}), encoding="utf-8")
    vocabulary = [{"rank": int(rank), "token_bytes": token} for token, rank in lines]
    config = {"pattern": GPT2, "default_vocab_size": len(ranks) + 9, "default_num_special_tokens": 9}
    beyond = [{"rank": len(ranks), "token_bytes": "IkFCQyI="}]
    told = {"config": config, "vocab": vocabulary + beyond}
    (tmp_path / "tekken.json").write_text(json.dumps(told), encoding="utf-8")
    for name in ("ranks.json", "tekken.json"):
        tokenizer = open_tokenizer(str(tmp_path / name))
        assert (tokenizer.kind, tokenizer.size) == ("byte pairs by rank", len(ranks))
        same_tokens(tokenizer, byte_level.loaded, texts)
        assert all(joined(tokenizer, text) == text.encode() for text in texts)


def test_a_file_of_ranks_takes_its_pattern_from_its_length(
    packed_ranks: str, tmp_path: Path, byte_level: Any, texts: list[str], same_tokens: SameTokens
) -> None:
    whole = ranks_of_length(packed_ranks, 50256)
    (tmp_path / "gpt2.tiktoken").write_text(whole, encoding="ascii")
    same_tokens(open_tokenizer(str(tmp_path)), byte_level.loaded, texts)
    (tmp_path / "gpt2.tiktoken").write_text(packed_ranks, encoding="ascii")
    with pytest.raises(ModelError, match=r"holds 330 ranks, but not how text is cut.*cl100k \(100,256\)"):
        open_tokenizer(str(tmp_path))


def ranks_of_length(packed: str, count: int) -> str:
    """Return ranks filled up with tokens that no merge reaches."""
    lines = packed.splitlines()
    unreachable = (b"\xff\xfe" + number.to_bytes(3, "big") for number in range(count - len(lines)))
    lines += [
        f"{base64.b64encode(token).decode()} {rank}" for rank, token in enumerate(unreachable, len(lines))
    ]
    return "\n".join(lines)


def test_truncation_padding_and_special_tokens_of_a_file_do_not_count(
    byte_level: Any, tmp_path: Path, same_tokens: SameTokens
) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    changed = tokenizers.Tokenizer.from_file(str(byte_level.folder / "tokenizer.json"))
    changed.enable_truncation(3)
    changed.enable_padding(length=40)
    changed.add_special_tokens(["<s>"])
    changed.post_processor = tokenizers.processors.TemplateProcessing("<s> $A", special_tokens=[("<s>", 330)])
    changed.save(str(tmp_path / "tokenizer.json"))
    text = "a picture of ▓█"
    assert len(changed.encode(text).ids) == 40
    same_tokens(open_tokenizer(str(tmp_path)), byte_level.loaded, [text])


def test_a_folder_is_opened_as_transformers_opens_it(
    byte_level: Any, texts: list[str], tmp_path: Path, same_tokens: SameTokens
) -> None:
    transformers = pytest.importorskip("transformers")
    transformers.PreTrainedTokenizerFast(tokenizer_object=byte_level.loaded).save_pretrained(tmp_path)
    same_tokens(open_tokenizer(f"hf:{tmp_path}"), byte_level.loaded, texts)


def test_a_name_that_the_hub_cannot_give_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("transformers")
    constants = pytest.importorskip("huggingface_hub").constants
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="hf:nobody/nothing cannot be used as a tokenizer"):
        open_tokenizer("hf:nobody/nothing")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.txt", b"a picture\n", "is no tokenizer of a known kind"),
        ("empty.model", b"", "is no tokenizer of a known kind"),
        ("broken.json", b"{", "is no valid JSON"),
        ("list.json", b'{"a": 1}', r"no whole tokenizer \(it begins with the keys a\)"),
        ("vocab.json", b'{"!": 0, "a": 1}', "give the folder that has its merges too"),
        ("model.json", b'{"model": 3}', "cannot be used as a tokenizer .tokenizers says"),
        ("ranks.tiktoken", b"IQ== 0\nI!== 1\n", "is a damaged file of ranks"),
        ("ranks.json", b'{"pat_str": ".", "bpe_ranks": 3}', "the bpe_ranks of .* are damaged"),
        ("tekken.json", b'{"config": {"pattern": "."}, "vocab": []}', "the ranks of .* are damaged"),
        ("cut.model", b"\x0a\x0e\x0a", "cannot be used as a tokenizer .sentencepiece says"),
    ],
)
def test_a_file_that_is_no_tokenizer_is_refused(
    name: str, content: bytes, sentence: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("tokenizers")
    pytest.importorskip("sentencepiece")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=sentence):
        open_tokenizer(str(tmp_path / name))


def test_a_missing_place_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no file or folder .*nowhere.*give a tokenizer\.json"):
        open_tokenizer(str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match=r"the folder .* holds no tokenizer: give a tokenizer\.json"):
        open_tokenizer(str(tmp_path))
    for name in ("a.tiktoken", "b.tiktoken"):
        (tmp_path / name).touch()
    with pytest.raises(ModelError, match="holds 2 files of ranks"):
        open_tokenizer(str(tmp_path))


@pytest.mark.parametrize("package", ["tokenizers", "tiktoken", "transformers"])
def test_a_missing_package_is_named_with_its_extra(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "tokenizers": b'{"model": {}}',
        "tiktoken": b'{"pat_str": ".", "bpe_ranks": "! 0 IQ=="}',
    }
    monkeypatch.setitem(sys.modules, package, None)  # what Python does for a package that is not there
    (tmp_path / "file").write_bytes(files.get(package, b""))
    spelling = "hf:a/b" if package == "transformers" else str(tmp_path / "file")
    extra = "hf" if package == "transformers" else "tokens"
    with pytest.raises(MissingExtraError, match=rf"{package}.*pip install 'calligram\[{extra}\]'"):
        open_tokenizer(spelling)
