"""Decisions of people played over a record: accepted, edited, rejected."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from calligram.art.catalogue_journal import Decision
from calligram.art.record import LABELS, Field, Record, Rival

TAG, IDEA = "tag:", "title_idea"
SETTLED = ("given", "accepted")
AGAIN = "accepted before the record was made again"
NO_PART = "No part of this record is a proposal that waits for a person."


def decide(record: Record, decisions: Iterable[Decision]) -> Record:
    """Return a record with what people decided on it, in order; decisions on other records do not count."""
    told = [decision for decision in decisions if decision.file == record.file]
    for decision in told:
        record = (
            _decide_tag(record, decision)
            if decision.what.startswith(TAG)
            else _decide_field(record, decision)
        )
    return _disclosed(record, told) if told else record


def _decide_field(record: Record, decision: Decision) -> Record:
    found = record.fields.get(decision.what)
    fields = dict(record.fields)
    if decision.verdict == "rejected":
        if found and found.standing == "proposed" and found.text == decision.was:
            del fields[decision.what]
            _promote(fields, decision.what)
    elif decision.what == IDEA:
        fields["title"] = _titled(fields.get("title"), fields.pop(IDEA, None), decision)
    else:
        fields[decision.what] = _accepted(found, decision)
    return replace(record, fields={name: fields[name] for name in LABELS if name in fields})


def _promote(fields: dict[str, Field], what: str) -> None:
    """Let what is measured stand for a description that was rejected."""
    if what == "description" and "appearance" in fields:
        fields["description"] = fields.pop("appearance")


def _titled(title: Field | None, idea: Field | None, decision: Decision) -> Field:
    """Return the title after an idea was accepted: no title that a person gave or accepted is overwritten."""
    accepted = _accepted(idea, decision)
    if title is None or title.text == accepted.text:
        return title if title and title.standing in SETTLED else accepted
    if title.standing in SETTLED:
        return replace(title, rivals=(*title.rivals, Rival(accepted.text, accepted.source)))
    return replace(accepted, rivals=(*accepted.rivals, *title.rivals, Rival(title.text, title.source)))


def _accepted(found: Field | None, decision: Decision) -> Field:
    if found is None:
        return Field(decision.value, "accepted", decision.by, by=decision.by, when=decision.when, note=AGAIN)
    if found.text == decision.was:
        return found.accepted(decision.by, decision.when, decision.value)
    rivals = (*found.rivals, Rival(found.text, found.source))
    return Field(
        decision.value, "accepted", decision.by, by=decision.by, when=decision.when, note=AGAIN, rivals=rivals
    )


def _decide_tag(record: Record, decision: Decision) -> Record:
    tags: list[Field] = []
    met = False
    for tag in record.tags:
        if tag.standing != "proposed" or tag.text != decision.was:
            tags.append(tag)
            continue
        met = True
        if decision.verdict != "rejected":
            tags.append(tag.accepted(decision.by, decision.when, decision.value))
    if not met and decision.verdict != "rejected" and all(tag.text != decision.value for tag in tags):
        tags.append(_accepted(None, decision))
    return replace(record, tags=tuple(tags))


def _disclosed(record: Record, decisions: Sequence[Decision]) -> Record:
    """Return a record whose disclosure says what models proposed and who accepted it."""
    told = record.text("ai_disclosure")
    kept = [sentence for sentence in told.split(". ") if sentence.startswith("The file says")]
    sentences = [f"{kept[0].rstrip('.')}."] if kept else []
    waiting = [LABELS.get(name, name.removeprefix(TAG)).lower() for name, _ in record.undecided()]
    if waiting:
        models = ", ".join(dict.fromkeys(field.source for _, field in record.undecided()))
        sentences.append(f"Proposed by {models}, and not yet accepted by a person: {', '.join(waiting)}.")
    accepted = [field for field in (*record.fields.values(), *record.tags) if field.standing == "accepted"]
    people = ", ".join(dict.fromkeys(field.by for field in accepted))
    if accepted:
        sentences.append(f"{len(accepted)} proposals were accepted or edited by {people}.")
    rejected = sum(decision.verdict == "rejected" for decision in decisions)
    if rejected:
        sentences.append(f"{rejected} proposals were rejected.")
    fields = dict(record.fields) | {
        "ai_disclosure": Field(" ".join(sentences) or NO_PART, "measured", "how the record was made")
    }
    return replace(record, fields=fields)
