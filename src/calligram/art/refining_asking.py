"""What a model that follows instructions does for a brief: finds wishes, revises words, and reads images."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from calligram.art.asking import AskingOptions, ask
from calligram.art.eyes import Eyes
from calligram.art.refining_brief import Brief
from calligram.art.refining_budget import Budget, Counted
from calligram.art.refining_looks import Reader
from calligram.art.refining_rounds import Attempt, Round, best_of
from calligram.art.refining_wishes import KINDS, PLAIN_COLOURS, QUALITIES, Wish
from calligram.errors import InputError
from calligram.models.base import Reading, Talking, Turn
from calligram.painters.adversarial.kinds import ICONS

MOST_WORDS = 60
MOST_WISHES = 12
DISTRACTORS = 9
NONE = "none of these"
TEXT = {"type": "string", "minLength": 1}

WISHES = """A picture is to be painted from a brief. Which of its wishes can be checked on the picture?
List them: each with its kind; its value; "wanted", which is false where the brief asks for it not to be; and
"words", the very words of the brief that ask for it.
subject: what is shown, in one to three plain words.
colour: one of {colours}.
quality: one of {qualities}.
colours: how many colours at most, "1" to "6".
List nothing that the brief does not ask for.

The brief: {words}{avoid}"""

REVISE = """You choose the words for a painter that makes pictures from few words. It knows only what you say.
The brief: {words}{avoid}

Wished and checked: {wishes}

Tried so far:
{tried}

Write other words so that what is missed comes, and what is there stays: "words", at most {most} of them;
"avoid", what should not be in the picture, or nothing; and "why", one sentence."""

READ = """{eyes}

