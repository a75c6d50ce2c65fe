"""The built-in model's vocabulary: text to token numbers and back.

One token is one of: a run of four cells of a picture (every possible run has its own token), the mark
between two rows, a question or request that the model was taught, an answer, one character, or one byte.
The same vocabulary is written as ``tokenizer.json``, which ``transformers.AutoTokenizer`` reads.
"""

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError

CELLS_PER_TOKEN = 4
PAD, END = "<pad>", "</s>"
MOST_ROWS = 28

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """All tokens in order, and the pattern that cuts a text into them.

    Args:
        tokens: each token's text; a byte is spelled ``<0x41>``.
        pattern: regular expression whose matches are looked up whole; what lies between them too.
    """

    tokens: tuple[str, ...]
    pattern: str

    @cached_property
    def ids(self) -> dict[str, int]:
        """Each token's number."""
        return {token: number for number, token in enumerate(self.tokens)}

    @cached_property
    def spellings(self) -> list[bytes]:
        """Each token's bytes; padding and end have none."""
        return [_spelling(token) for token in self.tokens]

    @cached_property
    def _cut(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, text: str) -> list[int]:
        """Return the token numbers of a text; nothing is lost, for unknown characters are spelled in bytes.

        >>> vocabulary = build(["0123"], ["What digit is this?\\n"], ["5"])
        >>> vocabulary.decode(vocabulary.encode("What digit is this?\\n5é"))
        'What digit is this?\\n5é'
        """
        pieces: list[int] = []
        end = 0
        for match in self._cut.finditer(text):
            if match.start() > end:
                pieces += self._piece(text[end : match.start()])
            pieces += self._piece(match.group())
            end = match.end()
        return pieces + (self._piece(text[end:]) if end < len(text) else [])

    def _piece(self, text: str) -> list[int]:
        if text in self.ids:
            return [self.ids[text]]
        numbers: list[int] = []
        for character in text:
            if character in self.ids:
                numbers.append(self.ids[character])
            else:
                numbers += [self.ids[f"<0x{byte:02X}>"] for byte in character.encode()]
        return numbers

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of token numbers; bytes that are no UTF-8 become U+FFFD, padding vanishes."""
        return b"".join(self.spellings[number] for number in ids).decode("utf-8", errors="replace")

    def first_run(self, symbols: str) -> int:
        """Return the number of the all-empty run of a ramp; the ramp's other runs follow in counting order.

        Raises:
            ModelError: this vocabulary was not made for the ramp.
        """
        full = symbols[-1] * CELLS_PER_TOKEN
        if full not in self.ids:
            raise ModelError(
                f"the model has no tokens for the ramp {symbols!r}: "
                "use a layout that the model was taught, see 'calligram models list'"
            )
        return int(self.ids[full] - len(symbols) ** CELLS_PER_TOKEN + 1)

    def run_ids(self, symbols: str) -> Ids:
        """Return the token number of every run of four cells, (levels**4,), first cell most significant."""
        first = self.first_run(symbols)
        numbers = np.arange(first, first + len(symbols) ** CELLS_PER_TOKEN)
        numbers[0] = self.ids[symbols[0] * CELLS_PER_TOKEN]  # ramps that share the blank share its run
        return numbers

    def picture_ids(self, levels: npt.NDArray[np.uint8], symbols: str) -> Ids:
        """Return the tokens of pictures in the markup ``rows``: as ``encode`` of their texts, but fast.

        Args:
            levels: uint8 (N, rows, columns); columns a multiple of four, at most 28 rows.
            symbols: the ramp.

        Returns:
            int64 (N, 1 + rows * (columns / 4 + 1)).
        """
        count, rows, columns = levels.shape
        if columns % CELLS_PER_TOKEN or rows > MOST_ROWS:
            raise ModelError(
                f"the model spells columns in fours and at most {MOST_ROWS} rows, not {columns}x{rows}"
            )
        weights = len(symbols) ** np.arange(CELLS_PER_TOKEN - 1, -1, -1)
        runs = levels.reshape(count, rows, columns // CELLS_PER_TOKEN, CELLS_PER_TOKEN) @ weights
        spelled = np.empty((count, rows, columns // CELLS_PER_TOKEN + 1), np.int64)
        spelled[:, :, :-1] = self.run_ids(symbols)[runs]
        spelled[:, :, -1] = self.row_ends(rows)
        start = np.full((count, 1), self.ids["<row:1>"])
        return np.concatenate([start, spelled.reshape(count, rows * spelled.shape[2])], axis=1)

    def row_ends(self, rows: int) -> Ids:
        """Return the tokens that close each row: the last closes the picture."""
        ends = [self.ids[f"</row:{row}>\n<row:{row + 1}>"] for row in range(1, rows)]
        return np.array([*ends, self.ids[f"</row:{rows}>\n"]])

    def save(self, path: Path) -> None:
        """Write ``tokenizer.json`` in the form of Hugging Face's ``tokenizers`` (version 1.0)."""
        path.write_text(json.dumps(self.tokenizer_json(), ensure_ascii=False), encoding="utf-8")

    def tokenizer_json(self) -> dict[str, object]:
        """Return the content of ``tokenizer.json``."""
        special = {
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        return {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [{"id": self.ids[token], "content": token, **special} for token in (PAD, END)],
            "normalizer": None,
            "pre_tokenizer": {
                "type": "Split",
                "pattern": {"Regex": self.pattern},
                "behavior": "Isolated",
                "invert": False,
            },
            "post_processor": None,
            "decoder": {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}]},
            "model": {
                "type": "BPE",
                "dropout": None,
                "unk_token": None,
                "continuing_subword_prefix": None,
                "end_of_word_suffix": None,
                "fuse_unk": False,
                "byte_fallback": True,
                "ignore_merges": True,
                "vocab": self.ids,
                "merges": [],
            },
        }

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Return the vocabulary of a ``tokenizer.json`` that :meth:`save` wrote.

        Raises:
            ModelError: the file is missing or of another form.
        """
        try:
            written = json.loads(path.read_text(encoding="utf-8"))
            ids: dict[str, int] = written["model"]["vocab"]
            return cls(tuple(sorted(ids, key=ids.__getitem__)), written["pre_tokenizer"]["pattern"]["Regex"])
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise ModelError(
                f"{path} is no vocabulary of a built-in model ({type(fault).__name__}: {fault}): "
                "name a folder that 'calligram train nano' wrote"
            ) from fault


def _spelling(token: str) -> bytes:
    if token in (PAD, END):
        return b""
    return bytes([int(token[3:5], 16)]) if re.fullmatch(r"<0x..>", token) else token.encode()


def build(ramps: Sequence[str], phrases: Sequence[str], answers: Sequence[str]) -> Vocabulary:
    """Return a new vocabulary.

    Args:
        ramps: the symbols of each ramp, emptiest first.
        phrases: questions and requests, each one token.
        answers: what the model may answer, each one token.

    Raises:
        ModelError: two ramps share more than their first symbol.
    """
    for one, other in itertools.combinations(ramps, 2):
        if set(one) & set(other) > {one[0]}:
            raise ModelError(
                f"the ramps {one!r} and {other!r} share more than the blank: one model cannot learn both"
            )
    tags = [f"</row:{row}>\n<row:{row + 1}>" for row in range(1, MOST_ROWS)]
    ends = [f"</row:{row}>\n" for row in range(1, MOST_ROWS + 1)]
    parts = [
        [PAD, END],
        [f"<0x{byte:02X}>" for byte in range(256)],
        ["\n", "<row:1>", *tags, *ends],
        list(phrases),
        list(answers),
        *(_runs(symbols) for symbols in ramps),
    ]
    tokens = tuple(dict.fromkeys(itertools.chain.from_iterable(parts)))
    return Vocabulary(tokens, _pattern(ramps, phrases, answers))


def _runs(symbols: str) -> list[str]:
    return ["".join(run) for run in itertools.product(symbols, repeat=CELLS_PER_TOKEN)]


def _pattern(ramps: Sequence[str], phrases: Sequence[str], answers: Sequence[str]) -> str:
    whole = sorted([*phrases, *(answer for answer in answers if len(answer) > 1)], key=len, reverse=True)
    runs = [f"[{''.join(map(_literal, symbols))}]{{{CELLS_PER_TOKEN}}}" for symbols in ramps]
    tags = [r"</row:\d+>\n(?:<row:\d+>)?", r"<row:1>"]
    return "|".join([*("".join(map(_literal, text)) for text in whole), *tags, *runs])


def _literal(character: str) -> str:
    """Escape one character so that Python's and Oniguruma's regular expressions agree on it."""
    if character == "\n":
        return r"\n"
    return "\\" + character if character in r"\^$.|?*+()[]{}-" else character
