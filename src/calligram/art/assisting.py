"""Help with one piece of work: drafts taken in with what they changed, compared, and ideas kept."""

import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from calligram.art.work import YOU, Event, Work
from calligram.art.work_comparing import Difference, compare_things
from calligram.art.work_drafts import MAIN, Thing, read_draft
from calligram.art.work_file import Added, add_events, load_work
from calligram.errors import InputError

if TYPE_CHECKING:
    from calligram.art.ideas import IdeaSet


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
    work = load_work(path)
    before = [event for event in work.standing("draft") if event.told["name"] == name]
    versions = [event for event in work.events if event.kind == "draft" and event.told["name"] == name]
    if before and before[-1].told["thing"] == thing.sha256:
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
    entries = [("draft", told, by)]
    if before:
        difference = compare_things(work.things[before[-1].told["thing"]], thing.kept)
        change = _change(before[-1].number, len(work.events) + 1, difference, why)
        entries.append(("change", change, by))
    elif why:
        told["why"] = why
    return add_events(path, entries, {thing.sha256: thing.kept}, known)


def _change(before: int, after: int, difference: Difference, why: str) -> dict[str, Any]:
    return {"from": before, "to": after, "differences": list(difference.lines), "why": why.strip()}


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


def ideas_entry(found: "IdeaSet") -> dict[str, Any]:
    """Return what a work keeps of ideas that were proposed."""
    options = asdict(found.options)
    return {
        "wish": asdict(found.wish),
        "options": options,
        "ideas": [idea.to_json() for idea in found.ideas],
        "figures": dict(found.figures),
    }
