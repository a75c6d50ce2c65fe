"""What to do next on a piece of work: from the work itself, or by a model that is told its story."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from calligram.art.work import Event, Work, shorten, tell_event, why_of
from calligram.art.work_file import add_events, load_work
from calligram.art.work_wishes import read_wishes
from calligram.errors import ModelError

if TYPE_CHECKING:
    from calligram.models.base import Talking

MOST_STEPS = 5
MOST_TOLD = 12_000
"""So many characters of a work's story are told to a model, the latest first."""
LONG_SENTENCE = 40
"""A sentence with more words is told."""


@dataclass(frozen=True)
class Step:
    """Something that could be done next.

    Args:
        do: what, in a few words.
        because: the reason, as a clause.
        events: numbers of the events that it rests on.
    """

    do: str
    because: str
    events: tuple[int, ...] = ()


def next_steps(work: Work) -> list[Step]:
    """Return what could be done next, most urgent first, from the work itself and without any model."""
    steps = [*_beginnings(work), *_from_facts(work), *_from_text(work), *_open_ends(work), *_endings(work)]
    return steps[:MOST_STEPS]


def _beginnings(work: Work) -> Iterator[Step]:
    drafts, ideas = work.standing("draft"), work.standing("idea", "ideas")
    if not ideas and not drafts:
        yield Step("find ideas", "nothing but the brief stands yet", (1,))
    if ideas and not drafts:
        if not any(event.told.get("takes") for event in work.standing("decision")):
            yield Step("choose an idea", "none is taken up yet", tuple(event.number for event in ideas))
        yield Step("make a first draft", "there are ideas, but no draft", (ideas[-1].number,))


def _from_facts(work: Work) -> Iterator[Step]:
    drafts = [event for event in work.standing("draft") if event.told["form"] == "image"]
    if not drafts:
        return
    last = drafts[-1]
    facts = work.things.get(last.told["thing"], {}).get("facts", {})
    for wished in read_wishes(work.brief, facts):
        if wished.met:
            continue
        shown = _shown(wished.key, facts)
        before = _met_before(work, drafts[:-1], wished.name)
        since = f"; draft {before.number} had it" if before else ""
        reason = f"the brief says {wished.word!r}, but draft {last.number} is not so ({shown}){since}"
        yield Step(wished.step, reason, (last.number, *((before.number,) if before else ())))


def _met_before(work: Work, drafts: list[Event], name: str) -> Event | None:
    """Return the last of some drafts that had what a later one has lost."""
    for event in reversed(drafts):
        facts = work.things.get(event.told["thing"], {}).get("facts", {})
        if any(wished.met and wished.name == name for wished in read_wishes(work.brief, facts)):
            return event
    return None


def _shown(key: str, facts: Mapping[str, Any]) -> str:
    if key == "palette":
        names = [f"{one['name']} {one['share']:.0%}" for one in (facts.get("palette") or ())[:3]]
        return "its colours are " + ", ".join(names)
    value = facts.get(key)
    told = f"{value:.3g}" if isinstance(value, float) else str(value)
    return f"{key.replace('_', ' ')}: {told}"


def _from_text(work: Work) -> Iterator[Step]:
    drafts = [event for event in work.standing("draft") if event.told["form"] == "text"]
    if not drafts:
        return
    last = drafts[-1]
    text = str(work.things.get(last.told["thing"], {}).get("text", ""))
    missing = [word for word in _telling(work.brief) if word[:5] not in text.lower()]
    if missing:
        told = ", ".join(repr(word) for word in missing[:4])
        yield Step(
            "look at the brief again", f"draft {last.number} does not have {told} of it", (last.number,)
        )
    longest = max(re.split(r"(?<=[.!?])\s+", text), key=lambda sentence: len(sentence.split()))
    if len(longest.split()) > LONG_SENTENCE:
        reason = f"the sentence that begins {shorten(longest, 40)!r} has {len(longest.split())} words"
        yield Step("cut a sentence", reason, (last.number,))


_LITTLE = frozenset(
    {"with", "from", "that", "this", "into", "over", "under", "about", "should", "have", "which", "their"}
    | {"there", "what", "when", "where", "will", "would", "like", "more", "than", "some", "very", "only"}
    | {"text", "words", "picture", "image", "painting", "poem", "story", "label", "sentence", "sentences"}
)


def _telling(text: str) -> list[str]:
    words = re.findall(r"[^\W\d_]{4,}", text.lower())
    return [word for word in dict.fromkeys(words) if word not in _LITTLE]


