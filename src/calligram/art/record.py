"""The record of a work: what is known of it, each field with its standing and its source.

A field is ``measured`` on the image, ``given`` by its owner, ``proposed`` by a model, or ``accepted`` by a
person. Who made a work, when, and of which culture it is, may only be given: a model has no way to know.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from calligram.errors import FormatError

Standing = Literal["measured", "given", "proposed", "accepted"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)

LABELS: dict[str, str] = {
    "title": "Title",
    "title_idea": "Idea for a title",
    "creator": "Creator",
    "culture": "Culture",
    "date": "Date",
    "medium": "Medium",
    "dimensions": "Dimensions",
    "image_size": "Image size",
    "orientation": "Orientation",
    "colours": "Colours",
    "subject": "Subject",
    "style": "Style",
    "period": "Period",
    "description": "Description",
    "appearance": "Appearance",
    "identifier": "Identifier",
    "credit": "Credit",
    "rights": "Rights",
    "ai_disclosure": "Use of AI",
}
"""Every field by its name, in the order in which a record is read, and how a person sees it."""

GIVEN_ONLY = frozenset(
    {"creator", "culture", "date", "period", "dimensions", "identifier", "credit", "rights"}
)
"""What no model may propose."""

PROPOSED = ("title", "medium", "subject", "style", "description")
"""What a model may propose."""


@dataclass(frozen=True)
class Rival:
    """Another value for a field.

    Args:
        value: what it says.
        source: who says so.
    """

    value: str
    source: str


@dataclass(frozen=True)
class Field:
    """One value of a record.

    Args:
        value: a text; for ``colours`` a list of ``{name, hex, share}``.
        standing: how it is known.
        source: where it comes from: a file, a measure, or the models that proposed it.
        confidence: for what is proposed, the share of the models asked that said the same, 0 to 1; None
            where one model alone was asked, which says nothing on how sure it is.
        seed: of the model that proposed it; None where it takes none.
        by: the person who accepted it.
        when: that was, as ISO 8601.
        uri: the term's address in an open vocabulary; empty for none.
        note: what a reader should know of it.
        rivals: what other sources or models say.
    """

    value: Any
    standing: Standing
    source: str
    confidence: float | None = None
    seed: int | None = None
    by: str = ""
    when: str = ""
    uri: str = ""
    note: str = ""
    rivals: tuple[Rival, ...] = ()

    @property
    def text(self) -> str:
        """The value as a line of text."""
        if isinstance(self.value, list):
            return ", ".join(f"{each['name']} {100 * each['share']:.0f} %" for each in self.value)
        return str(self.value)

    def accepted(self, by: str, when: str, value: str | None = None) -> "Field":
        """Return the field as a person accepts it, with another value where they edited it."""
        if value is None or value == self.value:
            return replace(self, standing="accepted", by=by, when=when)
        rivals = (*self.rivals, Rival(self.text, self.source))
        source, note = f"{by}, in review", "edited in review"
        return Field(value, "accepted", source, by=by, when=when, note=note, rivals=rivals)

    def to_json(self) -> dict[str, Any]:
        """Return what is known, without what is empty, ready for JSON."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "rivals"}
        told = {name: value for name, value in told.items() if value not in ("", None)}
        if self.rivals:
            told["rivals"] = [{"value": rival.value, "source": rival.source} for rival in self.rivals]
        return told


def field_from_json(told: Mapping[str, Any]) -> Field:
    """Return a field from what :meth:`Field.to_json` gives.

    Raises:
        FormatError: it is none.
    """
    try:
        rivals = tuple(Rival(**rival) for rival in told.get("rivals", ()))
        made = Field(**{**told, "rivals": rivals})
    except TypeError as fault:
        raise FormatError(f"{dict(told)!r:.80} is no field of a record ({fault})") from fault
    if made.standing not in STANDINGS:
        raise FormatError(
            f"a field's standing is {made.standing!r}, but must be one of {', '.join(STANDINGS)}"
        )
    return made


@dataclass(frozen=True)
class Record:
    """What is known of one work.

    Args:
        file: the image, as a path from the catalogue's folder, with ``/``.
        id: a name that no other record of the catalogue has, fit for file names and addresses.
        fields: by name, those of :data:`LABELS`; what is not known has none.
        tags: each a field whose value is one word or a few.
        facts: what was measured, by key.
        notes: sentences on what was left out and why.
    """

    file: str
    id: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    tags: tuple[Field, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Field:
        return self.fields[name]

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def text(self, name: str, unknown: str = "") -> str:
        """Return a field's value as text, or what stands for one that is not known."""
        return self.fields[name].text if name in self.fields else unknown

    @property
    def name(self) -> str:
        """The title, or the file's name where there is none."""
        return self.text("title") or self.file.rpartition("/")[2]

    def ordered(self) -> Iterator[tuple[str, Field]]:
        """Yield the known fields in reading order."""
        yield from ((name, self.fields[name]) for name in LABELS if name in self.fields)

    def undecided(self) -> Iterator[tuple[str, Field]]:
        """Yield what is proposed and waits for a person: fields by name, tags as ``tag:word``."""
        yield from ((name, field) for name, field in self.ordered() if field.standing == "proposed")
        yield from ((f"tag:{tag.value}", tag) for tag in self.tags if tag.standing == "proposed")

    def to_json(self) -> dict[str, Any]:
        """Return the record, ready for JSON."""
        return {
            "file": self.file,
            "id": self.id,
            "fields": {name: field.to_json() for name, field in self.ordered()},
            "tags": [tag.to_json() for tag in self.tags],
            "facts": dict(self.facts),
            "notes": list(self.notes),
        }


def record_from_json(told: Mapping[str, Any]) -> Record:
    """Return a record from what :meth:`Record.to_json` gives.

    Raises:
        FormatError: it is none.
    """
    try:
        fields = {name: field_from_json(field) for name, field in told["fields"].items()}
        tags = tuple(field_from_json(tag) for tag in told["tags"])
        return Record(told["file"], told["id"], fields, tags, told["facts"], tuple(told["notes"]))
    except (KeyError, AttributeError, TypeError) as fault:
        raise FormatError(f"{told!r:.80} is no record of a catalogue ({fault})") from fault
