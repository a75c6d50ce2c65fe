"""Imagining: what a model that only goes on with texts adds to measured sentences, and rests on nothing."""

import re
from collections.abc import Sequence

from calligram.art.colour_names import plain_word
from calligram.art.fact import Facts
from calligram.art.grounding import Statement, contradictions, split_sentences
from calligram.errors import ModelError
from calligram.models.base import Model, SamplingOptions, Writing, Written
from calligram.nano.fields import Fields, Kind, spell_fields

DRAFTS = 6
"""So many are written, of which one is kept that contradicts no fact, if there is one."""
MOST_TOKENS = 64
MOST_SENTENCES = 1
COLOURS = 3
"""So many colours of the palette are told to a writer that takes fields."""
TOP_K, TOP_P = 50, 0.95

_HISTORY = re.compile(
    r"\b(?:artist|painter|paint\w+|sign\w+|title|name|original|work|image|picture)\b", re.IGNORECASE
)

BEHIND = "It might show"
"""How what is imagined begins, so that nobody takes it for what is seen."""

_THING = re.compile(
    rf"{BEHIND} (?:an?|the|one|two|three|four|several|some|many|people|men|women|children|figures)\b"
)
"""What has to follow it: a thing that can be shown."""


def imagine(
    model: Model, facts: Facts, measured: str, kind: Kind, seed: int, temperature: float
) -> tuple[Statement, ...]:
    """Return a sentence that a model imagines, or none where it says nothing whole.

    Args:
        model: one that goes on with texts.
        facts: of the image; the names of its main colours are told to a writer that takes fields.
        measured: what is said of the image already, told to any other.
        kind: of text, for a writer that takes fields.
        seed: decides what comes, where the model takes one.
        temperature: of sampling.

    Raises:
        ModelError: the model does not write, or gives no answer.
    """
    if not isinstance(model, Writing):
        raise ModelError(
            f"the model {model.name!r} neither writes nor follows instructions: name another, as "
            "builtin:writer"
        )
    takes_fields = "kinds" in model.describe()
    told = spell_fields(Fields(kind, colours=_colours(facts))) if takes_fields else f"{measured} "
    options = SamplingOptions(temperature=temperature, top_k=TOP_K, top_p=TOP_P, seed=seed * DRAFTS)
    drafts = [_whole(f"{BEHIND}{each.text}") for each in _write(model, told + BEHIND, options)]
    drafts = [draft for draft in drafts if draft]
    if not drafts:
        return ()
    best = min(drafts, key=lambda draft: _faults(" ".join(draft), facts))
    return tuple(Statement(text, origin="imagined", faults=contradictions(text, facts)) for text in best)


def _faults(text: str, facts: Facts) -> int:
    """Return how little a draft is wanted: contradictions, talk of a work instead of a scene, no thing."""
    return len(contradictions(text, facts)) + bool(_HISTORY.search(text)) + 2 * (not _THING.match(text))


def _write(model: Writing, opening: str, options: SamplingOptions) -> Sequence[Written]:
    return model.write(opening, DRAFTS, options, MOST_TOKENS)


def _whole(text: str) -> list[str]:
    """Return the first sentences of a text, those alone that end."""
    sentences = split_sentences(text.strip().split("\n")[0])
    return [each for each in sentences[:MOST_SENTENCES] if each.rstrip('"”’)')[-1:] in ".!?"]


def _colours(facts: Facts) -> tuple[str, ...]:
    plain = [plain_word(colour["name"]) for colour in facts["palette"]]
    return tuple(dict.fromkeys(plain))[:COLOURS]
