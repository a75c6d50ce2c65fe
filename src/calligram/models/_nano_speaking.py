"""What the package's own models share: they continue any text and tell how likely a text is."""

from collections.abc import Iterator, Sequence

import numpy as np

from calligram.models._spoken import Pieces, scored_pieces
from calligram.models._written import written_at
from calligram.models.base import SamplingOptions, Speaking, TokenScore
from calligram.nano.engine import Engine
from calligram.nano.generation import speak
from calligram.nano.writer_folder import WriterEngine


class NanoSpeaking(Speaking):
    """Speaks through an engine.

    Attributes:
        engine: the model at run time.
    """

    engine: Engine | WriterEngine

    @property
    def positions(self) -> int:
        return self.engine.positions

    def cut(self, text: str) -> list[int]:
        return self.engine.vocabulary.encode(text)

    def join(self, tokens: Sequence[int]) -> str:
        return self.engine.vocabulary.decode(tokens)

    def score_texts(self, texts: Sequence[str | Sequence[int]], top: int = 0) -> list[list[TokenScore]]:
        scored = []
        for text in texts:
            tokens = self._tokens(text)
            scores = self.engine.logits(np.array([tokens]))[0] if tokens else np.zeros((0, 0), np.float32)
            scored.append(scored_pieces(self.engine.vocabulary.spellings, tokens, scores, top))
        return scored

    def speak(
        self, prompt: str | Sequence[int], options: SamplingOptions, most_tokens: int, top: int = 0
    ) -> Iterator[TokenScore]:
        pieces = Pieces(self.engine.vocabulary.spellings)
        for token, scores in speak(self.engine, self._tokens(prompt), options, most_tokens):
            yield pieces.piece(token, scores, top)

    def written_at(self) -> int | None:
        return written_at(self.engine.folder.path)

    def _tokens(self, text: str | Sequence[int]) -> list[int]:
        return self.cut(text) if isinstance(text, str) else list(text)
