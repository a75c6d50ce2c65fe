"""What words ask of the adversarial painter: how probable each of its kinds and colours is.

The words are represented by our own writer (:mod:`calligram.painters.adversarial.representation`). A small
adapter of two layers, taught by ``python -m calligram.training.painter_words``, turns that into
probabilities, and says how sure it is that they name any of its kinds at all.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from calligram.errors import ModelError, RequestError
from calligram.nano.weights import read_weights
from calligram.nano.writer_folder import WriterEngine, open_writer
from calligram.painters.adversarial.framing import without_frame
from calligram.painters.adversarial.kinds import COLOURS, KINDS
from calligram.painters.adversarial.representation import Floats, represent

ADAPTER = "words.safetensors"
SHIPPED_ADAPTER = Path(__file__).parent / "weights" / ADAPTER
"""The adapter that comes with Calligram."""
MOST_TOKENS = 400
"""Longer words are refused."""


@dataclass(frozen=True)
class Understood:
    """What words were understood as.

    Args:
        words: without what frames them.
        kinds: the probability of each kind if they name one, ``(kinds,)``, sum 1.
        colours: the probability of each colour, the last one that none is named, ``(colours,)``, sum 1.
        confidence: the probability that they name one of the kinds.
        known: whether that is enough to paint them.
    """

    words: str
    kinds: Floats
    colours: Floats
    confidence: float
    known: bool

    @property
    def nearest(self) -> str:
        """The most probable kind's name."""
        return KINDS[int(self.kinds.argmax())]

    @property
    def colour(self) -> str:
        """The most probable colour's name; empty where none is named."""
        return COLOURS[int(self.colours.argmax())]

    def told(self) -> str:
        """Return kind, probability and colour in a few words, as ``"cat 0.93, red"``."""
        kind = f"{self.nearest} {self.kinds.max():.2f}"
        return f"{kind}, {self.colour}" if self.colour else kind


@dataclass(frozen=True)
class Adapter:
    """Two layers from the writer's representation to kinds and colours.

    Args:
        mean: of each number of the representation.
        scale: by which each is divided then.
        first: ``(hidden, inputs)``.
        first_bias: ``(hidden,)``.
        second: ``(kinds + 1 + colours, hidden)``; the one behind the kinds is that none is named.
        second_bias: as many.
        sharpness: by which the scores of kinds and of colours are multiplied, ``(2,)``.
        threshold: the confidence from which words are known, ``(1,)``.
    """

    mean: Floats
    scale: Floats
    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats
    sharpness: Floats
    threshold: Floats

    def probabilities(self, represented: Floats) -> tuple[Floats, Floats]:
        """Return the probabilities of kinds and none, ``(N, kinds + 1)``, and of colours, ``(N, colours)``.

        Args:
            represented: as :func:`represent` returns it.
        """
        inputs = (represented - self.mean) / self.scale
        hidden = np.maximum(inputs @ self.first.T + self.first_bias, 0)
        scores = hidden @ self.second.T + self.second_bias
        kinds, colours = np.split(scores, [len(KINDS) + 1], axis=1)
        return _softmax(kinds * self.sharpness[0]), _softmax(colours * self.sharpness[1])

    def understood(self, words: str, kinds: Floats, colours: Floats) -> Understood:
        """Return what one row of each probability means."""
        confidence = float(kinds[:-1].sum())
        known = confidence >= float(self.threshold[0])
        return Understood(words, kinds[:-1] / max(confidence, 1e-12), colours, confidence, known)


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def open_adapter(path: Path = SHIPPED_ADAPTER) -> Adapter:
    """Return an adapter from its file.

    Raises:
        ModelError: it is missing, damaged, or for other kinds or colours.
    """
    found = read_weights(path)
    wanted = set(Adapter.__dataclass_fields__)
    rows = len(KINDS) + 1 + len(COLOURS)
    if set(found) != wanted or len(found["second"]) != rows:
        raise ModelError(
            f"{path} is no adapter for {len(KINDS)} kinds and {len(COLOURS)} colours: install calligram "
            "again, or teach it again with 'python -m calligram.training.painter_words'"
        )
    return Adapter(**{name: np.array(array, np.float32) for name, array in found.items()})


@dataclass(frozen=True)
class Listener:
    """The writer together with an adapter.

    Args:
        engine: the writer.
        adapter: taught on that writer's representation.
    """

    engine: WriterEngine
    adapter: Adapter

    def understand(self, words: str) -> Understood:
        """Return what words ask for.

        Raises:
            RequestError: there are none, or too many.
        """
        bare = without_frame(words)
        tokens = len(self.engine.vocabulary.encode(bare))
        if not bare:
            raise RequestError(f"{words!r} holds no word to paint: say what to paint, as 'a red cat'")
        if tokens > MOST_TOKENS:
            raise RequestError(
                f"the words have {tokens} tokens, but the painter adversarial takes at most {MOST_TOKENS}: "
                "name one thing in a few words"
            )
        kinds, colours = self.adapter.probabilities(represent(self.engine, [bare]))
        return self.adapter.understood(bare, kinds[0], colours[0])


@cache
def listener() -> Listener:
    """Return the shipped writer with the shipped adapter, opened once."""
    return Listener(WriterEngine(open_writer(), threads=1), open_adapter())


def understand(words: str) -> Understood:
    """Return what words ask of the painter, by the writer and the adapter that come with Calligram.

    Args:
        words: "a red cat", "please draw me a feline!", "5".

    Raises:
        RequestError: there are none, or too many.
        ModelError: a file of the writer or of the adapter is missing or damaged.
    """
    return listener().understand(words)
