"""The writer's own representation of words: what it makes of a title when it is about to tell the tags.

The words stand where the writer was taught to find a title, before tags of its own. Taken are the sum of the
words' embeddings, the mean of what the first layer reads in them, the mean of their last hidden states, and
what the third layer reads at the place where the tags would begin. Nothing is added to the writer's graph
for that: its scores are its last hidden states times the matrix that is handed in, here one of ones on the
diagonal, and what its layers read are the values in its cache, a linear picture of each layer's hidden
states.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from calligram.nano.fields import Fields, spell_fields
from calligram.nano.writer_folder import WriterEngine

Floats = npt.NDArray[np.float32]
BATCH_TOKENS = 1024
FIRST, THIRD = 1, 5
"""Where the values of the first layer and of the third stand in the cache, behind their keys."""
BEFORE = spell_fields(Fields("tags", title="x")).partition("x")[0].rstrip()
"""What stands before the words; the space behind it belongs to the first of them."""


def represent(engine: WriterEngine, texts: Sequence[str]) -> Floats:
    """Return the writer's representation of some words, ``(N, 4 * width)``.

    Args:
        engine: the writer.
        texts: words, none of them empty, each short enough for the writer with fifty tokens to spare.

    Raises:
        ModelError: a text is too long.
    """
    cut = [engine.vocabulary.encode(spell_fields(Fields("tags", title=text))) for text in texts]
    same_length: dict[int, list[int]] = defaultdict(list)
    for place, ids in enumerate(cut):
        same_length[len(ids)].append(place)
    found = np.zeros((len(texts), 4 * engine.table.shape[1]), np.float32)
    for length, places in same_length.items():
        size = max(1, BATCH_TOKENS // length)
        for start in range(0, len(places), size):
            part = places[start : start + size]
            found[part] = _represent(engine, np.array([cut[place] for place in part]))
    return found


def _represent(engine: WriterEngine, ids: npt.NDArray[np.int64]) -> Floats:
    """Return the representation of titles in their frame, all of one length."""
    width = engine.table.shape[1]
    hidden, cache = engine.run(ids, np.eye(width, dtype=np.float32), asked=np.arange(ids.size))
    before = len(engine.vocabulary.encode(BEFORE))
    words = slice(before, ids.shape[1] - len(engine.vocabulary.encode("\n\n")))
    parts = (
        engine.table[ids[:, words]].sum(1),
        _values(cache.parts[FIRST])[:, words].mean(1),
        hidden.reshape(*ids.shape, width)[:, words].mean(1),
        _values(cache.parts[THIRD])[:, -1],
    )
    return np.concatenate(parts, axis=1)


def _values(part: Floats) -> Floats:
    """Return what a layer reads at each place, the heads beside each other, ``(N, T, width)``."""
    return part.transpose(0, 2, 1, 3).reshape(len(part), part.shape[2], -1)
