"""Generated: whether an image's own file says that a model took part in making it.

What is made from such an image has to say so too, or the mark would be lost at the first copy.
"""

import os

from calligram.errors import CalligramError
from calligram.picture.opening import read_bytes
from calligram.picture.options import Limits
from calligram.provenance.credentials import is_signed
from calligram.provenance.layouts.base import Telling
from calligram.provenance.reading import find
from calligram.provenance.sidecar import read_sidecar

GENERATED = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic")
"""Terms that say so. Source: IPTC NewsCodes, digitalsourcetype, as of 2024-10-23 (CC BY 4.0)."""

GENERATORS = ("prompt", "sampler", "steps")
"""What the tools that write no source type tell of images that a model made."""


def is_generated(path: str | os.PathLike[str]) -> bool:
    """Return whether an image's file, or the sidecar beside it, says that a model took part in making it.

    Content credentials are looked through for the terms, and not verified. A file that cannot be read says
    nothing, and neither does standard input, which can be read but once.
    """
    return os.fspath(path) != "-" and (_inside(path) or _beside(path))


def _inside(path: str | os.PathLike[str]) -> bool:
    try:
        content = read_bytes(path, Limits())
        if is_signed(content) and any(term.encode() in content for term in GENERATED):
            return True
        return any(map(_tells, find(content).tellings))
    except CalligramError:
        return False


def _beside(path: str | os.PathLike[str]) -> bool:
    try:
        beside = read_sidecar(path)
    except CalligramError:
        return False  # another tool's file of that name
    return beside is not None and _is_term(beside.label.source_type)


def _tells(telling: Telling) -> bool:
    """Return whether a layout tells so: by its source type, else by what generators tell."""
    if source := telling.fields.get("source_type") or telling.others.get("Source type"):
        return _is_term(str(source))
    return any(name in telling.fields for name in GENERATORS)


def _is_term(source_type: str) -> bool:
    return source_type.rpartition("/")[2] in GENERATED
