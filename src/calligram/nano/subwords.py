"""The writer's vocabulary: subwords of a SentencePiece model, text to numbers and back without loss.

Source: T. Kudo, Subword Regularization, 2018 (the unigram model); T. Kudo and J. Richardson, SentencePiece,
2018. Unknown characters are spelled in bytes, spaces and line breaks are kept as they are.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from calligram.errors import ModelError
from calligram.nano.vocabulary import END

SPACE = "\u2581"
"""How SentencePiece writes a space inside a token."""


class Subwords:
    """A vocabulary of subwords, with the interface of :class:`calligram.nano.vocabulary.Vocabulary`.

    Args:
        path: a file that SentencePiece wrote.

    Raises:
        ModelError: there is no such file, or it is damaged.
    """

    def __init__(self, path: str | Path) -> None:
        import sentencepiece

        self._processor: Any = sentencepiece.SentencePieceProcessor()
        try:
            self._processor.LoadFromSerializedProto(Path(path).read_bytes())
        except (OSError, RuntimeError) as fault:
            raise ModelError(
                f"the vocabulary {path} cannot be read ({str(fault).splitlines()[0]}): copy the whole model "
                "folder again, or install calligram again"
            ) from fault
        self._cut: Any = self._processor.EncodeAsIds

    def __len__(self) -> int:
        return int(self._processor.GetPieceSize())

    @cached_property
    def ids(self) -> dict[str, int]:
        """Each token's number, by its text; the end of a text is ``</s>``."""
        return {self._processor.IdToPiece(number): number for number in range(len(self))}

    @property
    def end(self) -> int:
        """The number of the token that ends a text."""
        return self.ids[END]

    @cached_property
    def spellings(self) -> list[bytes]:
        """Each token's bytes; the end and other marks have none."""
        return [self._spelling(number) for number in range(len(self))]

    def _spelling(self, number: int) -> bytes:
        piece: str = self._processor.IdToPiece(number)
        if self._processor.IsByte(number):
            return bytes([int(piece[3:5], 16)])
        if self._processor.IsControl(number) or self._processor.IsUnknown(number):
            return b""
        return piece.replace(SPACE, " ").encode()

    def encode(self, text: str) -> list[int]:
        """Return the token numbers of a text; :meth:`decode` gives the very same text again."""
        ids: list[int] = self._cut(text)
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of token numbers; bytes that are no UTF-8 become U+FFFD."""
        return b"".join(self.spellings[number] for number in ids).decode("utf-8", errors="replace")
