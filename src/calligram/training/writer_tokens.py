"""Texts as tokens: the writer's vocabulary is made here, and texts are packed into rows of equal length.

A text never parts between rows but where it is longer than a row; its fields stand before each part. Which of
its fields are told is drawn anew each time it is packed, so that the writer learns to do with any of them.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from calligram.errors import OptionError
from calligram.nano.fields import Fields, spell_fields
from calligram.nano.subwords import Subwords
from calligram.nano.vocabulary import END
from calligram.training.prose_fields import Work
from calligram.whole_files import write_whole

Ids = npt.NDArray[np.int64]
SHORT = ("title", "tags")
SHORT_SHARE = 0.35
"""So large a part of titles and tags is packed each time; there are many, and they are learnt soon."""
TOLD = 0.6
"""How probably each field is told."""
SHORTEST_PART = 64
"""Tokens: fields are left out where they would leave less room than this in a row."""
LONGEST_LINE = 2000
"""Characters: a longer line is cut for making a vocabulary, which leaves out what is too long for it."""
PLACES_OPEN = 48
"""So many rows are open at once, to find one in which the next text has room."""


@dataclass(frozen=True)
class Cut:
    """One work as tokens.

    Args:
        fields: what is known before the text.
        ids: the text's tokens and the end.
        size_bytes: of the text in UTF-8.
    """

    fields: Fields
    ids: Ids
    size_bytes: int


@dataclass(frozen=True)
class Rows:
    """Texts packed for training.

    Args:
        ids: ``(rows, positions + 1)``, padded with the end.
        learnt: whether each token is to be predicted, ``(rows, positions + 1)``; fields and padding are not.
    """

    ids: Ids
    learnt: npt.NDArray[np.bool_]


def make_vocabulary(texts: Sequence[str], size: int, path: Path) -> Subwords:
    """Write a SentencePiece model for some texts, and return it.

    Args:
        texts: to learn from.
        size: how many tokens.
        path: where the file appears.

    Raises:
        OptionError: the texts need more tokens, or are too few.
    """
    import sentencepiece

    written = io.BytesIO()
    lines = (
        line[start : start + LONGEST_LINE]
        for text in texts
        for line in text.split("\n")
        for start in range(0, len(line), LONGEST_LINE)
    )
    try:
        _train_subwords(sentencepiece, lines, size, written)
    except RuntimeError as fault:
        raise OptionError(
            f"vocabulary is {size}, but no subwords can be made of these texts with that "
            f"({str(fault).splitlines()[0]}): give a larger one, or more texts"
        ) from fault
    write_whole(path, written.getvalue())
    return Subwords(path)


def _train_subwords(sentencepiece: Any, lines: Iterator[str], size: int, written: io.BytesIO) -> None:
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=lines,
        model_writer=written,
        vocab_size=size,
        hard_vocab_limit=False,  # few texts give fewer subwords
        model_type="unigram",
        byte_fallback=True,
        character_coverage=0.9998,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        user_defined_symbols=["\n"],
        unk_id=0,
        eos_id=1,
        bos_id=-1,
        pad_id=-1,
        eos_piece=END,
        max_sentence_length=8 * LONGEST_LINE,
        num_threads=2,
        minloglevel=2,
    )


def cut_works(works: Sequence[Work], vocabulary: Subwords) -> list[Cut]:
    """Return works as tokens, each with the end behind it."""
    return [
        Cut(work.fields, np.array([*vocabulary.encode(work.text), vocabulary.end]), len(work.text.encode()))
        for work in works
    ]


def pack(cuts: Sequence[Cut], vocabulary: Subwords, positions: int, seed: int) -> Rows:
    """Return works packed into rows in an order and with fields that follow from the seed.

    Args:
        cuts: the works.
        vocabulary: for the fields.
        positions: the longest text in tokens.
        seed: any number.
    """
    chance = np.random.default_rng(seed)
    taken = [cut for cut in cuts if cut.fields.kind not in SHORT or chance.random() < SHORT_SHARE] or list(
        cuts
    )
    order = chance.permutation(len(taken))
    parts = (part for place in order for part in _parts(taken[place], vocabulary, positions, chance))
    return _filled(parts, vocabulary.end, positions)


def told_fields(given: Fields, chance: np.random.Generator) -> Fields:
    """Return a text's fields with some of them left out by chance; the kind always stays."""
    empty = Fields()
    names = [field.name for field in fields(Fields) if field.name != "kind"]
    return replace(given, **{name: getattr(empty, name) for name in names if chance.random() > TOLD})


def parts_of(cut: Cut, before: Sequence[int], positions: int) -> list[tuple[Ids, int]]:
    """Return a work as texts that fit, each with how many of its first tokens are given and not learnt.

    Args:
        cut: the work.
        before: the tokens of its fields.
        positions: the longest text in tokens.
    """
    room = positions + 1 - len(before)
    pieces = [cut.ids[start : start + room] for start in range(0, len(cut.ids), room)]
    return [(np.concatenate([np.array(before, np.int64), piece]), len(before)) for piece in pieces]


def _parts(
    cut: Cut, vocabulary: Subwords, positions: int, chance: np.random.Generator
) -> list[tuple[Ids, int]]:
    before = vocabulary.encode(spell_fields(told_fields(cut.fields, chance)))
    if len(before) > positions - SHORTEST_PART:
        before = vocabulary.encode(spell_fields(Fields(cut.fields.kind)))
    return parts_of(cut, before, positions)


def _filled(parts: Iterator[tuple[Ids, int]], end: int, positions: int) -> Rows:
    full: list[list[tuple[Ids, int]]] = []
    open_rows: list[list[tuple[Ids, int]]] = []
    room: list[int] = []
    for ids, given in parts:
        place = next((number for number, left in enumerate(room) if left >= len(ids)), None)
        if place is None:
            open_rows.append([])
            room.append(positions + 1)
            place = len(room) - 1
        open_rows[place].append((ids, given))
        room[place] -= len(ids)
        if len(room) > PLACES_OPEN or room[place] < 8:
            fullest = min(range(len(room)), key=room.__getitem__)
            full.append(open_rows.pop(fullest))
            room.pop(fullest)
    rows = full + open_rows
    ids = np.full((len(rows), positions + 1), end, np.int64)
    learnt = np.zeros((len(rows), positions + 1), np.bool_)
    for number, row in enumerate(rows):
        begin = 0
        for part, given in row:
            ids[number, begin : begin + len(part)] = part
            learnt[number, begin + given : begin + len(part)] = True
            begin += len(part)
    return Rows(ids, learnt)
