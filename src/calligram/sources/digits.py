"""The 1,797 scanned digits that scikit-learn carries, so that a machine without a network can train."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram.errors import MissingExtraError, SourceError
from calligram.settings import option
from calligram.sources._arrays import ArraySource
from calligram.sources._framing import frame_ink
from calligram.sources._known import DIGITS
from calligram.sources._parts import check_part, part_of
from calligram.sources.base import Source


@dataclass(frozen=True)
class Options:
    """How large the scans are shown."""

    framed: int = option(
        1, "1 frames each scan in 28 x 28 as MNIST does, 0 keeps it 8 x 8", minimum=0, maximum=1
    )


def load(place: str, split: str, options: Options) -> Source:
    """Return scikit-learn's digits, parted by content: a tenth valid, a tenth test, the rest train.

    Args:
        place: must be empty; the scans come with scikit-learn.
        split: ``"train"``, ``"valid"``, ``"test"`` or ``"all"``.

    Raises:
        MissingExtraError: scikit-learn is not installed.
        SourceError: a place or an unknown split was given.

    Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
        Repository, 1998, CC BY 4.0; its test part.
    """
    if place:
        raise SourceError(f"the source digits takes no place, but was given {place!r}: write digits:")
    check_part(split, "digits")
    scans, labels = _bundled()
    parts = np.array([part_of(scan.tobytes()) for scan in scans])
    chosen = np.flatnonzero(parts == split) if split != "all" else np.arange(len(scans))
    images = np.stack([_framed(scan) for scan in scans[chosen]]) if options.framed else scans[chosen]
    licence = "Optical Recognition of Handwritten Digits by E. Alpaydin and C. Kaynak, UCI, CC BY 4.0"
    return ArraySource("digits:", split, images, labels[chosen], DIGITS, "digit", licence)


def _bundled() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    try:
        from sklearn.datasets import load_digits
    except ImportError as fault:
        raise MissingExtraError("sklearn", "train", "the source digits") from fault
    bundle = load_digits()
    return np.rint(bundle.images * (255 / 16)).astype(np.uint8), bundle.target.astype(np.int64)


def _framed(scan: NDArray[np.uint8]) -> NDArray[np.uint8]:
    large = Image.fromarray(scan).resize((32, 32), Image.Resampling.BICUBIC)
    # the resize leaves a faint rim, which would count as ink
    return frame_ink(large.point(lambda grey: grey if grey >= 24 else 0))
