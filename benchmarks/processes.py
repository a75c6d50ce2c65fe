"""Runs a command and tells its wall time, processor time and the highest memory of its whole process tree."""

import os
import subprocess
import tempfile
import threading
import time
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
        memory_kind: ``"tree"``: the proportional set sizes of all its processes, added up, as Linux tells them
            (looked at every 20 ms, so that a short peak can be missed, but never less than the largest
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
    with tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(
            list(command), stdout=subprocess.DEVNULL, stderr=errors, env={**os.environ, **(environment or {})}
        )
        watcher = _Watcher(process.pid)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        watcher.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise subprocess.CalledProcessError(process.returncode, command, stderr=errors.read()[-2000:])
    largest = usage.ru_maxrss * 1024
    kind = "tree" if watcher.highest else "largest"
    return Spent(wall, usage.ru_utime + usage.ru_stime, max(largest, watcher.highest) / MIB, kind)


class _Watcher(threading.Thread):
    """Looks at the memory of a process tree until it is stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._done = pid, threading.Event()
        self.highest = 0

    def run(self) -> None:
        while not self._done.wait(POLL_S):
            self.highest = max(self.highest, sum(_memory(pid) for pid in find_tree(self._pid)))

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
