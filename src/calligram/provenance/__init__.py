"""Provenance: what a file says about its own making.

::

    label = Label("drawn", prompt="a red cat", painter="adversarial", seed=7)
    write_image("cat.png", image, label)     the image with its label inside
    labelled(content, ".png", label)         the same for bytes that are encoded already
"""

from calligram.provenance.label import Label
from calligram.provenance.writing import labelled, write_image

__all__ = ["Label", "labelled", "write_image"]
