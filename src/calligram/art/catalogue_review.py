"""Review: what models proposed, one after another, accepted, edited or rejected by a person.

Each decision is in the journal before the next question is asked, so that a review can end at any time and go
on later.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from calligram.art.catalogue_decisions import TAG, decide
from calligram.art.catalogue_forms import check_forms, write_forms
from calligram.art.catalogue_journal import CatalogueJournal, Decision
from calligram.art.catalogue_options import CatalogueOptions
from calligram.art.record import LABELS, Field, Record

KEYS = {
    "a": "accept",
    "e": "edit",
    "r": "reject",
    "s": "skip",
    "w": "accept all of this work",
    "n": "next work",
    "q": "quit",
}
"""What a person can answer."""
UNKNOWN = "someone"


@dataclass(frozen=True)
class Question:
    """One proposal that waits.

    Args:
        record: as it stands.
        what: the field's name, or ``tag:`` and the word.
        field: what is proposed.
        number: of this proposal, from 1.
        waiting: how many there were when the review began.
    """

    record: Record
    what: str
    field: Field
    number: int
    waiting: int

    @property
    def label(self) -> str:
        """What is asked about, for a person."""
        return "Tag" if self.what.startswith(TAG) else LABELS[self.what]


@dataclass(frozen=True)
class Reviewed:
    """What a review came to."""

    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    left: int = 0


Asked = Callable[[Question], tuple[str, str]]
"""From a proposal to one of :data:`KEYS`, and for ``e`` the text in its place."""


def review(
    folder: str | os.PathLike[str],
    ask: Asked,
    by: str = "",
    forms: Sequence[str] | None = None,
    options: CatalogueOptions | None = None,
) -> Reviewed:
    """Ask about every proposal that waits, and write the forms again.

    Args:
        folder: of the catalogue.
        ask: answers for the person.
        by: who that is; empty takes the name of the user of the system.
        forms: to write afterwards; None is all.
        options: how the forms are written.

    Raises:
        OutputError: a decision cannot be noted; those before are.
        FormatError: there is no catalogue in the folder.
    """
    by = by or os.environ.get("USER") or os.environ.get("USERNAME") or UNKNOWN
    names = check_forms(forms)
    with CatalogueJournal(folder) as journal:
        start = len(journal.decisions)
        try:
            _review(journal, ask, by)
        finally:
            told = [decide(record, journal.decisions) for _, record in sorted(journal.records.items())]
            if len(journal.decisions) > start:
                write_forms(journal.folder, told, options or CatalogueOptions(), names)
        verdicts = [decision.verdict for decision in journal.decisions[start:]]
    left = sum(len(list(record.undecided())) for record in told)
    accepted, edited, rejected = (verdicts.count(name) for name in ("accepted", "edited", "rejected"))
    return Reviewed(accepted, edited, rejected, left)


def _review(journal: CatalogueJournal, ask: Asked, by: str) -> None:
    questions = list(_questions(journal))
    passed = all_of = ""
    for question in questions:
        file = question.record.file
        if file == passed:
            continue
        key, text = ("a", "") if file == all_of else ask(question)
        if key == "q":
            return
        if key == "n":
            passed = file
        elif key == "w":
            all_of = file
        if key in "aerw":
            journal.note_decision(_decision(question, "a" if key == "w" else key, text, by))


def _questions(journal: CatalogueJournal) -> Iterator[Question]:
    records = [decide(record, journal.decisions) for _, record in sorted(journal.records.items())]
    waiting = [(record, what, field) for record in records for what, field in record.undecided()]
    for number, (record, what, field) in enumerate(waiting, 1):
        yield Question(record, what, field, number, len(waiting))


def _decision(question: Question, key: str, text: str, by: str) -> Decision:
    was = question.field.text
    value = {"a": was, "e": text.strip() or was, "r": ""}[key]
    verdict = "rejected" if key == "r" else "accepted" if value == was else "edited"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Decision(question.record.file, question.what, verdict, was, value, by, now)  # type: ignore[arg-type]
