"""Controlled words: terms of the Getty AAT by their numbers, and addresses of rights statements.

Only a dozen terms that Linked Art itself prescribes or shows are built in; all others come from a file that
the owner supplies, for the AAT's labels are not ours to ship. Source: Linked Art 1.0, "Required and
recommended vocabulary"; AAT, Getty Research Institute, ODC-By 1.0.
"""

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from calligram.art.record import Field
from calligram.errors import FormatError, InputError

AAT = "http://vocab.getty.edu/aat/"
TERMS: dict[str, str] = {
    "type of work": "300435443",
    "primary name": "300404670",
    "description": "300435416",
    "brief text": "300418049",
    "rights statement": "300435434",
    "dimensions statement": "300435430",
    "material statement": "300435429",
    "culture statement": "300435431",
    "period statement": "300435432",
    "production statement": "300435436",
    "credit statement": "300026687",
    "accession number": "300312355",
    "digital image": "300215302",
    "height": "300055644",
    "width": "300055647",
    "pixels": "300266190",
    "note": "300027200",
    "artwork": "300133025",
}
"""Terms that Linked Art classifies the parts of a record with."""
WORKS: dict[str, tuple[str, str]] = {
    "painting": ("300033618", "Painting"),
    "drawing": ("300033973", "Drawing"),
    "print": ("300041273", "Print"),
    "photograph": ("300046300", "Photograph"),
}
"""Kinds of work; none is stated unless the medium that was given says so."""
_WORK_WORDS = {
    "painting": r"\b(?:oil|tempera|acrylic|watercolou?r|gouache|fresco|painting)\b",
    "drawing": r"\b(?:pencil|graphite|chalk|charcoal|pen and|pastel|drawing)\b",
    "print": r"\b(?:etching|engraving|lithograph|woodcut|screenprint|aquatint|drypoint|print)\b",
    "photograph": r"\b(?:photograph|gelatin silver|albumen|daguerreotype|chromogenic)\b",
}
RIGHTS = {
    r"\bcc0\b|cc zero": "http://creativecommons.org/publicdomain/zero/1.0/",
    r"public domain mark|\bpublic domain\b": "http://creativecommons.org/publicdomain/mark/1.0/",
    r"\bno known copyright\b": "http://rightsstatements.org/vocab/NKC/1.0/",
    r"\ball rights reserved\b|\bin copyright\b": "http://rightsstatements.org/vocab/InC/1.0/",
}
_LICENCE = re.compile(
    r"\bcc[- ]by(?P<kind>(?:-(?:nc|sa|nd))*)(?:[- ](?P<version>[1-4]\.0))?\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://(creativecommons\.org|rightsstatements\.org)/[^\s<>\"')]+")


def aat(term: str) -> dict[str, str]:
    """Return a built-in term as Linked Art writes it: address, type and label.

    >>> aat("description")["id"]
    'http://vocab.getty.edu/aat/300435416'
    """
    return {"id": AAT + TERMS[term], "type": "Type", "_label": term.capitalize()}


def kind_of_work(medium: Field | None) -> str | None:
    """Return which of :data:`WORKS` a medium that was given or accepted says a work is, or None."""
    if medium is None or medium.standing not in ("given", "accepted"):
        return None
    found = [kind for kind, words in _WORK_WORDS.items() if re.search(words, medium.text, re.IGNORECASE)]
    return found[0] if len(found) == 1 else None


def rights_uri(text: str) -> str:
    """Return the address of the licence or statement that a text names, or an empty text.

    >>> rights_uri("CC0-1.0 (public domain)")
    'http://creativecommons.org/publicdomain/zero/1.0/'
    >>> rights_uri("CC BY-SA 4.0")
    'http://creativecommons.org/licenses/by-sa/4.0/'
    """
    if found := _ADDRESS.search(text):
        return re.sub(r"^https", "http", found.group().rstrip(".,;"))
    if found := _LICENCE.search(text):
        kind, version = found["kind"].lower(), found["version"] or "4.0"
        return f"http://creativecommons.org/licenses/by{kind}/{version}/"
    for words, address in RIGHTS.items():
        if re.search(words, text, re.IGNORECASE):
            return address
    return ""


class Vocabulary:
    """Terms that an owner supplies, found by their labels.

    Args:
        path: CSV with the columns ``id`` and ``label``, or JSON lines of such objects; an id is a number of
            the AAT or a whole address. Empty for none.

    Raises:
        InputError: the file cannot be read.
        FormatError: it holds no term.
    """

    def __init__(self, path: str | os.PathLike[str] = "") -> None:
        self._terms: dict[str, str] = {}
        for row in _rows(path) if os.fspath(path) else ():
            if row.get("id") and row.get("label"):
                self._terms.setdefault(str(row["label"]).strip().casefold(), _address(str(row["id"]).strip()))
        if os.fspath(path) and not self._terms:
            raise FormatError(f"{os.fspath(path)!r} holds no term: give each a column id and a column label")

    def __len__(self) -> int:
        return len(self._terms)

    def known(self, name: str, field: Field) -> Field:
        """Return a field with the address of its term, where there is one.

        Args:
            name: of the field; ``rights`` are known by the licence that they name.
            field: its value.
        """
        if name == "rights":
            return replace(field, uri=rights_uri(field.text))
        if name not in ("tags", "medium", "subject", "style", "period", "culture"):
            return field
        word = field.text.strip().casefold()
        found = (
            self._terms.get(word) or self._terms.get(word.removesuffix("s")) or self._terms.get(f"{word}s")
        )
        return replace(field, uri=found) if found else field


def _address(term: str) -> str:
    term = term.removeprefix("aat:")
    return term if term.startswith("http") else f"{AAT}{term}"


def _rows(path: str | os.PathLike[str]) -> Iterator[Mapping[str, object]]:
    try:
        content = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(
            f"the vocabulary {os.fspath(path)!r} cannot be read ({fault}): give CSV or JSON lines"
        ) from fault
    if content.lstrip()[:1] != "{":
        for row in csv.DictReader(io.StringIO(content, newline="")):
            yield {str(key).strip().lower(): value for key, value in row.items()}
        return
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            try:
                told = json.loads(line)
            except ValueError as fault:
                raise FormatError(
                    f"line {number} of the vocabulary {os.fspath(path)!r} is no JSON ({fault}): mend it",
                    line=number,
                ) from fault
            if isinstance(told, dict):
                yield told
