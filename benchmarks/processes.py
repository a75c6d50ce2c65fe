"""Runs a command and tells its wall time, processor time and the highest memory of its whole process tree."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

POLL_S = 0.02
MIB = 1 << 20


@dataclass(frozen=True)
class Spent:
    """What a command took.

    Args:
        wall_s: from start to end.
        cpu_s: processor time of the process and its children.
        memory_mib: the highest memory in MiB.
        memory_kind: ``"tree"``: the proportional set sizes of all its processes, added up, as Linux tells
            them (looked at every 20 ms, so that a short peak can be missed, but never less than the largest
            process's own); ``"largest"``: that of its largest process alone.
    """

    wall_s: float
    cpu_s: float
    memory_mib: float
    memory_kind: str


def spend(command: Sequence[str], environment: dict[str, str] | None = None) -> Spent:
    """Run a command to its end and return what it took.

    Args:
        command: program and arguments; its output is thrown away.
        environment: variables beside those of this process.

    Raises:
        subprocess.CalledProcessError: it failed; the message has the end of what it wrote to standard error.
    """
    with tempfile.TemporaryDirectory() as folder:
        report, errors = Path(folder) / "report.json", Path(folder) / "errors.txt"
        launcher = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py")), str(report)]
        with errors.open("wb") as stream:
            process = subprocess.Popen(
                [*launcher, *command],
                stdout=subprocess.DEVNULL,
                stderr=stream,
                env={**os.environ, **(environment or {})},
            )
            watcher = _Watcher(process.pid)
            watcher.start()
            failed = process.wait()
            watcher.stop()
        if failed:
            raise subprocess.CalledProcessError(failed, command, stderr=errors.read_bytes()[-2000:])
        took = json.loads(report.read_text(encoding="utf-8"))
    kind = "tree" if watcher.highest else "largest"
    highest = max(took["largest"], watcher.highest) / MIB
    return Spent(took["wall_s"], took["cpu_s"], highest, kind)


class _Watcher(threading.Thread):
    """Looks at the memory of all that descends from a process until it is stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._done = pid, threading.Event()
        self.highest = 0

    def run(self) -> None:
        while not self._done.wait(POLL_S):
            self.highest = max(self.highest, sum(map(_memory, find_tree(self._pid)[1:])))

    def stop(self) -> None:
        """Stop looking."""
        self._done.set()
        self.join()


def find_tree(pid: int) -> list[int]:
    """Return a process and all that descend from it, as Linux lists them; others give the process alone."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
