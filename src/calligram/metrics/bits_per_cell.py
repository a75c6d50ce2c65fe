"""How surprised the model is by pictures, in bits a cell."""

import numpy as np

from calligram.metrics.base import Figures, PictureSet

TITLE = "Bits per cell"
MEANING = "What a picture costs under the model, in bits a cell: lower is less surprising."
SUBJECT = PictureSet


def measure(pictures: PictureSet) -> Figures:
    """Return the mean cost of a picture under the model that was asked for its class.

    On pictures from a test split this is the held-out figure: lower is better. On the model's own drawings it
    says how sure the model was while it drew.

    Args:
        pictures: the pictures measured; those that are not well formed are left out.

    Returns:
        ``bits``: the mean in bits a cell, and ``standard_error`` of that mean; None where not measured.
    """
    bits = pictures.bits
    if bits is None or not len(bits):
        return {"bits": None, "standard_error": None}
    error = float(np.std(bits, ddof=1) / np.sqrt(len(bits))) if len(bits) > 1 else None
    return {"bits": float(np.mean(bits)), "standard_error": error}
