"""Which pictures were read right, one bit a picture, so that two evaluations can be paired later."""

import base64
import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from calligram.errors import FormatError
from calligram.evaluation.examples import LabelledGrids
from calligram.metrics.base import Answers, Figures

Flags = npt.NDArray[np.bool_]


def pack_flags(flags: Flags) -> str:
    """Return flags as base64 of eight to a byte, the first in the highest bit.

    >>> pack_flags(np.array([True, False, True]))
    'oA=='
    """
    return base64.b64encode(np.packbits(flags).tobytes()).decode("ascii")


def unpack_flags(text: str, count: int) -> Flags:
    """Return the flags that :func:`pack_flags` wrote.

    Raises:
        FormatError: the text holds another number of flags.
    """
    try:
        packed = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    except ValueError as fault:
        raise FormatError(f"the outcomes are no base64 ({fault}): take a file as it was written") from fault
    if len(packed) != -(-count // 8):
        raise FormatError(
            f"the outcomes hold {len(packed)} bytes, but {count} pictures need {-(-count // 8)}: "
            "take a file as it was written"
        )
    return np.unpackbits(packed, count=count).astype(np.bool_)


def tell_outcomes(answers: Answers, examples: LabelledGrids) -> Figures:
    """Return ``n``, ``pictures`` (a checksum of images and labels, in order) and ``right`` (base64 bits)."""
    return {
        "n": len(examples),
        "pictures": digest_pictures(examples.digests, examples.labels, examples.classes),
        "right": pack_flags(answers.top == answers.truth),
    }


def digest_pictures(digests: Sequence[bytes], labels: npt.NDArray[np.int64], classes: Sequence[str]) -> str:
    """Return a checksum (hex) of images and their classes, in order, whatever layout they are read in."""
    made = hashlib.blake2b(digest_size=16)
    for digest, label in zip(digests, labels, strict=True):
        made.update(digest + classes[label].encode() + b"\0")
    return made.hexdigest()
