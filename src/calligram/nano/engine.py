"""Runs the built-in language model with onnxruntime: scores, and a key-value cache of its own.

One session runs on one thread; work over many texts is cut into batches that several threads run side by
side. That keeps the small products of a single drawing free of thread handovers, and makes the scores of a
text the same whatever it is batched with.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError
from calligram.nano.folder import SHIPPED, WEIGHTS, ModelFolder, Precision, open_folder
from calligram.nano.vocabulary import Ids

Floats = npt.NDArray[np.float32]
Done = TypeVar("Done")
BATCH_TOKENS = 2048
"""Tokens in one batch: large enough that matrix products run at full speed, small enough for the cache."""


@dataclass(frozen=True)
class Cache:
    """What the network keeps of the tokens so far.

    Args:
        parts: key and value of each layer, each ``(N, heads, length, head width)``.
        length: tokens so far.
    """

    parts: tuple[Floats, ...]
    length: int

    def take(self, places: Ids) -> "Cache":
        """Return the cache of some of its sequences, in the given order, repeated where asked."""
        return Cache(tuple(part[places] for part in self.parts), self.length)


class Runner:
    """A network ready to run, whatever its tokens spell.

    Args:
        session: onnxruntime's, of a graph as :mod:`calligram.nano.graph` writes it.
        config: ``config.json``.
        table: the embedding of every token, which is the output matrix too, ``(tokens, width)``.
        threads: batches run side by side; None is one for each core this process may use.
    """

    def __init__(
        self, session: Any, config: Mapping[str, Any], table: Floats, threads: int | None = None
    ) -> None:
        self.config, self.table, self.threads = config, table, threads or available_cores()
        self._session = session
        self._cache_inputs = [entry.name for entry in session.get_inputs()[5:]]
        self._outputs = [entry.name for entry in session.get_outputs()]

    @property
    def positions(self) -> int:
        """The longest text in tokens."""
        return int(self.config["max_position_embeddings"])

    def head(self, tokens: Ids | None = None) -> Floats:
        """Return what is needed to score some tokens (None is all), ``(width, tokens)``."""
        table = self.table if tokens is None else self.table[tokens]
        return np.ascontiguousarray(table.T)

    def run(
        self, ids: Ids, head: Floats, cache: Cache | None = None, asked: Ids | None = None
    ) -> tuple[Floats, Cache]:
        """Return scores, and the cache with the tokens added.

        Args:
            ids: ``(N, T)``; behind a cache of several sequences T is 1.
            head: of the tokens to score, from :meth:`head`.
            cache: what came before, or None.
            asked: places in the ``N * T`` tokens behind which scores are wanted; None is the last of each
                sequence.

        Returns:
            Scores ``(asked, K)``, and the new cache.
        """
        scores, *parts = self._session.run(self._outputs, self._feed(ids, head, cache, asked))
        if asked is None:
            scores = scores[: len(ids)]
        return scores, Cache(tuple(parts), ids.shape[1] + (cache.length if cache else 0))

    def scores(self, ids: Ids, head: Floats, asked: Ids | None = None) -> Floats:
        """Return scores as :meth:`run` does, without keeping a cache."""
        scores: Floats = self._session.run(self._outputs[:1], self._feed(ids, head, None, asked))[0]
        return scores if asked is not None else scores[: len(ids)]

    def _feed(
        self, ids: Ids, head: Floats, cache: Cache | None, asked: Ids | None
    ) -> dict[str, npt.NDArray[Any]]:
        count, length = ids.shape
        before = cache.length if cache else 0
        if before + length > self.positions:
            raise ModelError(
                f"the text has {before + length} tokens, but the model reads at most "
                f"{self.positions}: give it a shorter text or a smaller picture"
            )
        parts = cache.parts if cache else [self._empty(count)] * len(self._cache_inputs)
        feed: dict[str, npt.NDArray[Any]] = dict(zip(self._cache_inputs, parts, strict=True))
        feed["ids"], feed["head"] = np.ascontiguousarray(ids, np.int64), head
        feed["asked"] = _last_places(count, length) if asked is None else asked
        feed["last"] = np.full(count, before + length - 1, np.int32)
        feed["total"] = np.array([before + length], np.int32)
        return feed

    def _empty(self, count: int) -> Floats:
        shape = (count, self.config["num_key_value_heads"], 0, self.config["head_dim"])
        return np.zeros(shape, np.float32)

    def logits(self, ids: Ids) -> Floats:
        """Return the scores of every token after every token, ``(N, T, tokens)``; meant for small texts."""
        return self.scores(ids, self.head(), np.arange(ids.size)).reshape(*ids.shape, -1)

    def score(self, ids: Ids, tokens: Ids) -> Floats:
        """Return the scores of some tokens after each text, ``(N, len(tokens))``, any number of texts.

        Args:
            ids: ``(N, T)``.
            tokens: the candidates.
        """
        head = self.head(tokens)
        parts = self.in_batches(lambda part: self.scores(part, head), ids)
        return np.concatenate(parts) if parts else np.zeros((0, len(tokens)), np.float32)

    def in_batches(
        self, work: Callable[[Ids], Done], ids: Ids, most_tokens: int = BATCH_TOKENS
    ) -> list[Done]:
        """Return what a function gives for each batch of texts, in order; batches run side by side.

        Args:
            work: takes ``(n, T)``; must be safe on several threads.
            ids: ``(N, T)``.
            most_tokens: tokens in one batch, at least one text.
        """
        size = max(1, most_tokens // max(1, ids.shape[1]))
        size = max(1, min(size, -(-len(ids) // self.threads)))
        parts = [ids[start : start + size] for start in range(0, len(ids), size)]
        return self.side_by_side(work, parts)

    def side_by_side(self, work: Callable[[Any], Done], parts: Sequence[Any]) -> list[Done]:
        """Return what a function gives for each part, in order, on as many threads as the engine may use."""
        if self.threads == 1 or len(parts) < 2:
            return [work(part) for part in parts]
        with ThreadPoolExecutor(min(self.threads, len(parts))) as pool:
            return list(pool.map(work, parts))


class Engine(Runner):
    """A language model ready to run.

    Args:
        folder: an opened model folder, or its path.
        precision: which of its graphs to run, ``"float32"`` or ``"int8"``.
        threads: batches run side by side; None is one for each core this process may use.

    Raises:
        ModelError: a file is missing, damaged, or does not fit the others.
    """

    def __init__(
        self,
        folder: ModelFolder | str | Path = SHIPPED,
        precision: Precision = "float32",
        threads: int | None = None,
    ) -> None:
        self.folder = folder if isinstance(folder, ModelFolder) else open_folder(folder)
        self.vocabulary = self.folder.vocabulary
        self.precision = precision
        session = open_session(self.folder.graph(precision))
        super().__init__(session, self.folder.config, self.folder.table, threads)


def _last_places(count: int, length: int) -> Ids:
    """Return the last place of each text; that of a single text twice.

    A product of one row is rounded otherwise than one of several rows, so a text alone would come out a hair
    different from the same text among others.
    """
    places = np.arange(1, count + 1) * length - 1
    return np.repeat(places, 2) if count == 1 else places


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def open_session(path: Path, weights: Mapping[str, Floats] | None = None) -> Any:
    """Return onnxruntime's session of a graph.

    Args:
        path: the graph's file.
        weights: arrays that the graph names and does not hold; None where it finds them itself.

    Raises:
        ModelError: the graph or its weights are damaged.
    """
    import onnxruntime

    wanted = onnxruntime.SessionOptions()
    wanted.intra_op_num_threads = wanted.inter_op_num_threads = 1
    wanted.log_severity_level = 4  # what goes wrong is raised, and needs no second telling
    # the graph is written with fused nodes already: looking for more only costs time at the start
    wanted.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        if weights is not None:
            given = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in weights.values()]
            wanted.add_external_initializers(list(weights), given)
        return onnxruntime.InferenceSession(str(path), wanted, providers=["CPUExecutionProvider"])
    except Exception as fault:  # onnxruntime raises classes of its own, without a common base
        raise ModelError(
            f"{path} cannot be loaded together with {WEIGHTS} ({str(fault).splitlines()[0]}): "
            "copy the whole model folder again, or install calligram again"
        ) from fault
