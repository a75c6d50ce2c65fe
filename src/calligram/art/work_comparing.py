"""Two drafts beside each other: which facts of an image differ, or which words of a text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Mark = Literal["same", "gone", "new"]

NUMBERS: Mapping[str, tuple[str, float, str]] = {
    "lightness": ("lightness", 3, "of 100"),
    "contrast": ("contrast", 0.02, "of at most 0.5"),
    "colourfulness": ("colourfulness", 5, ""),
    "warmth": ("warmth", 0.06, "on -1 to 1"),
    "empty_space": ("empty space", 0.05, "of 1"),
    "complexity": ("complexity", 0.25, "bits a pixel"),
    "edge_density": ("edges", 0.03, "of 1"),
    "texture": ("texture", 0.6, ""),
    "symmetry_left_right": ("left-right symmetry", 0.1, "of 1"),
    "symmetry_top_bottom": ("top-bottom symmetry", 0.1, "of 1"),
}
"""Facts that are numbers: how they are called, the smallest difference that is told, and the unit."""

WORDS = {
    "main_colour": "main colour",
    "colour_or_grey": "colour or grey",
    "temperature": "temperature",
    "light_or_dark": "light or dark",
    "key": "key",
    "centre": "centre of weight",
    "orientation": "orientation",
    "symmetrical": "symmetrical",
    "busy_or_empty": "busy or empty",
    "make": "kind of picture, as a guess",
}
"""Facts that are words, and how they are called."""

LEAST_SHARE = 0.06
"""Colours with less of a picture do not count as having come or gone."""

_TOKEN = re.compile(r"\s+|\w+(?:['’]\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Difference:
    """What differs between two drafts.

    Args:
        lines: a clause each, most telling first; empty where nothing differs.
        marks: of two texts, stretches that stayed, went or came; empty for images.
    """

    lines: tuple[str, ...]
    marks: tuple[tuple[Mark, str], ...] = ()


def compare_things(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Return what differs between two drafts, each as a work keeps it."""
    forms = before["form"], after["form"]
    if forms == ("text", "text"):
        return compare_texts(before["text"], after["text"])
    if forms == ("image", "image"):
        return Difference(tuple(compare_facts(before["facts"], after["facts"])))
    return Difference((f"the first is {_a(forms[0])}, the second {_a(forms[1])}",))


def compare_facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield what differs between the facts of two images, a clause each."""
    sizes = [f"{facts.get('width_px')} x {facts.get('height_px')}" for facts in (before, after)]
    if sizes[0] != sizes[1]:
        yield f"size: from {sizes[0]} to {sizes[1]} pixels"
    for key, name in WORDS.items():
        if before.get(key) != after.get(key):
            yield f"{name}: from {before.get(key)} to {after.get(key)}"
    for key, (name, least, unit) in NUMBERS.items():
        one, other = before.get(key), after.get(key)
        if one is not None and other is not None and abs(other - one) >= least:
            verb = "rose" if other > one else "fell"
            yield f"{name} {verb} from {_short(one)} to {_short(other)} {unit}".rstrip()
    yield from _colours(before.get("palette", ()), after.get("palette", ()))


def _short(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _colours(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    shares = [{one["name"]: one["share"] for one in palette} for palette in (before, after)]
    for verb, here, there in (("came", shares[1], shares[0]), ("went", shares[0], shares[1])):
        names = [name for name, share in here.items() if share >= LEAST_SHARE and name not in there]
        if names:
            yield f"colours that {verb}: " + ", ".join(f"{name} ({here[name]:.0%})" for name in names)


def compare_texts(before: str, after: str) -> Difference:
    """Return what differs between two texts, word by word.

    >>> compare_texts("a slow river", "a wide river").lines
    ('1 word went, 1 came, of 3',)
    """
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    marks: list[tuple[Mark, str]] = []
    for kind, first, last, start, end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            marks.append(("same", "".join(one[first:last])))
            continue
        if last > first:
            marks.append(("gone", "".join(one[first:last])))
        if end > start:
            marks.append(("new", "".join(other[start:end])))
    gone, new = (sum(_words(text) for mark, text in marks if mark == kind) for kind in ("gone", "new"))
    told = f"{gone} {'word' if gone == 1 else 'words'} went, {new} came, of {_words(before)}"
    if not gone and not new:
        told = "only signs between the words differ" if before != after else ""
    return Difference((told,) if told else (), tuple(marks))


def _words(text: str) -> int:
    return len(re.findall(r"\w+(?:['’]\w+)*", text))


def _a(form: str) -> str:
    return f"an {form}" if form[:1] in "aeiou" else f"a {form}"
