"""A piece of work from brief to finish: events that are only ever added, in one file that can be handed on.

The file is JSON::

    {"calligram_work": 1,
     "events": [{"number": 1, "at": "2026-…", "kind": "brief", "by": "you", "told": {…}, "before": ""}, …],
     "things": {"<sha256>": {"form": "image", "thumbnail": "<base64 of a JPEG>", "facts": {…}, …}}}

``before`` is the digest of the event before it, so that a later change to what was written shows. An undo is
an event too, and takes nothing away.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from calligram.errors import FormatError, InputError

VERSION = 1
MARK = "calligram_work"

KINDS = {
    "brief": "what the work is to be",
    "idea": "an idea for it",
    "ideas": "ideas that were proposed together",
    "draft": "a state of it: an image or a text, by its content",
    "note": "a remark, on all of it or on one event",
    "change": "what differs between two drafts, and why",
    "why": "the reason of an earlier event",
    "decision": "what was decided, and what it takes up",
    "model": "what a model was asked and answered",
    "undo": "marks an event as taken back",
    "redo": "takes that mark away",
}
"""What an event can be; one of another kind, from a newer program, is kept and told as it stands."""

NEEDED: Mapping[str, Mapping[str, type]] = {
    "draft": {"thing": str, "form": str, "name": str, "version": int},
    "change": {"from": int, "to": int, "differences": list},
    "ideas": {"ideas": list},
    "undo": {"of": int},
    "redo": {"of": int},
}
"""What an event of a kind cannot do without, and of which type each is."""

YOU = "you"


@dataclass(frozen=True)
class Event:
    """One thing that happened to a work.

    Args:
        number: its place, from 1.
        at: when, in UTC, as ``2026-11-27T02:00:00+00:00``.
        kind: one of ``KINDS``.
        by: ``"you"``, a person's name, or a model's.
        told: what belongs to it, as JSON can hold it.
        before: digest of the event before it, empty for the first.
    """

    number: int
    at: str
    kind: str
    by: str
    told: Mapping[str, Any]
    before: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the event as the file holds it."""
        return {
            "number": self.number,
            "at": self.at,
            "kind": self.kind,
            "by": self.by,
            "told": dict(self.told),
            "before": self.before,
        }

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that change with anything in the event."""
        told = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def text(self) -> str:
        """What was said, empty where nothing was."""
        return str(self.told.get("text", ""))


@dataclass(frozen=True)
class Work:
    """A piece of work: its events, and what they speak of.

    Args:
        events: in order, none ever taken away.
        things: images and texts by the SHA-256 of their content.
        remarks: what a person should be told of the file, a sentence each.
    """

    events: tuple[Event, ...] = ()
    things: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def add(self, kind: str, told: Mapping[str, Any], at: str, by: str = YOU) -> "Work":
        """Return the work with one more event."""
        assert kind in KINDS, kind
        before = self.events[-1].digest if self.events else ""
        return replace(
            self, events=(*self.events, Event(len(self.events) + 1, at, kind, by, dict(told), before))
        )

    def get(self, number: int, kind: str = "") -> Event:
        """Return an event by its number.

        Args:
            number: from 1.
            kind: what it must be, empty for anything.

        Raises:
            InputError: there is no such event, or it is of another kind.
        """
        if not 1 <= number <= len(self.events):
            raise InputError(
                f"the work has no event {number}: it has 1 to {len(self.events)}, see calligram assist show"
            )
        event = self.events[number - 1]
        if kind and event.kind != kind:
            raise InputError(f"event {number} is {_a(event.kind)}, but {_a(kind)} is wanted: name one")
        return event

    @cached_property
    def undone(self) -> frozenset[int]:
        """Numbers of the events that are taken back: those that are marked, and changes to such drafts."""
        marks: dict[int, bool] = {}
        for event in self.events:
            if event.kind in ("undo", "redo"):
                marks[int(event.told["of"])] = event.kind == "undo"
        marked = {number for number, undone in marks.items() if undone}
        changes = (event for event in self.events if event.kind == "change")
        return frozenset(marked | {event.number for event in changes if event.told["to"] in marked})

    def standing(self, *kinds: str) -> list[Event]:
        """Return the events of some kinds, or of all, that are not taken back, in order."""
        wanted = kinds or tuple(kind for kind in KINDS if kind not in ("undo", "redo"))
        return [event for event in self.events if event.kind in wanted and event.number not in self.undone]

    @property
    def brief(self) -> str:
        """The brief as it stands now, empty where there is none."""
        briefs = self.standing("brief")
        return briefs[-1].text if briefs else ""

    @property
    def title(self) -> str:
        """The title as it stands now, or the brief's beginning."""
        titles = [event.told["title"] for event in self.standing("brief") if event.told.get("title")]
        return str(titles[-1]) if titles else shorten(self.brief, 60) or "A piece of work"

    def last(self, undone: bool = False) -> Event:
        """Return the last event that can be taken back, or the last that was; for a change its draft.

        Raises:
            InputError: there is none.
        """
        if not undone:
            found = [event for event in self.standing() if event.number > 1]
        else:
            marked = [int(event.told["of"]) for event in self.events if event.kind == "undo"]
            found = [self.events[number - 1] for number in marked if number in self.undone]
        if not found:
            raise InputError(f"there is nothing to {'redo' if undone else 'undo'} in this work")
        last = found[-1]
        return self.get(int(last.told["to"])) if last.kind == "change" else last

    def to_bytes(self) -> bytes:
        """Return the file's content."""
        told = {
            MARK: VERSION,
            "events": [event.to_json() for event in self.events],
            "things": dict(self.things),
        }
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def read_work(content: bytes, name: str) -> Work:
    """Return the work that a file holds.

    Args:
        content: of the file.
        name: what it is called in messages.

    Raises:
        FormatError: it is no work, or of a newer form.
    """
    try:
        told = json.loads(content)
        if not isinstance(told, dict) or MARK not in told:
            raise FormatError(f"{name} is no piece of work: make one with calligram assist new", field=MARK)
        if told[MARK] != VERSION:
            raise FormatError(
                f"{name} is of form {told[MARK]!r}, but form {VERSION} is known here: use a newer Calligram",
                field=MARK,
            )
        events = tuple(Event(**{**event, "told": dict(event["told"])}) for event in told["events"])
        things = {str(key): dict(value) for key, value in told.get("things", {}).items()}
        faults = list(_shape_faults(events))
    except json.JSONDecodeError as fault:
        raise FormatError(
            f"{name} breaks off in line {fault.lineno} ({fault.msg}): take an older copy of it",
            line=fault.lineno,
        ) from fault
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise FormatError(
            f"{name} is no piece of work that can be read ({fault}): take an older copy"
        ) from fault
    if faults:
        raise FormatError(f"{name} is no piece of work that can be read ({faults[0]}): take an older copy")
    return Work(events, things, tuple(_remarks(events, things)))


