"""Cold start and memory of whole commands, each in a fresh process."""

import shutil
import statistics
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.processes import Spent, spend
from benchmarks.racing import Figures, Mark, calligram, python
from benchmarks.samples import Samples

PLAIN = "Pillow, plain script: one PNG to text"
BARE = "python, nothing"
SEE = "calligram see, one PNG"
PLAIN_CODE = """
import sys, numpy as np
from PIL import Image
grey = np.asarray(Image.open(sys.argv[1]).convert("L").resize((int(sys.argv[2]), int(sys.argv[3])), 4))
print("\\n".join("".join(line) for line in np.array(list(" ▓█"))[grey.astype(np.uint16) * 3 // 256]))
"""
MAGIC_CODE = """
import sys
from ascii_magic import AsciiArt
print(AsciiArt.from_image(sys.argv[1]).to_ascii(columns=int(sys.argv[2]), monochrome=True))
"""


def measure_starting(samples: Samples, rounds: int = 7, can_see: bool = True) -> Figures:
    """Return wall time and memory of whole commands.

    Args:
        samples: the pictures.
        rounds: how often each runs; they take turns, the first round is not counted.
        can_see: whether the built-in model's weights are there.
    """
    commands = _commands(samples, can_see)
    spent: dict[str, list[Spent]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            if isinstance(command, list):
                once = spend(command)
                spent[name] += [once] if turn else []
    rows: list[Figures] = [
        _row(name, spent[name]) if isinstance(command, list) else {"name": name, "absent": command}
        for name, command in commands.items()
    ]
    by_name = {row["name"]: row for row in rows}
    for row in rows:
        row["ratio"] = None if row["absent"] else row["wall_s"] / by_name[PLAIN]["wall_s"]
    return {
        "title": "Cold start and memory",
        "about": "Whole commands, each in a fresh process; median wall time, highest memory.",
        "rows": rows,
        "marks": [mark.to_figures() for mark in _marks(by_name)],
    }


def _marks(rows: dict[str, Figures]) -> list[Mark]:
    loaded, bare = rows["python, import calligram"]["wall_s"], rows[BARE]["wall_s"]
    return [
        Mark("import calligram, seconds beyond bare python", loaded - bare, 0.3),
        Mark("calligram see on one image, seconds", rows[SEE].get("wall_s"), 1.0),
    ]


def _commands(samples: Samples, can_see: bool) -> dict[str, list[str] | str]:
    """Return each command, or in its place the reason why it is absent."""
    small, large = samples.small[0], samples.jpeg
    return {
        BARE: python("pass"),
        "python, import calligram": python("import calligram"),
        "calligram --help": calligram("--help"),
        PLAIN: python(PLAIN_CODE, small, "20", "11"),
        "calligram encode, one PNG": calligram("encode", small, "--layout", "classic"),
        "jp2a, one PNG": _tool("jp2a", "--size=20x11", small),
        "chafa, one PNG": _tool("chafa", "--format=symbols", "--colors=none", "--size=20x11", small),
        "ascii-magic, one PNG": _package("ascii_magic", python(MAGIC_CODE, small, "20")),
        SEE: calligram("see", small, "--json") if can_see else "the built-in model's weights are not there",
        "python, import transformers": _package("transformers", python("import transformers")),
        "Pillow, plain script: large JPEG": python(PLAIN_CODE, large, "120", "45"),
        "calligram encode, large JPEG": calligram("encode", large, "--width", "120"),
        "jp2a, large JPEG": _tool("jp2a", "--size=120x45", large),
        "chafa, large JPEG": _tool("chafa", "--format=symbols", "--colors=none", "--size=120x45", large),
        "ascii-magic, large JPEG": _package("ascii_magic", python(MAGIC_CODE, large, "120")),
    }


def _tool(name: str, *arguments: str | Path) -> list[str] | str:
    return [name, *map(str, arguments)] if shutil.which(name) else f"the command {name} is not installed"


def _package(name: str, command: list[str]) -> list[str] | str:
    return command if find_spec(name) else f"the package {name} is not installed"


def _row(name: str, runs: Sequence[Spent]) -> Figures:
    return {
        "name": name,
        "absent": "",
        "wall_s": statistics.median(run.wall_s for run in runs),
        "cpu_s": statistics.median(run.cpu_s for run in runs),
        "memory_mib": max(run.memory_mib for run in runs),
        "memory_kind": runs[0].memory_kind,
    }
