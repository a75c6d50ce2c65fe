"""What the built-in writer is worth: bits a byte on works it never saw, beside other ways; what it copies.

Usage: python -m benchmarks.writing TEXTS [--other FILE] [--samples N] [--json OUT]

TEXTS are those it learnt from; the works that :func:`part_of` keeps for testing are measured. The others that
are measured beside it learn from the same works: an n-gram model of the same tokens, and three general
compressors, which are given the works to learn from first (what the test adds to their length is counted).
"""

import argparse
import bz2
import json
import lzma
import math
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from calligram.art.texts import Passages, longest_copied
from calligram.models.base import SamplingOptions, open_model
from calligram.nano.copying import RUN, run_hashes, words_of
from calligram.nano.fields import Fields, Kind, spell_fields
from calligram.nano.sampling import log_softmax
from calligram.nano.writer_folder import WriterEngine, open_writer
from calligram.training.prose_fields import Work, part_of, works_of
from calligram.training.prose_records import read_prose
from calligram.training.writer_tokens import SHORT, cut_works, parts_of
from calligram.whole_files import write_whole

KINDS_SAMPLED: tuple[Kind, ...] = ("caption", "label")
SHOWN = 10
ORDER = 5
DISCOUNT = 0.75
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip -9": lambda data: zlib.compress(data, 9),
    "bzip2 -9": lambda data: bz2.compress(data, 9),
    "xz -9e": lambda data: lzma.compress(data, preset=9 | lzma.PRESET_EXTREME),
}


class Ngrams:
    """An n-gram model with interpolated Kneser-Ney smoothing.

    Args:
        texts: token numbers, each text with its end.
        tokens: how many different ones there are.

    Source: S. F. Chen and J. Goodman, An empirical study of smoothing techniques, 1999, with one discount.
    """

    def __init__(self, texts: Iterable[Sequence[int]], tokens: int) -> None:
        self.tokens = tokens
        self.counts: list[dict[tuple[int, ...], Counter[int]]] = [defaultdict(Counter) for _ in range(ORDER)]
        for text in texts:
            for place, token in enumerate(text):
                before = tuple(text[max(0, place - ORDER + 1) : place])
                self._count(before, token)
        self.totals = [{key: sum(found.values()) for key, found in level.items()} for level in self.counts]

    def _count(self, before: tuple[int, ...], token: int) -> None:
        """Count a token behind its longest context; a shorter one counts it where the longer is new."""
        for length in range(len(before), -1, -1):
            found = self.counts[length][before[len(before) - length :]]
            found[token] += 1
            if found[token] > 1:
                return

    def logprob(self, before: Sequence[int], token: int) -> float:
        """Return the natural log-probability of a token behind others."""
        share = 1 / self.tokens
        context = tuple(before[-(ORDER - 1) :])
        for length in range(len(context) + 1):
            key = context[len(context) - length :]
            found = self.counts[length].get(key)
            if found is None:
                break
            total = self.totals[length][key]
            share = max(found[token] - DISCOUNT, 0) / total + DISCOUNT * len(found) / total * share
        return math.log(share)


def ngram_bits(train: Sequence[Sequence[int]], test: Sequence[Sequence[int]], tokens: int) -> float:
    """Return how many bits an n-gram model needs for texts."""
    model = Ngrams(train, tokens)
    nats = sum(model.logprob(text[:place], text[place]) for text in test for place in range(len(text)))
    return -nats / math.log(2)


def compressor_bits(train: Sequence[str], test: Sequence[str], compress: Callable[[bytes], bytes]) -> float:
    """Return by how many bits texts lengthen what a compressor makes of those before them."""
    before, after = "\n".join(train).encode(), "\n".join(test).encode()
    return 8 * (len(compress(before + b"\n" + after)) - len(compress(before)))


def writer_bits(engine: WriterEngine, works: Sequence[Work], told: bool) -> list[float]:
    """Return how many bits the writer needs for each work, its end included.

    Args:
        engine: the writer.
        works: what is measured.
        told: whether it is told all the fields, or the kind of text alone.
    """
    found = []
    for work, cut in zip(works, cut_works(works, engine.vocabulary), strict=True):
        before = engine.vocabulary.encode(spell_fields(work.fields if told else Fields(work.fields.kind)))
        total = 0.0
        for ids, given in parts_of(cut, before, engine.positions):
            places = np.arange(given - 1, len(ids) - 1)
            scores = log_softmax(engine.scores(ids[None, :-1], engine.head(), places))
            total -= float(scores[np.arange(len(places)), ids[given:]].sum()) / math.log(2)
        found.append(total)
    return found