def _shape_faults(events: tuple[Event, ...]) -> Iterator[str]:
    for place, event in enumerate(events, 1):
        if event.number != place:
            yield f"event {place} says it is {event.number}"
        for key, kind in NEEDED.get(event.kind, {}).items():
            if not isinstance(event.told.get(key), kind):
                yield f"event {place}, {_a(event.kind)}, does not say {key!r} as it should"
                return
        if event.kind == "ideas" and not all("prompt" in idea for idea in event.told["ideas"]):
            yield f"event {place} holds an idea without a prompt"
        if event.kind in ("undo", "redo") and not 1 <= int(event.told["of"]) < place:
            yield f"event {place} takes back an event that is not before it"


def _remarks(events: tuple[Event, ...], things: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was changed after it was written: nothing is refused for that, but it is said."""
    for before, event in pairwise(events):
        if event.before != before.digest:
            yield f"event {before.number} was changed after it was written"
    for event in events:
        if event.kind == "draft" and event.told.get("thing") not in things:
            yield f"the content of event {event.number} is not in the file"


def why_of(work: Work, event: Event) -> str:
    """Return the reason of an event: the one it came with, or the last one given for it since."""
    later = [other.text for other in work.standing("why") if other.told.get("of") == event.number]
    return later[-1] if later else str(event.told.get("why", ""))


def tell_event(event: Event) -> str:
    """Return what an event says, in a line."""
    told = event.told
    if event.kind == "ideas":
        return "; ".join(f"({number}) {idea['prompt']}" for number, idea in enumerate(told["ideas"], 1))
    if event.kind == "draft":
        file = f", {told['file']}" if told.get("file") else ""
        return f"{told['name']}, version {told['version']}, {told['form']}{file}"
    if event.kind == "change":
        differences = "; ".join(told["differences"]) or "nothing that is measured differs"
        why = f"; why: {told['why']}" if told.get("why") else ""
        return f"from draft {told['from']} to {told['to']}: {differences}{why}"
    if event.kind in ("undo", "redo"):
        return f"event {told['of']} is {'taken back' if event.kind == 'undo' else 'back again'}"
    if event.kind == "model":
        return f"asked for {told.get('purpose', 'help')}, seed {told.get('seed')}"
    target = told.get("on") or told.get("of") or told.get("takes")
    return f"{event.text} (on event {target})" if target else event.text


def shorten(text: str, most: int) -> str:
    """Return a text of at most so many characters, cut between words.

    >>> shorten("a river at dusk", 10)
    'a river …'
    """
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rpartition(" ")[0] + " …"


def _a(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"
