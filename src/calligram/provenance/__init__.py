"""Provenance: what a file says about its own making.

::

    label = Label("drawn", prompt="a red cat", painter="adversarial", seed=7)
    write_image("cat.png", image, label)     the image with its label inside
    labelled(content, ".png", label)         the same for bytes that are encoded already
    make_keys(name="Ada Lovelace")           a root and a leaf to sign with
    sign("cat.png")                          its content credentials, over every byte of it
    verify("cat.png").headline               whether it is as it was signed, and by whom
"""

from calligram.provenance.keys import Keys, make_keys, open_keys
from calligram.provenance.label import Label
from calligram.provenance.signing import Signed, sign
from calligram.provenance.signing_options import SignOptions
from calligram.provenance.verdict import Verdict
from calligram.provenance.verifying import verify
from calligram.provenance.writing import labelled, write_image

__all__ = [
    "Keys",
    "Label",
    "SignOptions",
    "Signed",
    "Verdict",
    "labelled",
    "make_keys",
    "open_keys",
    "sign",
    "verify",
    "write_image",
]
