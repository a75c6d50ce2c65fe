"""Held-out images that a training is examined on."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Exam:
    """Validation images of one kind, never trained on.

    Args:
        kind: what is asked.
        answers: the class names.
        images: uint8 (N, 28, 28).
        labels: int64 (N,).
    """

    kind: str
    answers: tuple[str, ...]
    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
