"""How evenly the tones of an image are spread."""

import numpy as np

from calligram.metrics.base import Figures, Pixels

TITLE = "Entropy of tones"
MEANING = "How many tones are used and how evenly: 0 bits is one single tone, 8 bits all of 256 alike."
SUBJECT = Pixels


def measure(pixels: Pixels) -> Figures:
    """Return the Shannon entropy of the histogram of grey values.

    Args:
        pixels: the image; its grey is ``0.299 R + 0.587 G + 0.114 B``, rounded, in 256 steps.

    Returns:
        ``bits``: from 0 to 8.

    Source: C. E. Shannon, A mathematical theory of communication, 1948; the grey is that of ITU-R BT.601.
    """
    grey = np.floor(pixels.rgb @ np.array([0.299, 0.587, 0.114]) + 0.5).astype(np.int64)
    counts = np.bincount(grey.ravel(), minlength=256)
    shares = counts[counts > 0] / grey.size
    return {"bits": float(abs((shares * np.log2(shares)).sum()))}
