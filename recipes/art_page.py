"""Writes docs/art.md: what the commands for work on art print, each run anew in an empty folder.

Usage: python recipes/art_page.py [PAGE]
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from calligram.whole_files import write_whole

ROOT = Path(__file__).parent.parent
WIDTH = 92
INTRO = """# Work on art, by example

Every block below is what the command above it printed, offline, with the writer that comes along. The image
is `examples/landscape.png`, a picture of our own. `python recipes/art_page.py` makes this page again.
"""
PARTS = (
    (
        "Facts: what is measured, without any model",
        "More: [how to measure an image](how-to/facts.md).",
        ("calligram facts landscape.png",),
    ),
    (
        "Describe: several texts from an opening, or an image",
        "More: [how to describe](how-to/describe.md), [the writer](writer.md).",
        (
            'calligram describe "An abstract painting with" -n 3 --max-length 100 --top-k 50 --top-p 0.95 '
            "--temperature 0.7 --beams 5 --seed 1 --model builtin:writer",
            "calligram describe landscape.png --seed 1",
        ),
    ),
    (
        "Ideas: prompts that differ",
        "More: [how to find ideas](how-to/ideas.md).",
        ("calligram ideas river --mood quiet -n 3 --seed 1",),
    ),
    (
        "Criticise: describe, analyse, interpret, judge",
        "More: [how to criticise](how-to/critique.md).",
        ("calligram critique landscape.png --voice studio --seed 1",),
    ),
    (
        "Catalogue: a record whose every field says how it is known",
        "More: [how to catalogue a collection](how-to/catalogue.md).",
        ("calligram catalogue landscape.png -o records", "head -n 36 records/catalogue.jsonld"),
    ),
    (
        "Judge: never one score",
        "More: [judging, and its limits](judging.md).",
        ("calligram judge landscape.png",),
    ),
    (
        "Assist: one piece of work in one file",
        "More: [how to keep a piece of work](how-to/assist.md).",
        (
            'calligram assist new harbour --brief "A quiet harbour at dusk, wide and dark"',
            "calligram assist draft harbour landscape.png",
            "calligram assist next harbour",
        ),
    ),
)


def printed(command: str, folder: Path) -> str:
    """Return what a command prints in a folder, on both streams.

    Args:
        command: as a person types it.
        folder: where it runs.
    """
    words = shlex.split(command)
    if words[0] == "calligram":
        start = "import sys; from calligram.cli.main import main; main()"
        words = [sys.executable, "-c", start, *words[1:]]
    set_here = {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "XDG_CONFIG_HOME": str(folder), "USER": "you"}
    done = subprocess.run(
        words,
        cwd=folder,
        env=os.environ | set_here,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stdout}")
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").split("\n"))


def main() -> None:
    """Run everything and write the page."""
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "art.md"
    told = [INTRO]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        shutil.copy(ROOT / "examples" / "landscape.png", folder)
        for title, more, commands in PARTS:
            told.append(f"## {title}\n")
            told += [f"```console\n$ {command}\n{printed(command, folder)}\n```\n" for command in commands]
            told.append(f"{more}\n")
    write_whole(page, "\n".join(told).encode())


if __name__ == "__main__":
    main()
