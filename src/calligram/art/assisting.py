"""Help with one piece of work: drafts taken in with what they changed, compared, and ideas kept."""

import os
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

from calligram.art.wildcards import WordLists
from calligram.art.work import YOU, Event, Work
from calligram.art.work_comparing import Difference, compare_things
from calligram.art.work_drafts import MAIN, Thing, read_draft
from calligram.art.work_file import Added, Entry, add_events, load_work
from calligram.errors import InputError


def add_draft(
    path: str | os.PathLike[str],
    draft: str | os.PathLike[str] | Thing,
    *,
    name: str = MAIN,
    why: str = "",
    by: str = YOU,
    known: int | None = None,
) -> Added:
    """Add a draft to a work; a second one of the same name is its next version, with what changed.

    Args:
        path: the work's file.
        draft: a file, an image or a text, or one that was read already.
        name: which piece it is a draft of, where a work has several.
        why: the reason of the change.
        by: who made it.
        known: how many events were read last, to notice other writers.

    Raises:
        InputError: the draft cannot be read, or the work cannot.
        OutputError: the work cannot be written.
    """
    thing = draft if isinstance(draft, Thing) else read_draft(draft)

    def entries(work: Work) -> list[Entry]:
        return _draft_entries(work, thing, name, why, by)

    return add_events(path, entries, {thing.sha256: thing.kept}, known)


def _draft_entries(work: Work, thing: Thing, name: str, why: str, by: str) -> list[Entry]:
    """Return a draft, and what it changes of the last one of its name where there is one."""
    before = [event for event in work.standing("draft") if event.told["name"] == name]
    versions = [event for event in work.events if event.kind == "draft" and event.told["name"] == name]
    if before and before[-1].told["thing"] == thing.sha256 and thing.sha256 in work.things:
        raise InputError(
            f"this is draft {before[-1].number} again, to the last byte: change it first, or add a note"
        )
    told: dict[str, Any] = {
        "thing": thing.sha256,
        "form": thing.kept["form"],
        "name": name,
        "version": len(versions) + 1,
        "file": thing.kept["name"],
    }
    if before:
        change = _change(work, before[-1], thing, why)
        return [("draft", told, by), ("change", change, by)]
    return [("draft", {**told, "why": why} if why else told, by)]


def _change(work: Work, before: Event, thing: Thing, why: str) -> dict[str, Any]:
    """Return what a draft changes; where the earlier one's content is missing, that is said instead."""
    earlier = {**work.things, thing.sha256: thing.kept}.get(before.told["thing"])
    if earlier is None:
        lines = [f"not compared, because the content of event {before.number} is not in the file"]
    else:
        lines = list(compare_things(earlier, thing.kept).lines)
    return {"from": before.number, "to": len(work.events) + 1, "differences": lines, "why": why.strip()}


def compare_drafts(
    work: Work, first: int | None = None, second: int | None = None
) -> tuple[Event, Event, Difference]:
    """Return two drafts and what differs between them; without numbers the last two of one name.

    Raises:
        InputError: there are no such drafts.
    """
    drafts = work.standing("draft")
    if second is None:
        if not drafts:
            raise InputError("the work has no draft yet: add one with calligram assist draft")
        second = drafts[-1].number
    later = work.get(second, "draft")
    if first is None:
        earlier = [
            event for event in drafts if event.told["name"] == later.told["name"] and event.number < second
        ]
        if not earlier:
            raise InputError(
                f"draft {second} is the only one of {later.told['name']!r}: name two, or add another"
            )
        first = earlier[-1].number
    before = work.get(first, "draft")
    things = [_thing(work, event) for event in (before, later)]
    return before, later, compare_things(*things)


def _thing(work: Work, event: Event) -> Mapping[str, Any]:
    thing = work.things.get(event.told["thing"])
    if thing is None:
        raise InputError(f"the content of event {event.number} is not in the file: add the draft again")
    return thing


