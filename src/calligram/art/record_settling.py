"""How a record is settled: given before proposed, models outvoted, disagreements kept."""

from collections.abc import Mapping, Sequence

from calligram.art.record import LABELS, Field, Record, Rival
from calligram.art.record_measured import describe_facts, measured_fields, measured_tags, untitled
from calligram.art.record_proposals import Proposal
from calligram.art.record_survey import Survey
from calligram.art.vocabulary import Vocabulary

MADE_BY_MODEL = "The file says that a model took part in making the image."


def settle_record(
    file: str, id: str, survey: Survey, proposals: Sequence[Proposal], vocabulary: Vocabulary
) -> Record:
    """Return the record of an image.

    Args:
        file: as a path from the catalogue's folder.
        id: its name in the catalogue.
        survey: what was measured and given.
        proposals: of each model that was asked.
        vocabulary: terms by which words are known.
    """
    assert survey.facts is not None
    fields = measured_fields(survey.facts) | _given_fields(survey)
    for name, field in _proposed_fields(proposals).items():
        fields.setdefault(name, field)
    fields.setdefault("title", untitled(survey.facts))
    described = describe_facts(survey.facts)
    fields["appearance" if "description" in fields else "description"] = described
    tags = _tags(survey, proposals, vocabulary)
    fields["ai_disclosure"] = _disclosure(survey, fields, tags)
    fields = {name: vocabulary.known(name, field) for name, field in fields.items()}
    notes = tuple(note for proposal in proposals for note in proposal.notes)
    return Record(
        file, id, {name: fields[name] for name in LABELS if name in fields}, tags, survey.facts, notes
    )


def _given_fields(survey: Survey) -> dict[str, Field]:
    """Return the fields that are given; what a weightier source says counts, others are its rivals."""
    fields: dict[str, Field] = {}
    for name in LABELS:
        told = [(given.values[name], given.source) for given in survey.given if name in given.values]
        if told:
            value, source = told[0]
            others = {text: where for text, where in reversed(told[1:]) if not _same(text, value)}
            rivals = tuple(Rival(text, where) for text, where in others.items())
            fields[name] = Field(value, "given", source, rivals=rivals)
    return fields


def _proposed_fields(proposals: Sequence[Proposal]) -> dict[str, Field]:
    names = dict.fromkeys(name for proposal in proposals for name in proposal.fields)
    return {
        name: _vote(name, [each for each in proposals if name in each.fields], len(proposals))
        for name in names
    }


def _vote(name: str, proposals: Sequence[Proposal], asked: int) -> Field:
    """Return what most models say; of a tie the text most like all others, else the first."""
    groups: list[list[Proposal]] = []
    for proposal in proposals:
        alike = (group for group in groups if _same(group[0].fields[name], proposal.fields[name]))
        group = next(alike, None)
        if group is None:
            groups.append([proposal])
        else:
            group.append(proposal)
    best = max(groups, key=lambda group: (len(group), _likeness(name, group[0], proposals)))
    rivals = tuple(Rival(group[0].fields[name], _sources(group)) for group in groups if group is not best)
    first = best[0]
    confidence = len(best) / asked if asked > 1 else None
    return Field(
        first.fields[name],
        "proposed",
        _sources(best),
        confidence=confidence,
        seed=first.seed,
        note=first.remark,
        rivals=rivals,
    )


def _likeness(name: str, one: Proposal, proposals: Sequence[Proposal]) -> float:
    """Return how many words a text shares with the others, 0 to 1 (Jaccard's index, the mean)."""
    own = set(one.fields[name].lower().split())
    others = [set(each.fields[name].lower().split()) for each in proposals if each is not one]
    return sum(len(own & other) / max(1, len(own | other)) for other in others) / max(1, len(others))


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


def _sources(group: Sequence[Proposal]) -> str:
    return ", ".join(dict.fromkeys(proposal.model for proposal in group))


def _tags(survey: Survey, proposals: Sequence[Proposal], vocabulary: Vocabulary) -> tuple[Field, ...]:
    """Return given tags, measured ones, and those that models propose; no word stands twice."""
    assert survey.facts is not None
    found: dict[str, Field] = {}
    for given in survey.given:
        for word in given.tags:
            found.setdefault(word.casefold(), Field(word, "given", given.source))
    for tag in measured_tags(survey.facts):
        found.setdefault(str(tag.value), tag)
    words = dict.fromkeys(word for proposal in proposals for word in proposal.tags)
    for word in words:
        named = [proposal for proposal in proposals if word in proposal.tags]
        found.setdefault(word, _proposed_tag(word, named, len(proposals)))
    return tuple(vocabulary.known("tags", tag) for tag in found.values())


def _proposed_tag(word: str, named: Sequence[Proposal], asked: int) -> Field:
    drafts = named[0].tags[word]
    confidence = len(named) / asked if asked > 1 else drafts
    return Field(
        word, "proposed", _sources(named), confidence=confidence, seed=named[0].seed, note=named[0].remark
    )


def _disclosure(survey: Survey, fields: Mapping[str, Field], tags: Sequence[Field]) -> Field:
    """Return what of a record models had a part in, in a sentence or two."""
    told = [MADE_BY_MODEL] if survey.made_by_model else []
    names = [LABELS[name].lower() for name, field in fields.items() if field.standing == "proposed"]
    count = sum(tag.standing == "proposed" for tag in tags)
    if count:
        names.append(f"{count} tag{'s' if count > 1 else ''}")
    proposed = [field for field in (*fields.values(), *tags) if field.standing == "proposed"]
    if proposed:
        models = ", ".join(dict.fromkeys(model for field in proposed for model in field.source.split(", ")))
        told.append(f"Proposed by {models}, and not yet accepted by a person: {', '.join(names)}.")
    else:
        told.append("No part of this record was proposed by a model.")
    return Field(" ".join(told), "measured", "how the record was made")
