"""What a writer should not learn: names of private people, catalogue numbers, loans, events, references.

A text is taken apart into sentences, and a sentence that tells of such things is left out. A caption of
people who are not known to the public is left out whole where it may name anybody: it holds a title such as
Mrs., or a word with a capital inside that is not among the places and days that are allowed.
"""

import re
from collections.abc import Sequence
from pathlib import Path

SENTENCE = re.compile(
    r"(?<=[.!?”\"])(?<!\b[A-Z]\.)(?<!\b(?:Mr|Dr|St|Jr|Sr|ca)\.)(?<!\bMrs\.)(?<!\bc\.)\s+(?=[“\"(A-Z])"
)
SHORTEST, LONGEST_SENTENCE = 3, 120
"""Words: a text or sentence outside is left out."""
HEADING_WORDS = 6
"""A line of at most so many words without a full stop is a heading, and is left out of a longer text."""

UNWANTED = re.compile(
    r"""
    \b(gift|bequest|museum\ purchase|purchased?)\ (of|from|by)\b | \bacquired\ by\b | \bon\ loan\b
    | \blent\ by\b | \bdonated\b | \baccession | \binv(entory)?\.?\ ?nos?\.? | \bcat(alogue)?\.?\ nos?\.
    | \bnos?\.\ ?\d | \bExh\. | \bexh\. | \bcat\.\ | \bet\ al\. | \bDiss\. | \b\d{4}[a-z]?\.\ [“"]
    | ^[^\w“"'‘(\[]
    | \ ,|:\ ?,|,\ ?,|\ \.(?!\.) | \(see\b | \bsee\ note | \bcf\. | :\ [\w\ ]+\ Press\b
    | \d{2,4}\.[A-Z]{1,3}\.\d | \b\d{2,4}\.\d+(\.\d+)*[a-z–-]*(?=[^\d%]) | \bW\d{4}\b | \bNPG\b | \bWAM\b
    | \bfigs?\.? | \bpls?\.\ ?\d | \bplates?\ \d | \bpp?\.\ ?\d | \bvols?\.\ ?\d | \bed\.|\beds\. | \bibid\b
    | \(\) | \(\s*[,;]|\[\.\.\.\] | ↗ | https?: | www\. | @ | \bISBN\b
    | \bexhibit(ed|ion)\ (label|at|on|in|held|organi|runs?|will|is\ on) | \bexhibition\ label\b
    | \bin\ conjunction\ with\b | \bon\ view\b | \bon\ display\b | \bon\ the\ occasion\ of\b
    | \bpodcasts?\b | \bsymposium\b | \blectures?\b | \blecturer\b | \brecorded\ (on|in|at|by)\b | \bsponsor
    | \bcurators?\b | \bconservator\b | \bprofessor\b | \badmission\b | \bsupported\ by\b | \bmade\ possible\b
    | \bfund(s|ing|ed)?\b | \bendowment\b | \bin\ this\ (video|audio|film|program|episode|talk|series)\b
    | \bNational\ Gallery\ of\ Art\b | \bJ\.\ Paul\ Getty\b | \bLuce\b | \bSmithsonian\b | \bSAAM\b
    | \bUniversity\ Press\b | \bPublications?,\ | \bPress,\ \d{4} | \bWashington,\ D\.C\.(:|\ and\ )
    | \beditor\b | \bunpublished\b | \bvertical\ file | \bartist\ file | \binterview\ with\b
    | \bletter\ (to|from|of)\b
    | \b\d{1,2},\ \d{4}[)\]] | \bsq\.|\bcm\b|\bmm\b | \bl\.\ to\ r\.
    """,
    re.VERBOSE | re.IGNORECASE,
)

ALLOWED = frozenset(Path(__file__).with_name("prose_allowed.txt").read_text(encoding="utf-8").split())
"""Words with a capital that name no person: places, days, firms, as captions have them."""
TITLES = re.compile(
    r"\b(Mr|Mrs|Miss|Ms|Dr|Rev|Reverend|Sgt|Pvt|Capt|Lt|Judge|Mayor|Bishop|Father|Sister|Rabbi)\b\.?"
)


def clean(text: str) -> str:
    """Return a text without the sentences that should not be learnt; paragraphs stay, empty if none is left.

    >>> clean("A river at dusk. Gift of a friend, 1985.66.120. Two boats drift by the far shore.")
    'A river at dusk. Two boats drift by the far shore.'
    """
    lines = [_plain(line) for line in text.split("\n")]
    lines = _without_provenance([line for line in lines if line])
    longer = len(lines) > 1
    paragraphs = (_kept(line) for line in lines if not (longer and _is_heading(line)))
    cleaned = "\n".join(part for part in paragraphs if part)
    return cleaned if len(cleaned.split()) >= SHORTEST else ""


def _is_heading(line: str) -> bool:
    return len(line.split()) <= HEADING_WORDS and line[-1] not in '.!?"”'


def _without_provenance(lines: Sequence[str]) -> list[str]:
    """Return a text's lines without those between the heading Provenance and the next heading."""
    kept, inside = [], False
    for line in lines:
        inside = line == "Provenance" or (inside and not _is_heading(line))
        if not inside:
            kept.append(line)
    return kept


def _kept(paragraph: str) -> str:
    sentences = SENTENCE.split(paragraph)
    return " ".join(each for each in sentences if each and not UNWANTED.search(each) and _usable(each))


def _usable(sentence: str) -> bool:
    words = sentence.split()
    return len(words) <= LONGEST_SENTENCE and any(len(word) > 2 for word in words)


def _plain(text: str) -> str:
    """Return a line with single spaces, plain quotes kept, and no marks of reference."""
    text = re.sub(r"\\[()]|\*+|_{2,}|†|‡|<[^>]*>", "", text.replace("\u00a0", " ").replace("---", "—"))
    return " ".join(text.split())


def names_somebody(caption: str) -> bool:
    """Return whether a caption may name a person: a title, or a capital inside that no place or day explains.

    >>> names_somebody("Portrait of woman wearing dark coat, in Harris Studio")
    False
    >>> names_somebody("Bride Esther Nixon and groom in restaurant")
    True
    """
    if TITLES.search(caption):
        return True
    words = re.sub(r'"[^"]*"|“[^”]*”', "", caption).split()
    inside = (word.strip(".,;:()[]?!") for word in words[1:])
    return any(word[:1].isupper() and word not in ALLOWED and f"{word}." not in ALLOWED for word in inside)
