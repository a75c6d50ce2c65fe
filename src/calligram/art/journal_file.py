"""A journal in a folder: one JSON object a line, each on disk as soon as it stands.

The first line says what the journal is of. A line that was being written when the work was killed is thrown
away; all before it count.
"""

import json
import os
from collections.abc import Callable, Mapping
from io import RawIOBase
from typing import Any

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


class JournalFile:
    """The lines of one journal, which no other process writes to meanwhile.

    Args:
        folder: where it lies; made where there is none.
        kind: what it is of, as ``"catalogue"``; its first line is ``{kind: 1}``.
        recall: told of each line behind the first, in order.

    Raises:
        OutputError: it cannot be read or written, or another process writes to it.
        FormatError: it is no such journal, or ``recall`` cannot read a line.
    """

    def __init__(
        self, folder: str | os.PathLike[str], kind: str, recall: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self.folder, self.kind = make_folder(folder), kind
        self.path = self.folder / NAME
        try:
            self._stream: RawIOBase = self.path.open("a+b", buffering=0)
        except OSError as fault:
            raise self._refusal(fault) from fault
        try:
            self._take()
            self._replay(recall)
        except BaseException:
            self._stream.close()
            raise

    def close(self) -> None:
        """Let go of the journal."""
        self._stream.close()

    def append(self, line: Mapping[str, Any]) -> None:
        """Add a line; it is on disk when this returns.

        Raises:
            OutputError: it cannot be written; the journal is as it was.
        """
        end = self._stream.seek(0, os.SEEK_END)
        try:
            rest = memoryview(json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
            while rest:
                rest = rest[self._stream.write(rest) or 0 :]
            os.fsync(self._stream.fileno())
        except OSError as fault:
            self._cut(end)
            raise self._refusal(fault) from fault

    def _take(self) -> None:
        if _lock is None:
            return
        try:
            _lock(self._stream.fileno())
        except BlockingIOError as fault:
            raise OutputError(
                f"the {self.kind} '{self.folder}' is being written by another process: wait for it, or name "
                "another folder"
            ) from fault
        except OSError:
            return  # some file systems have no locks

    def _replay(self, recall: Callable[[Mapping[str, Any]], None]) -> None:
        self._stream.seek(0)
        content = self._stream.readall()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            self._stream.truncate(len(whole))
        if not whole:
            self.append({self.kind: 1})
            return
        try:
            head, *lines = map(json.loads, whole.splitlines())
            if head != {self.kind: 1}:
                raise FormatError(f"it begins with {head!r:.60}")
            for line in lines:
                recall(line)
        except (ValueError, KeyError, TypeError, FormatError) as fault:
            raise FormatError(
                f"'{self.path}' is no journal of a {self.kind} ({fault}): delete it, or name another folder"
            ) from fault

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