Which of these does the picture show best: {choices}? Answer with "shows", one of them, and "sure", how sure
you are of it, from 0 to 1. If none fits, say "{none}"."""


def ask_wishes(model: Talking, brief: Brief, asking: AskingOptions) -> Brief:
    """Return a brief with the wishes that a model finds besides those of the rules.

    A wish counts only with words of the brief behind it; of what the rules found already nothing is changed.

    Raises:
        ModelError: the model gives no answer that can be used.
    """
    told = WISHES.format(
        words=brief.words,
        avoid=_avoiding(brief.avoid),
        colours=", ".join(sorted(PLAIN_COLOURS)),
        qualities=", ".join(QUALITIES),
    )
    answer = ask(
        model, [Turn("user", told)], _wishes_schema(), lambda value: _wish_faults(value, brief), asking
    )
    known = {(wish.kind, wish.value) for wish in brief.wishes}
    has_subject = bool(brief.subjects)
    more = [
        wish
        for wish in (Wish(**entry) for entry in answer.value["wishes"])
        if (wish.kind, wish.value) not in known and not (wish.kind == "subject" and has_subject)
    ]
    return Brief(brief.words, (*brief.wishes, *dict.fromkeys(more)), brief.avoid)


def _wishes_schema() -> dict[str, Any]:
    entry = {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": list(KINDS)},
            "value": TEXT,
            "wanted": {"type": "boolean"},
            "words": TEXT,
        },
        "required": ["kind", "value", "wanted", "words"],
        "additionalProperties": False,
    }
    wishes = {"type": "array", "items": entry, "maxItems": MOST_WISHES}
    return {
        "type": "object",
        "properties": {"wishes": wishes},
        "required": ["wishes"],
        "additionalProperties": False,
    }


def _wish_faults(value: Any, brief: Brief) -> list[str]:
    """Return what is wrong with wishes that meet their schema."""
    said, faults = _plain(f"{brief.words} {brief.avoid}"), []
    for entry in value["wishes"]:
        try:
            Wish(**entry)
        except InputError as fault:
            faults.append(str(fault))
        if _plain(entry["words"]) not in said:
            faults.append(f"the brief does not say {entry['words']!r}")
    return faults


def revise_by_model(
    model: Talking, name: str, brief: Brief, rounds: Sequence[Round], asking: AskingOptions
) -> Attempt:
    """Return what the next round asks for, in a model's words.

    Raises:
        ModelError: the model gives no answer that can be used.
    """
    told = REVISE.format(
        words=brief.words,
        avoid=_avoiding(brief.avoid),
        wishes="; ".join(wish.name for wish in brief.wishes),
        tried="\n".join(map(_told_round, rounds)),
        most=MOST_WORDS,
    )
    text = {"type": "string"}
    schema = {
        "type": "object",
        "properties": {"words": TEXT, "avoid": text, "why": TEXT},
        "required": ["words", "avoid", "why"],
        "additionalProperties": False,
    }
    answer = ask(model, [Turn("user", told)], schema, lambda value: _word_faults(value, rounds), asking)
    best = best_of([shot for each in rounds for shot in each.shots])
    kept = rounds[best.round - 1 if best else -1].attempt
    words, avoid, why = (" ".join(answer.value[key].split()) for key in ("words", "avoid", "why"))
    return Attempt(words, avoid, kept.width, kept.height, name, why)


def _told_round(each: Round) -> str:
    avoided = f", avoiding: {each.attempt.avoid}" if each.attempt.avoid else ""
    best = each.best
    if best is None:
        came = f"nothing came: {'; '.join(dict.fromkeys(each.refused.values()))}"
    else:
        came = "; ".join(found.says for found in best.found)
    return f"{each.number}. {each.attempt.words}{avoided}\n   {came}"


def _word_faults(value: Any, rounds: Sequence[Round]) -> list[str]:
    words = " ".join(value["words"].split())
    tried = {(each.attempt.words, each.attempt.avoid) for each in rounds}
    faults = []
    if not re.search(r"\w", words):
        faults.append("the words say nothing")
    if len(words.split()) > MOST_WORDS:
        faults.append(f"there are more than {MOST_WORDS} words")
    if (words, " ".join(value["avoid"].split())) in tried:
        faults.append("these words were tried already")
    return faults


def _avoiding(avoid: str) -> str:
    return f" (to be avoided: {avoid})" if avoid else ""


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


class ModelReader(Reader):
    """Reads any subject with a model that follows instructions, which has to tell it from nine others.

    Args:
        model: it; the image itself is given to one that takes images.
        name: what it is called in results.
        asking: how it is asked.
    """

    def __init__(self, model: Talking, name: str, asking: AskingOptions) -> None:
        self.model, self.name, self.asking = model, name, asking

    asks = True

    def counted(self, budget: Budget) -> "ModelReader":
        """Return the reader with its requests counted."""
        return ModelReader(Counted(self.model, budget), self.name, self.asking)

    def find(self, words: str) -> str | None:
        """Return nothing: it can read any subject, but finds none."""
        return None

    def can_read(self, subject: str) -> bool:
        """Return yes."""
        return True

    def read(self, image: Image.Image, eyes: Eyes, subject: str) -> Reading:
        """Return what the model says that the picture shows; see :class:`Reader`.

        Raises:
            ModelError: the model gives no answer that can be used.
        """
        choices = choices_for(subject)
        told = READ.format(eyes=eyes.prompt, choices=", ".join(choices), none=NONE)
        images = (eyes.png,) if eyes.png is not None and self.model.takes_images else ()
        schema: Mapping[str, Any] = {
            "type": "object",
            "properties": {
                "shows": {"type": "string", "enum": [*choices, NONE]},
                "sure": {"type": "number", "minimum": 0, "maximum": 1},
            },
            "required": ["shows", "sure"],
            "additionalProperties": False,
        }
        answer = ask(self.model, [Turn("user", told, images)], schema, None, self.asking).value
        shows, sure = answer["shows"], float(answer["sure"])
        return Reading(None if shows == NONE else shows, sure, [(shows, sure)], None, shows == NONE)


def choices_for(subject: str) -> list[str]:
    """Return a subject among others that have nothing to do with it, in the order of the alphabet.

    The same subject always comes with the same others.
    """
    others = [name for name in ICONS if name not in subject and subject not in name]
    ranked = sorted(others, key=lambda name: hashlib.sha256(f"{subject}/{name}".encode()).digest())
    return sorted([subject, *ranked[:DISTRACTORS]])
