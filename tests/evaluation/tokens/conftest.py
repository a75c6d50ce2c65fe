"""Small real tokenizers of each kind, made from text pictures and prose at run time."""

import base64
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from calligram.evaluation.tokens.kinds import BYTES
from calligram.evaluation.tokens.splitting import Tokenizer
from calligram.picture import Layout, get_layout, spell_batch

PROSE = "A text picture is a grid of cells, and a token is what a model reads at once. " * 4


def corpus() -> list[str]:
    """Return prose and spelled pictures of noise that thickens in the middle, the same each time."""
    rng = np.random.default_rng(3)
    ink = np.exp(-((np.arange(20) - 9.5) ** 2) / 20)
    levels = (rng.random((60, 11, 20)) < ink).astype(np.uint8) * rng.integers(1, 3, (60, 11, 20), np.uint8)
    layouts = [get_layout("classic"), Layout("digits", ramp="012", markup="plain")]
    return [PROSE, *(text for layout in layouts for text in spell_batch(levels, layout))]


class Trained(NamedTuple):
    """A tokenizer of the package ``tokenizers``, and the folder in which its files lie."""

    folder: Path
    loaded: Any


@pytest.fixture(scope="session")
def texts() -> list[str]:
    """Return texts to cut: pictures in every markup, prose, and what is awkward."""
    awkward = ["", " ", "\n", "  a  b \n", "é▓█ ▓", "<|endoftext|> 0123456789", "a-c\tx\r\n"]
    return [*corpus()[::7], *awkward, "a b c\n a a a\n", "10|▓ █|\n"]


@pytest.fixture(scope="session")
def byte_level(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Return byte-level BPE, saved as ``tokenizer.json``, and beside it as vocabulary and merges."""
    tokenizers = pytest.importorskip("tokenizers")
    loaded = tokenizers.Tokenizer(tokenizers.models.BPE())
    loaded.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    loaded.decoder = tokenizers.decoders.ByteLevel()
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=330, initial_alphabet=alphabet, show_progress=False)
    loaded.train_from_iterator(corpus(), trainer)
    folder = tmp_path_factory.mktemp("byte-level")
    loaded.save(str(folder / "tokenizer.json"))
    (folder / "pair").mkdir()
    loaded.model.save(str(folder / "pair"))
    return Trained(folder, loaded)


@pytest.fixture(scope="session")
def ranks(byte_level: Trained) -> dict[bytes, int]:
    """Return the same byte pairs by rank: bytes first, then what each merge makes."""
    vocabulary = byte_level.loaded.get_vocab()
    return {bytes(BYTES[sign] for sign in token): number for token, number in vocabulary.items()}


@pytest.fixture(scope="session")
def packed_ranks(ranks: dict[bytes, int]) -> str:
    """Return ranks in the lines of a ``.tiktoken`` file."""
    return "".join(f"{base64.b64encode(token).decode()} {rank}\n" for token, rank in ranks.items())


def train_sentencepiece(**options: Any) -> bytes:
    """Return a SentencePiece model of BPE as its file."""
    sentencepiece = pytest.importorskip("sentencepiece")
    held = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(line for text in corpus() for line in text.splitlines()),
        model_writer=held,
        model_type="bpe",
        hard_vocab_limit=False,
        minloglevel=2,
        **options,
    )
    return held.getvalue()


@pytest.fixture(scope="session")
def sentencepiece_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model that loses nothing, as those of Llama 2 and Mistral: ``▓`` is spelled in bytes."""
    path = tmp_path_factory.mktemp("sentencepiece") / "tokenizer.model"
    path.write_bytes(
        train_sentencepiece(
            vocab_size=360,
            byte_fallback=True,
            character_coverage=0.98,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            split_digits=True,
        )
    )
    return path


@pytest.fixture(scope="session")
def normalising_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model as SentencePiece makes it by default: blanks are joined and stripped."""
    path = tmp_path_factory.mktemp("normalising") / "tokenizer.model"
    path.write_bytes(train_sentencepiece(vocab_size=90))
    return path


SameTokens = Callable[[Tokenizer, Any, Sequence[str]], None]


@pytest.fixture(scope="session")
def same_tokens() -> SameTokens:
    """Return what asserts that every text has the tokens that the package ``tokenizers`` gives it."""

    def check(tokenizer: Tokenizer, reference: Any, texts: Sequence[str]) -> None:
        for text in texts:
            ids = list(tokenizer.encode(text))
            assert ids == reference.encode(text, add_special_tokens=False).ids, text
            assert tokenizer.decode(ids) == reference.decode(ids, skip_special_tokens=False)

    return check


@pytest.fixture(scope="session")
def sentencepiece_as_tokenizers() -> Callable[[Path], Any]:
    """Return what reads a SentencePiece model of BPE as ``tokenizers`` runs those of Llama 2 and Mistral.

    Two pieces merge where they make a third; the better its score, the earlier.
    """

    def read(path: Path) -> Any:
        tokenizers = pytest.importorskip("tokenizers")
        loaded = pytest.importorskip("sentencepiece").SentencePieceProcessor(model_file=str(path))
        vocabulary = {loaded.id_to_piece(number): number for number in range(loaded.get_piece_size())}
        merges = [
            (
                -loaded.get_score(number),
                vocabulary[piece[:cut]],
                vocabulary[piece[cut:]],
                (piece[:cut], piece[cut:]),
            )
            for piece, number in vocabulary.items()
            for cut in range(1, len(piece))
            if piece[:cut] in vocabulary and piece[cut:] in vocabulary
        ]
        model = tokenizers.models.BPE(
            vocabulary,
            [pair for *_, pair in sorted(merges)],
            unk_token="<unk>",
            fuse_unk=True,
            byte_fallback=True,
        )
        made = tokenizers.Tokenizer(model)
        made.normalizer = tokenizers.normalizers.Sequence(
            [tokenizers.normalizers.Prepend("▁"), tokenizers.normalizers.Replace(" ", "▁")]
        )
        decoders = tokenizers.decoders
        made.decoder = decoders.Sequence(
            [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
        )
        return made

    return read
