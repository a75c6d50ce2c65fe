"""Runs one command and writes what it took as JSON: ``python launch.py REPORT PROGRAM ARGUMENT…``.

A small process of its own stands between the benchmarks and what they measure, because Linux counts the
memory of the process that starts a program into that program's highest memory. What is smaller than this
launcher (about 10 MiB) therefore shows as large as it.
"""

import json
import os
import sys
import time


def launch(report: str, command: list[str]) -> int:
    """Run a command, write ``wall_s``, ``cpu_s``, ``largest`` (bytes) to a file, return its exit code."""
    begun = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(pid, 0)
    took = {
        "wall_s": time.perf_counter() - begun,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "largest": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }
    with open(report, "w", encoding="utf-8") as file:  # noqa: PTH123 (pathlib would add to the memory)
        json.dump(took, file)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(launch(sys.argv[1], sys.argv[2:]))