def measure(texts: Path, other: Path | None, samples: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Return all figures, ready for JSON."""
    works = [work for work in works_of(read_prose(texts)) if work.fields.kind not in SHORT]
    train = [work for work in works if part_of(work.key) != "test"]
    test = [work for work in works if part_of(work.key) == "test"]
    engine = WriterEngine(open_writer())
    size = sum(len(work.text.encode()) for work in test)
    say(f"{len(train)} works to learn from, {len(test)} to test, {size} bytes")
    found: dict[str, Any] = {"works": len(test), "bytes": size}
    found |= _writers(engine, test, train, say)
    if other:
        found["other"] = _of_others(engine, other)
        say(f"other texts {found['other']}")
    cuts = [[int(token) for token in cut.ids] for cut in cut_works(train, engine.vocabulary)]
    tests = [[int(token) for token in cut.ids] for cut in cut_works(test, engine.vocabulary)]
    found["5-gram, Kneser-Ney"] = ngram_bits(cuts, tests, len(engine.vocabulary)) / size
    say(f"n-grams {found['5-gram, Kneser-Ney']:.4f}")
    for name, compress in COMPRESSORS.items():
        bits = compressor_bits([work.text for work in train], [work.text for work in test], compress)
        found[name] = bits / size
        say(f"{name} {found[name]:.4f}")
    found["shown"] = shown()
    if samples:
        found["copied"] = copied(works, samples, say)
    return found


def shown() -> dict[str, list[str]]:
    """Return the first ten samples of each kind at default settings, seeds 1 to 10, and of the example."""
    model = open_model("builtin:writer")
    options = SamplingOptions(temperature=0.7, top_k=50, top_p=0.95, seed=1)
    openings = {kind: spell_fields(Fields(kind)) for kind in KINDS_SAMPLED}
    return {
        kind: [each.text for each in model.write(opening, SHOWN, options, 100)]  # type: ignore[attr-defined]
        for kind, opening in openings.items()
    }


def _writers(
    engine: WriterEngine, test: Sequence[Work], train: Sequence[Work], say: Callable[[str], None]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    known = {run for work in train for run in run_hashes(words_of(work.text)).tolist()}
    fresh = [known.isdisjoint(run_hashes(words_of(work.text)).tolist()) for work in test]
    for name, told in (("writer", False), ("writer, told the fields", True)):
        bits, sizes = writer_bits(engine, test, told), [len(work.text.encode()) for work in test]
        found[name] = sum(bits) / sum(sizes)
        kinds = sorted({work.fields.kind for work in test})
        of_kind = {
            kind: [number for number, work in enumerate(test) if work.fields.kind == kind] for kind in kinds
        }
        of_kind[f"works without a run of {RUN} words that was learnt"] = [
            n for n, new in enumerate(fresh) if new
        ]
        found[f"{name}, by kind"] = {
            kind: sum(bits[n] for n in places) / sum(sizes[n] for n in places)
            for kind, places in sorted(of_kind.items())
        }
        say(f"{name} {found[name]:.4f} {found[f'{name}, by kind']}")
    return found


def _of_others(engine: WriterEngine, place: Path) -> dict[str, Any]:
    works = [work for work in works_of(read_prose(place)) if work.fields.kind not in SHORT]
    size = sum(len(work.text.encode()) for work in works)
    bits = sum(writer_bits(engine, works, False))
    return {"place": place.name, "works": len(works), "bytes": size, "bits a byte": bits / size}


def copied(works: Sequence[Work], samples: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the longest run of words that samples at default settings have in common with the texts."""
    model, passages = open_model("builtin:writer"), Passages(work.text for work in works)
    longest, told, empty = 0, "", 0
    options = SamplingOptions(temperature=0.7, top_k=50, top_p=0.95)
    for start in range(0, samples, 50):
        kind = KINDS_SAMPLED[start // 50 % len(KINDS_SAMPLED)]
        seeded = SamplingOptions(**{**vars(options), "seed": 10_000 + start})
        made = model.write(spell_fields(Fields(kind)), min(50, samples - start), seeded, 100)  # type: ignore[attr-defined]
        for text in (each.text for each in made):
            empty += not text
            words, passage = longest_copied(text, passages)
            if words > longest:
                longest, told = words, passage
        say(f"{start + len(made)} samples, longest run {longest} words")
    return {"samples": samples, "longest run": longest, "it is": told, "empty": empty}


def main() -> None:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--other", type=Path)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    say = lambda line: print(line, file=sys.stderr, flush=True)  # noqa: E731
    found = measure(given.texts, given.other, given.samples, say)
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    if given.json:
        write_whole(given.json, text.encode())
    print(text)


if __name__ == "__main__":
    main()