def _open_ends(work: Work) -> Iterator[Step]:
    drafts = work.standing("draft")
    for change in work.standing("change")[-1:]:
        if not why_of(work, change):
            told = f"the change from draft {change.told['from']} to {change.told['to']} has no reason yet"
            yield Step("say why", told, (change.number,))
    notes = [event for event in work.standing("note") if drafts and event.number > drafts[-1].number]
    if notes:
        told = f"note {notes[-1].number} came after the last draft: {shorten(notes[-1].text, 60)!r}"
        yield Step("take up the note", told, (notes[-1].number,))
    if len(drafts) == 1 and not notes:
        yield Step("make a second draft", "one draft has nothing to be compared with", (drafts[0].number,))


def _endings(work: Work) -> Iterator[Step]:
    drafts, decisions = work.standing("draft"), work.standing("decision")
    decided = [event for event in decisions if drafts and event.number > drafts[-1].number]
    if decided:
        yield Step(
            "hand it on", f"decision {decided[-1].number} closes the last draft", (decided[-1].number,)
        )
    elif len(drafts) > 1:
        yield Step(
            "decide", f"there are {len(drafts)} drafts and no decision since the last", (drafts[-1].number,)
        )


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "steps": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_STEPS,
            "items": {
                "type": "object",
                "properties": {
                    "do": {"type": "string", "minLength": 1},
                    "because": {"type": "string", "minLength": 1},
                    "events": {"type": "array", "items": {"type": "integer"}, "minItems": 1},
                },
                "required": ["do", "because", "events"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["steps"],
    "additionalProperties": False,
}
TASK = """You help an artist with one piece of work. Below are its brief and all that happened, each event
numbered, and what is measured on the latest draft. Propose at most 3 next steps. For each say what to "do" in
at most 20 words, "because" of what, and the numbers of the "events" that it rests on. Do not praise, and
decide nothing."""


def ask_next_steps(model: "Talking", work: Work, seed: int = 0) -> tuple[list[Step], dict[str, Any]]:
    """Return next steps by a model, and what the work keeps of the asking.

    Raises:
        ModelError: the model gives no answer that can be used.
    """
    from calligram.art.asking import AskingOptions, ask
    from calligram.models.base import Turn

    turns = [Turn("user", f"{TASK}\n\n{tell(work)}")]
    answer = ask(model, turns, SCHEMA, lambda value: _faults(value, work), AskingOptions(seed=seed))
    steps = [Step(one["do"], one["because"], tuple(one["events"])) for one in answer.value["steps"]]
    kept = {"purpose": "next steps", "seed": answer.seed, "tries": answer.tries, "cached": answer.cached}
    return steps, {**kept, "answer": answer.value}


def ask_and_keep(path: str | os.PathLike[str], name: str, base_url: str = "", seed: int = 0) -> list[Step]:
    """Return next steps by the model of a name, and keep the asking in the work.

    Raises:
        InputError: the work cannot be read.
        ModelError: the model follows no instructions, or gives no answer that can be used.
        OutputError: the work cannot be written.
    """
    from calligram.models.base import Talking, open_model

    work = load_work(path)
    model = open_model(name, base_url)
    if not isinstance(model, Talking):
        raise ModelError(
            f"the model {name!r} follows no instructions: name one that does, as openai:NAME, or leave it out"
        )
    steps, kept = ask_next_steps(model, work, seed)
    add_events(path, [("model", kept, model.name)], known=len(work.events))
    return steps


def _faults(value: Any, work: Work) -> list[str]:
    numbers = [number for step in value["steps"] for number in step["events"]]
    unknown = sorted({number for number in numbers if not 1 <= number <= len(work.events)})
    return [f"there is no event {number}: there are 1 to {len(work.events)}" for number in unknown]


def tell(work: Work) -> str:
    """Return a work's story for a model: its brief, its events that stand, and the last draft."""
    lines = [f"{event.number}. {event.kind} by {event.by}: {tell_event(event)}" for event in work.standing()]
    while len(lines) > 1 and sum(map(len, lines)) > MOST_TOLD:
        del lines[1]
    parts = [f"Brief: {work.brief}", *lines]
    drafts = work.standing("draft")
    if drafts:
        thing = work.things.get(drafts[-1].told["thing"], {})
        shown = thing.get("lines") or [shorten(str(thing.get("text", "")), MOST_TOLD)]
        parts += [f"The latest draft, event {drafts[-1].number}:", *shown]
    return "\n".join(parts)
