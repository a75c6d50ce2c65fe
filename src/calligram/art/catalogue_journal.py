"""The journal of a catalogue, in its folder: every record and every decision as soon as it stands.

It is a file of one JSON object a line. A line that was being written when the work was killed is thrown away;
all before it count. The last record of an image counts, and the decisions on it are played again over it.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from io import RawIOBase
from pathlib import Path
from typing import Any, Literal

from calligram.art.record import Record, record_from_json
from calligram.errors import FormatError, OutputError
from calligram.whole_files import make_folder

try:
    import fcntl
except ImportError:  # Windows has no such locks
    _lock: Callable[[int], None] | None = None
else:

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


NAME = "journal.jsonl"
HEAD = {"catalogue": 1}

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
        self.folder = make_folder(folder)
        self.path = self.folder / NAME
        self.records: dict[str, Record] = {}
        self.follows: dict[str, str] = {}
        self.decisions: list[Decision] = []
        try:
            self._stream: RawIOBase = self.path.open("a+b", buffering=0)
        except OSError as fault:
            raise self._refusal(fault) from fault
        try:
            self._take()
            self._replay()
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> "CatalogueJournal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the journal."""
        self._stream.close()

    def note_record(self, record: Record, follows: str) -> None:
        """Note a finished record; it is on disk when this returns.

        Raises:
            OutputError: it cannot be written; the journal is as it was.
        """
        self._append({"record": record.to_json(), "follows": follows})
        self.records[record.file], self.follows[record.file] = record, follows

    def note_decision(self, decision: Decision) -> None:
        """Note a decision; it is on disk when this returns.

        Raises:
            OutputError: it cannot be written; the journal is as it was.
        """
        self._append({"decision": asdict(decision)})
        self.decisions.append(decision)

    def _take(self) -> None:
        if _lock is None:
            return
        try:
            _lock(self._stream.fileno())
        except BlockingIOError as fault:
            raise OutputError(
                f"the catalogue '{self.folder}' is being written by another process: wait for it, or name "
                "another folder"
            ) from fault
        except OSError:
            return  # some file systems have no locks

    def _replay(self) -> None:
        self._stream.seek(0)
        content = self._stream.readall()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            self._stream.truncate(len(whole))
        if not whole:
            self._append(HEAD)
            return
        try:
            head, *lines = map(json.loads, whole.splitlines())
            if head != HEAD:
                raise FormatError(f"it begins with {head!r:.60}")
            for line in lines:
                self._recall(line)
        except (ValueError, KeyError, TypeError, FormatError) as fault:
            raise FormatError(
                f"'{self.path}' is no journal of a catalogue ({fault}): delete it, or name another folder"
            ) from fault

    def _recall(self, line: Mapping[str, Any]) -> None:
        if "decision" in line:
            self.decisions.append(Decision(**line["decision"]))
        else:
            record = record_from_json(line["record"])
            self.records[record.file], self.follows[record.file] = record, line["follows"]

    def _append(self, line: Mapping[str, Any]) -> None:
        end = self._stream.seek(0, os.SEEK_END)
        try:
            rest = memoryview(json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
            while rest:
                rest = rest[self._stream.write(rest) or 0 :]
            os.fsync(self._stream.fileno())
        except OSError as fault:
            self._cut(end)
            raise self._refusal(fault) from fault

    def _cut(self, end: int) -> None:
        """Take back a line of which only a part could be written."""
        try:
            os.truncate(self.path, end)
        except OSError:
            return  # the next run cuts the line off when it reads the journal

    def _refusal(self, fault: OSError) -> OutputError:
        return OutputError(
            f"the journal '{self.path}' cannot be written ({fault.strerror or fault}): make room, or name "
            "another folder; what was finished is kept"
        )


def journal_in(folder: str | os.PathLike[str]) -> bool:
    """Return whether a folder holds a catalogue's journal."""
    return (Path(folder) / NAME).is_file()
