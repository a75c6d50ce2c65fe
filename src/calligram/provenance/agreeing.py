"""Agreeing: whether what a file says of its making agrees with itself, its sidecar and its pixels."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from calligram.picture.opening import read_bytes
from calligram.picture.options import Limits
from calligram.provenance.label import Label
from calligram.provenance.layouts.base import Text
from calligram.provenance.parameters import parameters_of
from calligram.provenance.reading import find, label_of, texts_in
from calligram.provenance.sidecar import Sidecar, digest_of, read_sidecar
from calligram.provenance.sizes import size_in_pixels
from calligram.provenance.xmp_reading import properties_of

PLACES = ("parameters", "UserComment", "calligram:Parameters")


@dataclass(frozen=True)
class Check:
    """One thing that was compared: whether it holds, and a sentence on it."""

    holds: bool
    sentence: str


@dataclass(frozen=True)
class Agreement:
    """Whether the label of one image agrees with itself.

    Args:
        label: the label inside, or else that of the sidecar; None where there is neither.
        checks: what was compared.
    """

    label: Label | None
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Return whether there is a label, and nothing contradicts it."""
        return self.label is not None and all(check.holds for check in self.checks)


def check_label(path: str | os.PathLike[str]) -> Agreement:
    """Return whether the label of an image agrees with itself.

    It tells of mistakes and of careless changes alone: whoever wants to can write any label. Who vouches for
    one is told by content credentials.

    Args:
        path: the image; a sidecar beside it is compared too.

    Raises:
        ImageError: the image or its sidecar cannot be read.
        LimitError: it is over a limit.
    """
    content = read_bytes(path, Limits())
    beside = read_sidecar(path)
    texts = list(texts_in(find(content).parts))
    inside = label_of(texts)
    checks = [*_inner(texts, inside, content), *(_outer(beside, inside, content) if beside else ())]
    return Agreement(inside or (beside.label if beside else None), tuple(checks))


def _inner(texts: list[Text], label: Label | None, content: bytes) -> Iterator[Check]:
    """Yield whether XMP is whole, and whether the text of art tools says the same."""
    properties = properties_of([text.words for text in texts if text.key == "xmp"])
    if label is None:
        if "calligram:Made" in properties:
            yield Check(False, "its XMP was a label of Calligram, but fields of it are gone or changed")
        return
    same = properties.get("Iptc4xmpExt:DigitalSourceType") == label.source_type
    yield Check(same, f"its digital source type {'fits' if same else 'does not fit'} how it was made")
    parameters = [text.words for text in texts if text.key in PLACES]
    if not parameters:
        yield Check(False, "its XMP is there, but the parameters that art tools read are gone")
    for words in parameters:
        same = words == parameters_of(label, size_in_pixels(content))
        yield Check(same, f"its parameters {'say' if same else 'do not say'} the same as its XMP")


def _outer(beside: Sidecar, inside: Label | None, content: bytes) -> Iterator[Check]:
    """Yield whether the sidecar says the same, and is of these pixels."""
    if inside is not None:
        same = inside == beside.label
        yield Check(same, f"its sidecar {'says' if same else 'does not say'} the same as the label inside")
    what = "pixels" if beside.digest.of == "pixels" else "drawing"
    same = digest_of(content) == beside.digest
    told = f"its {what} did not change since the sidecar was written"
    yield Check(same, told.replace("did not change", "changed") if not same else told)
