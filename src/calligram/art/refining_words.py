"""Other words for a brief, by rules: what is missed comes first, is said again, or is asked to be avoided."""

import re
from collections.abc import Iterator, Sequence

from calligram.art.refining_brief import Brief
from calligram.art.refining_rounds import RULES, Attempt, Round, best_of
from calligram.art.refining_wishes import QUALITIES, Found, Wish

GARMENT = "garment "
"""What stands before a garment that is looked for, whose own name says enough."""
SMALL_WORDS = frozenset("a an the in on with and of at most much very some".split())  # noqa: SIM905
FORMATS = ("upright", "wide", "square")
SIDES = 1.5
"""The longer side of an upright or wide format, as a multiple of the shorter one."""

_OF_PICTURE = re.compile(r"\b(?:picture|image|painting|drawing) of\b", re.IGNORECASE)


def revise_by_rules(brief: Brief, rounds: Sequence[Round]) -> Attempt:
    """Return what the next round asks for.

    Words whose round came nearer to the brief than all before are kept, for other seeds; else the next
    wording is tried that was not tried yet; when all were, the best ones again. A format that is missed is
    asked for in pixels.

    Args:
        brief: what an image should be.
        rounds: those before, at least one.
    """
    shots = [shot for each in rounds for shot in each.shots]
    best = best_of(shots)
    if best is None:
        missed: tuple[Found, ...] = ()
        kept = rounds[-1].attempt
    else:
        missed, kept = best.missed, rounds[best.round - 1].attempt
    if best is not None and best.round == rounds[-1].number and len(rounds) > 1:
        return _again(kept, "the last words came nearest: other seeds")
    tried = {each.attempt.words for each in rounds}
    avoid = _avoid(brief, missed)
    width, height = _size(missed, best.width if best else 0, best.height if best else 0, kept)
    refused = {(each.attempt.width, each.attempt.height) for each in rounds if not each.shots}
    if (width, height) in refused:
        width, height = kept.width, kept.height
    wordings = list(_wordings(brief, missed))
    if not all(each.shots for each in rounds):
        # a painter that refuses words takes few of them, unless it has painted nothing yet
        wordings = [(_subject(brief), "longer words were refused"), *(wordings if not shots else ())]
    for words, why in wordings:
        if words not in tried:
            return Attempt(words, avoid, width, height, RULES, why)
    if (width, height) != (kept.width, kept.height):
        return Attempt(kept.words, avoid, width, height, RULES, "the size that the brief asks for")
    return _again(kept, "all wordings were tried: the best words, other seeds")


def _again(kept: Attempt, why: str) -> Attempt:
    return Attempt(kept.words, kept.avoid, kept.width, kept.height, RULES, why)


def _wordings(brief: Brief, missed: Sequence[Found]) -> Iterator[tuple[str, str]]:
    """Yield ways to say a brief, each with why."""
    wanted = [wish for wish in brief.wishes if wish.wanted]
    missing = [found.wish for found in missed if found.wish in wanted]
    others = [_said(wish) for wish in (*missing, *wanted) if wish.kind in ("quality", "colours")]
    subject = _subject(brief)
    plain = _joined(" and ".join(wish.value for wish in wanted if wish.kind == "colour"), subject)
    whole = ", ".join([plain, *dict.fromkeys(others)])
    ways = [(whole, "what can be checked, in plain words"), (plain, "subject and colours in plain words")]
    # the fewer words, the less a small painter mishears
    yield from ways if any(wish.kind in ("quality", "colours") for wish in missing) else reversed(ways)
    said = [_said(wish) for wish in missing]
    if said:
        yield ", ".join([brief.words, *said, *said]), "what is missed is said again"
        yield ", ".join([*said, brief.words]), "what is missed comes first"
    yield subject, "the subject alone"
    yield f"a picture of {_with_article(subject)}", "the subject in a sentence"


def _subject(brief: Brief) -> str:
    """Return the subject as a painter is told it: as it can be read, else what no wish takes up."""
    wanted = [wish.value for wish in brief.wishes if wish.kind == "subject" and wish.wanted]
    if wanted:
        return wanted[0].removeprefix(GARMENT)
    rest = re.split(r"[,.;:!?]", brief.words, maxsplit=1)[0]
    for wish in brief.wishes:
        if wish.words:
            rest = re.sub(rf"\b{re.escape(wish.words)}\b", " ", rest, flags=re.IGNORECASE)
    words = [word for word in _OF_PICTURE.sub(" ", rest).split() if word.lower() not in SMALL_WORDS]
    return " ".join(words) or brief.words


def _with_article(subject: str) -> str:
    return f"{'an' if subject[0] in 'aeiou' else 'a'} {subject}"


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _said(wish: Wish) -> str:
    """Return a wish in words for a painter."""
    if wish.kind == "colours":
        return f"{wish.value} colours"
    return wish.value


def _avoid(brief: Brief, missed: Sequence[Found]) -> str:
    """Return what is to be avoided: said so, not wanted, or the opposite of what is missed."""
    unwanted = [wish.value for wish in brief.wishes if not wish.wanted]
    opposites = [
        QUALITIES[found.wish.value].opposite
        for found in missed
        if found.wish.kind == "quality" and found.wish.wanted
    ]
    parts = [*brief.avoid.split(", "), *unwanted, *opposites]
    return ", ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _size(missed: Sequence[Found], width: int, height: int, kept: Attempt) -> tuple[int | None, int | None]:
    """Return the size to ask for, which is another where a format is missed."""
    wanted = [found.wish.value for found in missed if found.wish.wanted and found.wish.value in FORMATS]
    if not wanted or not width:
        return kept.width, kept.height
    longer = max(width, height)
    shorter = round(longer / SIDES)
    sizes = {"upright": (shorter, longer), "wide": (longer, shorter), "square": (longer, longer)}
    return sizes[wanted[0]]
