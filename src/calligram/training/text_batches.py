"""Rows of tokens for a network: one text in each, or several packed so that no place stays empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.utils.data import Dataset

from calligram.training.text_tokens import Item

UNCOUNTED = -100
"""The label that the loss of transformers passes over."""


class Rows(Dataset[list[Item]]):
    """Rows of one or more texts.

    Args:
        items: the texts.
        packed_to: tokens in a row of several texts, or 0 for one text in each row.
    """

    def __init__(self, items: Sequence[Item], packed_to: int = 0) -> None:
        self._rows = pack(items, packed_to) if packed_to else [[item] for item in items]

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> list[Item]:
        return self._rows[place]


def pack(items: Sequence[Item], room: int) -> list[list[Item]]:
    """Return rows of texts with at most ``room`` tokens each, the texts in their order.

    >>> import numpy as np
    >>> items = [Item(np.zeros(n, np.int32), np.ones(n, np.bool_)) for n in (3, 4, 2, 5)]
    >>> [[len(item.ids) for item in row] for row in pack(items, 8)]
    [[3, 4], [2, 5]]
    """
    rows: list[list[Item]] = []
    left = 0
    for item in items:
        if len(item.ids) > left:
            rows.append([])
            left = room
        rows[-1].append(item)
        left -= len(item.ids)
    return rows


@dataclass(frozen=True)
class Collator:
    """Makes one batch of rows, each as long as the longest.

    Args:
        filler: the token in empty places, which no loss counts.
        packed: whether rows hold several texts. Their places are then counted anew in each text, by which
            transformers keeps texts from seeing each other.
    """

    filler: int
    packed: bool

    def __call__(self, rows: Sequence[list[Item]]) -> dict[str, Any]:
        """Return ``input_ids`` and ``labels``, ``(rows, tokens)``, and mask or places."""
        lengths = [sum(len(item.ids) for item in row) for row in rows]
        shape = len(rows), max(lengths)
        ids, labels = np.full(shape, self.filler, np.int64), np.full(shape, UNCOUNTED, np.int64)
        mask, places = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for number, (row, length) in enumerate(zip(rows, lengths, strict=True)):
            ids[number, :length] = np.concatenate([item.ids for item in row])
            learned = np.concatenate([_after_first(item.learned) for item in row])
            labels[number, :length] = np.where(learned, ids[number, :length], UNCOUNTED)
            mask[number, :length] = 1
            ends = [*np.cumsum([len(item.ids) for item in row]), shape[1]]
            for start, end in zip([0, *ends], ends, strict=False):
                places[number, start:end] = np.arange(end - start)
        batch = {"input_ids": torch.from_numpy(ids), "labels": torch.from_numpy(labels)}
        if self.packed:
            return batch | {"position_ids": torch.from_numpy(places)}
        return batch | {"attention_mask": torch.from_numpy(mask)}


def _after_first(learned: Any) -> Any:
    """Return what the loss counts, without a text's first token, which nothing foretells."""
    counted = learned.copy()
    counted[:1] = False
    return counted