def propose(
    path: str | os.PathLike[str],
    words: str = "",
    *,
    mood: str = "",
    image: str | None = None,
    count: int = 5,
    seed: int | None = None,
    model: str = "builtin:writer",
    known: int | None = None,
) -> Added:
    """Propose ideas for a work, and keep them in it.

    Args:
        path: the work's file.
        words: what they begin with; the brief's first clause where none are given.
        mood: of them; a mood that the brief names where none is given.
        image: lends palette, light and format.
        count: how many.
        seed: of them; fresh where none is given.
        model: the model that adds to each.
        known: how many events were read last, to notice other writers.

    Raises:
        InputError: the work cannot be read.
        ModelError: the model fails.
        OutputError: the work cannot be written.
    """
    from calligram.art.ideas import propose_ideas
    from calligram.art.ideas_options import NO_MODEL, IdeasOptions

    brief = load_work(path).brief
    options = IdeasOptions(count=count, seed=seed, model=model)
    found = propose_ideas(
        words or beginning_of(brief), mood=mood or mood_of(brief), image=image, options=options
    )
    told = {
        "wish": asdict(found.wish),
        "options": asdict(found.options),
        "lists": found.lists,
        "ideas": [idea.to_json() for idea in found.ideas],
        "figures": dict(found.figures),
    }
    return add_events(path, [("ideas", told, YOU if model == NO_MODEL else model)], known=known)


ABOUT = {"note": "on", "why": "of", "decision": "takes"}
"""How the event is called that something said is about."""


def say(
    path: str | os.PathLike[str],
    kind: Literal["brief", "idea", "note", "why", "decision"],
    text: str,
    about: int | None = None,
    by: str = YOU,
    known: int | None = None,
) -> Added:
    """Add something said to a work.

    Args:
        path: the work's file.
        kind: what it is; a new brief takes the place of the one before, which stays to be read.
        text: what is said.
        about: the event that it is about; a reason without one is that of the last change.
        by: who says it.
        known: how many events were read last, to notice other writers.

    Raises:
        InputError: nothing is said, there is no such event, or the work cannot be read.
        OutputError: the work cannot be written.
    """
    if not text.strip():
        raise InputError(f"the {kind} is empty: say it in a few words")

    def entries(work: Work) -> list[Entry]:
        target = _unexplained(work) if kind == "why" and about is None else about
        told: dict[str, Any] = {"text": text.strip()}
        if target is not None and kind in ABOUT:
            told[ABOUT[kind]] = work.get(target).number
        return [(kind, told, by)]

    return add_events(path, entries, known=known)


def _unexplained(work: Work) -> int:
    """Return the number of the last event that wants a reason."""
    changes = work.standing("change") or work.standing("draft", "decision")
    if not changes:
        raise InputError("there is no change yet to give a reason for: name an event, or add a draft first")
    return changes[-1].number


def take_back(
    path: str | os.PathLike[str], number: int | None = None, redo: bool = False, known: int | None = None
) -> tuple[Added, Event]:
    """Mark an event as taken back, or take that mark away; return what was added, and the event.

    Args:
        path: the work's file.
        number: the event; without it the last one.
        redo: whether to bring it back.
        known: how many events were read last, to notice other writers.

    Raises:
        InputError: there is no such event, or it is taken back, or stands, already.
        OutputError: the work cannot be written.
    """

    def entries(work: Work) -> list[Entry]:
        event = work.get(number) if number is not None else work.last(redo)
        if event.number == 1 or event.kind in ("undo", "redo"):
            raise InputError(f"event {event.number} cannot be taken back: name an idea, a draft, a note, …")
        if (event.number in work.undone) != redo:
            raise InputError(f"event {event.number} {'stands' if redo else 'is taken back'} already")
        return [("redo" if redo else "undo", {"of": event.number}, YOU)]

    added = add_events(path, entries, known=known)
    return added, added.work.get(added.events[0].told["of"])


MOST_WORDS = 8
"""So many words of a brief ideas begin with, where none are given."""


def beginning_of(brief: str) -> str:
    """Return what ideas begin with where no words are given: the brief's first clause, without its stop.

    >>> beginning_of("A quiet river at dusk, upright, without people.")
    'A quiet river at dusk'
    """
    first = re.split(r"[,.;:!?()]", brief.strip(), maxsplit=1)[0]
    return " ".join(first.split()[:MOST_WORDS])


def mood_of(brief: str) -> str:
    """Return the first word of a brief that the lists know as a mood, or nothing.

    >>> mood_of("A quiet river at dusk")
    'quiet'
    """
    lists = WordLists()
    moods = set(lists.lines("mood"))
    return next((word for word in re.findall(r"[\w-]+", brief.lower()) if word in moods), "")
