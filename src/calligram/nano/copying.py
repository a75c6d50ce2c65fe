"""What a writer learnt from: its runs of words, which it must not copy, and its words, which it may use.

Every run of thirteen words of the texts is noted in a Bloom filter (B. H. Bloom, 1970), and every word that
comes twice in small letters in another: what was noted is always found again; what was not is taken for noted
once in about two thousand times, and then only makes the writer draw anew without need, or use a word that is
none.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError
from calligram.whole_files import write_whole

MOST_COPIED = 12
"""A run of more words than this may not be copied."""
RUN = MOST_COPIED + 1
BITS_FOR_EACH, MARKS = 16, 8
SEEN = 2
"""A word counts that comes so often."""
HEADER = "calligram known texts "
WORD = re.compile(r"[\w'’]+")
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Noted:
    """A Bloom filter.

    Args:
        bits: the filter, uint8.
    """

    bits: npt.NDArray[np.uint8]

    def holds(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Return which numbers were noted."""
        places = _places(hashes, len(self.bits) * 8)
        marks = self.bits[places // np.uint64(8)] >> (places % np.uint64(8)).astype(np.uint8) & 1
        return np.asarray(marks.all(1), np.bool_)


@dataclass(frozen=True)
class KnownTexts:
    """The texts that a writer learnt from, in one part for each time it was taught.

    Args:
        runs: every run of thirteen words.
        words: every word that comes twice in small letters.
    """

    runs: tuple[Noted, ...]
    words: tuple[Noted, ...]

    def __add__(self, other: "KnownTexts") -> "KnownTexts":
        return KnownTexts(self.runs + other.runs, self.words + other.words)

    def copied(self, text: str) -> list[tuple[int, int]]:
        """Return where a text copies more than twelve words in a row: first word and one behind the last.

        Args:
            text: any text; capitals and punctuation do not count.
        """
        found = np.flatnonzero(_held(self.runs, run_hashes(words_of(text))))
        runs: list[tuple[int, int]] = []
        for start in found.tolist():
            if runs and start <= runs[-1][1]:
                runs[-1] = (runs[-1][0], start + RUN)
            else:
                runs.append((start, start + RUN))
        return runs

    def knows(self, word: str) -> bool:
        """Return whether a word, in small letters, came in the texts."""
        return bool(_held(self.words, run_hashes([word], 1))[0])


def note_texts(texts: Iterable[str]) -> KnownTexts:
    """Return what is kept of texts to know their runs and words again."""
    runs, counts = [np.zeros(0, np.uint64)], Counter[str]()
    for text in texts:
        runs.append(run_hashes(words_of(text)))
        counts.update(word for word in WORD.findall(text) if not word[0].isupper())
    words = [word for word, count in counts.items() if count >= SEEN]
    return KnownTexts((_note(np.concatenate(runs)),), (_note(run_hashes(words, 1)),))


def _note(hashes: Hashes) -> Noted:
    noted = np.unique(hashes)
    bits = np.zeros(max(1, len(noted) * BITS_FOR_EACH // 8), np.uint8)
    places = _places(noted, len(bits) * 8).ravel()
    np.bitwise_or.at(bits, places // np.uint64(8), np.uint8(1) << (places % np.uint64(8)).astype(np.uint8))
    return Noted(bits)


def _held(parts: Sequence[Noted], hashes: Hashes) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(hashes), np.bool_)
    for part in parts:
        found |= part.holds(hashes)
    return found


def write_known(path: Path, known: KnownTexts) -> None:
    """Write what is known of texts to a file: a line with the lengths of all parts, then runs and words."""
    parts = [noted.bits for noted in (*known.runs, *known.words)]
    head = f"{HEADER}{' '.join(str(len(bits)) for bits in parts)}\n"
    write_whole(path, head.encode() + b"".join(bits.tobytes() for bits in parts))


def read_known(path: Path) -> KnownTexts:
    """Return what is known of texts.

    Raises:
        ModelError: the file cannot be read, or is none.
    """
    try:
        first, _, rest = path.read_bytes().partition(b"\n")
        lengths = [int(number) for number in first.decode().removeprefix(HEADER).split()]
        if (
            not first.startswith(HEADER.encode())
            or len(rest) != sum(lengths)
            or len(lengths) % 2
            or not lengths
        ):
            raise ValueError(f"it has {len(rest)} bytes behind {first[:40]!r}")
    except (OSError, ValueError) as fault:
        raise ModelError(
            f"{path} cannot be read as a writer's known texts ({fault}): copy the whole model folder again"
        ) from fault
    ends = np.cumsum(lengths)[:-1]
    parts = [Noted(bits) for bits in np.split(np.frombuffer(rest, np.uint8), ends)]
    return KnownTexts(tuple(parts[: len(parts) // 2]), tuple(parts[len(parts) // 2 :]))


def words_of(text: str) -> list[str]:
    """Return a text's words in small letters, without punctuation.

    >>> words_of("A River — at dusk.")
    ['a', 'river', 'at', 'dusk']
    """
    return WORD.findall(text.lower())


def run_hashes(words: Sequence[str], run: int = RUN) -> Hashes:
    """Return one number for each run of so many words, uint64 ``(words - run + 1,)``."""
    if len(words) < run:
        return np.zeros(0, np.uint64)
    each = np.array([_hash(word) for word in words], np.uint64)
    total = np.zeros(len(words) - run + 1, np.uint64)
    for place in range(run):
        total = total * np.uint64(0x9E3779B97F4A7C15) + each[place : len(each) - run + 1 + place]
    return _mixed(total)


@lru_cache(1 << 16)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def _mixed(numbers: Hashes) -> Hashes:
    """Return numbers whose bits all depend on all. Source: SplitMix64 (Steele et al. 2014)."""
    numbers = (numbers ^ numbers >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ numbers >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return numbers ^ numbers >> np.uint64(31)


def _places(hashes: Hashes, size: int) -> Hashes:
    """Return the bits of each number, ``(numbers, MARKS)``, by double hashing (Kirsch, Mitzenmacher 2006)."""
    first, step = hashes, _mixed(hashes + np.uint64(1)) | np.uint64(1)
    return (first[:, None] + np.arange(MARKS, dtype=np.uint64) * step[:, None]) % np.uint64(size)
