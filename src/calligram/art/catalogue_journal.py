"""The journal of a catalogue, in its folder: every record and every decision as soon as it stands.

The last record of an image counts, and the decisions on it are played again over it.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from calligram.art.journal_file import NAME, JournalFile
from calligram.art.record import Record, record_from_json

__all__ = ["NAME", "CatalogueJournal", "Decision", "Verdict", "journal_in"]

Verdict = Literal["accepted", "edited", "rejected"]


@dataclass(frozen=True)
class Decision:
    """What a person decided on one proposal.

    Args:
        file: of the record.
        what: the field's name, or ``tag:`` and the word.
        verdict: what was decided.
        was: what was proposed.
        value: what stands now; empty where it was rejected.
        by: who decided.
        when: as ISO 8601.
    """

    file: str
    what: str
    verdict: Verdict
    was: str
    value: str
    by: str
    when: str


class CatalogueJournal:
    """The records and decisions of one catalogue.

    Args:
        folder: of the catalogue; made where there is none.

    Raises:
        OutputError: it cannot be read or written, or another process writes to it.
        FormatError: its journal is none.

    Attributes:
        records: by file, as they were made, without decisions.
        follows: by file, what the record follows from.
        decisions: in their order.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.records: dict[str, Record] = {}
        self.follows: dict[str, str] = {}
        self.decisions: list[Decision] = []
        self._file = JournalFile(folder, "catalogue", self._recall)
        self.folder, self.path = self._file.folder, self._file.path

    def __enter__(self) -> "CatalogueJournal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the journal."""
        self._file.close()

    def note_record(self, record: Record, follows: str) -> None:
        """Note a finished record; it is on disk when this returns.

        Raises:
            OutputError: it cannot be written; the journal is as it was.
        """
        self._file.append({"record": record.to_json(), "follows": follows})
        self.records[record.file], self.follows[record.file] = record, follows

    def note_decision(self, decision: Decision) -> None:
        """Note a decision; it is on disk when this returns.

        Raises:
            OutputError: it cannot be written; the journal is as it was.
        """
        self._file.append({"decision": asdict(decision)})
        self.decisions.append(decision)

    def _recall(self, line: Mapping[str, Any]) -> None:
        if "decision" in line:
            self.decisions.append(Decision(**line["decision"]))
        else:
            record = record_from_json(line["record"])
            self.records[record.file], self.follows[record.file] = record, line["follows"]


def journal_in(folder: str | os.PathLike[str]) -> bool:
    """Return whether a folder holds a catalogue's journal."""
    return (Path(folder) / NAME).is_file()
